// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/watched_vfs.h"

#include <cstddef>
#include <new>
#include <utility>

#include <sqlcipher/sqlite3.h>

#include "base/check.h"

namespace commonwage::testing {

struct WatchedVfs::State {
  std::string name;
  FileWatcher* watcher = nullptr;
  bool skip_syncs = false;
  sqlite3_vfs* real = nullptr;
  sqlite3_vfs vfs{};
};

namespace {

// SQLite allocates this, with the system's own file behind it.
struct WatchedFile {
  sqlite3_file base;
  FileWatcher* watcher;
  bool skip_syncs;
  std::string* path;

  [[nodiscard]] sqlite3_file* real() {
    return reinterpret_cast<sqlite3_file*>(this + 1);
  }
  [[nodiscard]] const sqlite3_io_methods* methods() { return real()->pMethods; }
};

WatchedFile* Watched(sqlite3_file* file) {
  return reinterpret_cast<WatchedFile*>(file);
}

int Close(sqlite3_file* file) {
  WatchedFile* watched = Watched(file);
  const int code = watched->methods()->xClose(watched->real());
  delete std::exchange(watched->path, nullptr);
  return code;
}

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xRead(watched->real(), out, size, offset);
}

int Write(sqlite3_file* file, const void* bytes, int size,
          sqlite3_int64 offset) {
  WatchedFile* watched = Watched(file);
  const int code = watched->watcher->OnWrite(
      *watched->path, offset,
      {static_cast<const char*>(bytes), static_cast<size_t>(size)});
  return code == SQLITE_OK
             ? watched->methods()->xWrite(watched->real(), bytes, size, offset)
             : code;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  WatchedFile* watched = Watched(file);
  const int code = watched->watcher->OnTruncate(*watched->path, size);
  return code == SQLITE_OK
             ? watched->methods()->xTruncate(watched->real(), size)
             : code;
}

int Sync(sqlite3_file* file, int flags) {
  WatchedFile* watched = Watched(file);
  // The system's sync comes first: until it returns nothing is safe.
  const int code = watched->skip_syncs
                       ? SQLITE_OK
                       : watched->methods()->xSync(watched->real(), flags);
  return code == SQLITE_OK ? watched->watcher->OnSync(*watched->path) : code;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xFileSize(watched->real(), size);
}

int Lock(sqlite3_file* file, int level) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xLock(watched->real(), level);
}

int Unlock(sqlite3_file* file, int level) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xUnlock(watched->real(), level);
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xCheckReservedLock(watched->real(), reserved);
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xFileControl(watched->real(), operation, argument);
}

int SectorSize(sqlite3_file* file) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xSectorSize(watched->real());
}

int DeviceCharacteristics(sqlite3_file* file) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xDeviceCharacteristics(watched->real());
}

// The index of the log in shared memory is no durable state: passed through.
int ShmMap(sqlite3_file* file, int region, int size, int extend,
           volatile void** out) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xShmMap(watched->real(), region, size, extend,
                                     out);
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xShmLock(watched->real(), offset, count, flags);
}

void ShmBarrier(sqlite3_file* file) {
  WatchedFile* watched = Watched(file);
  watched->methods()->xShmBarrier(watched->real());
}

int ShmUnmap(sqlite3_file* file, int remove) {
  WatchedFile* watched = Watched(file);
  return watched->methods()->xShmUnmap(watched->real(), remove);
}

// Version 2: without memory mapping, which would bypass Write.
constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

}  // namespace

WatchedVfs::WatchedVfs(std::string name, FileWatcher& watcher,
                       bool make_default, bool skip_syncs)
    : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->watcher = &watcher;
  state_->skip_syncs = skip_syncs;
  state_->real = sqlite3_vfs_find("unix");
  COMMONWAGE_CHECK(state_->real != nullptr);
  state_->vfs = *state_->real;
  state_->vfs.zName = state_->name.c_str();
  state_->vfs.pAppData = state_.get();
  state_->vfs.pNext = nullptr;
  state_->vfs.szOsFile += static_cast<int>(sizeof(WatchedFile));
  state_->vfs.xOpen = [](sqlite3_vfs* vfs, const char* path, sqlite3_file* file,
                         int flags, int* out_flags) {
    const auto* state = static_cast<const State*>(vfs->pAppData);
    auto* watched = new (file) WatchedFile{};
    const int code = state->real->xOpen(state->real, path, watched->real(),
                                        flags, out_flags);
    if (code == SQLITE_OK) {
      watched->base.pMethods = &kMethods;
      watched->watcher = state->watcher;
      watched->skip_syncs = state->skip_syncs;
      watched->path = new std::string(path == nullptr ? "" : path);
    }
    return code;
  };
  state_->vfs.xDelete = [](sqlite3_vfs* vfs, const char* path, int sync) {
    const auto* state = static_cast<const State*>(vfs->pAppData);
    const int code = state->watcher->OnDelete(path);
    return code == SQLITE_OK ? state->real->xDelete(state->real, path, sync)
                             : code;
  };
  COMMONWAGE_CHECK(sqlite3_vfs_register(&state_->vfs, make_default ? 1 : 0) ==
                   SQLITE_OK);
}

WatchedVfs::~WatchedVfs() { sqlite3_vfs_unregister(&state_->vfs); }

}  // namespace commonwage::testing
