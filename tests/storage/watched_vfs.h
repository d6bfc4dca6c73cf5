// SPDX-License-Identifier: Apache-2.0
// A SQLite file layer that shows every change to a watcher before it happens,
// and otherwise is the system's own. It lies under SQLCipher: what it sees is
// encrypted.

#ifndef COMMONWAGE_TESTS_STORAGE_WATCHED_VFS_H_
#define COMMONWAGE_TESTS_STORAGE_WATCHED_VFS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage::testing {

// What is about to happen to a file. Each call returns SQLITE_OK to let it
// happen, or the result code with which it fails without having any effect.
// Called from whatever threads use the database.
class FileWatcher {
 public:
  FileWatcher() = default;
  FileWatcher(const FileWatcher&) = delete;
  FileWatcher& operator=(const FileWatcher&) = delete;
  virtual ~FileWatcher() = default;

  virtual int OnWrite(const std::string& path, int64_t offset,
                      absl::string_view bytes) = 0;
  virtual int OnTruncate(const std::string& path, int64_t size) = 0;
  virtual int OnSync(const std::string& path) = 0;
  virtual int OnDelete(const std::string& path) = 0;
};

// Registers the layer as `name` while it lives. `watcher` must outlive it, and
// no database may be open through it at its end.
class WatchedVfs {
 public:
  // With `make_default` it serves every database that names no layer. With
  // `skip_syncs` the disk is spared: the watcher alone hears of syncs.
  WatchedVfs(std::string name, FileWatcher& watcher, bool make_default,
             bool skip_syncs);
  WatchedVfs(const WatchedVfs&) = delete;
  WatchedVfs& operator=(const WatchedVfs&) = delete;
  ~WatchedVfs();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STORAGE_WATCHED_VFS_H_
