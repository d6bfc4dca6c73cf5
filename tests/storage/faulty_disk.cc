// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/faulty_disk.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <sqlcipher/sqlite3.h>

namespace commonwage::testing {
namespace {

constexpr size_t kSectorSize = 512;

std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

void WriteAt(std::string& bytes, size_t offset, absl::string_view written) {
  bytes.resize(std::max(bytes.size(), offset + written.size()));
  std::copy(written.begin(), written.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

FaultyDisk::FaultyDisk()
    : vfs_(kVfs, *this, /*make_default=*/false, /*skip_syncs=*/true) {}

void FaultyDisk::BeFullAtWrite(int64_t n) {
  const MutexLock lock(mutex_);
  full_at_write_ = writes_ + n;
}

void FaultyDisk::LosePowerAtChange(int64_t n) {
  const MutexLock lock(mutex_);
  no_power_at_change_ = changes_ + n;
}

void FaultyDisk::Heal() {
  const MutexLock lock(mutex_);
  full_at_write_ = 0;
  no_power_at_change_ = 0;
}

int64_t FaultyDisk::changes() const {
  const MutexLock lock(mutex_);
  return changes_;
}

int64_t FaultyDisk::writes() const {
  const MutexLock lock(mutex_);
  return writes_;
}

int FaultyDisk::Count(bool is_write) {
  ++changes_;
  writes_ += is_write ? 1 : 0;
  if (no_power_at_change_ != 0 && changes_ >= no_power_at_change_) {
    return SQLITE_IOERR;
  }
  if (is_write && full_at_write_ != 0 && writes_ >= full_at_write_) {
    return SQLITE_FULL;
  }
  return SQLITE_OK;
}

FaultyDisk::File& FaultyDisk::FileAt(const std::string& path) {
  const auto [found, is_new] = files_.try_emplace(path);
  if (is_new) {
    found->second.synced = BytesOf(path);
  }
  return found->second;
}

int FaultyDisk::OnWrite(const std::string& path, int64_t offset,
                        absl::string_view bytes) {
  const MutexLock lock(mutex_);
  File& file = FileAt(path);
  const int code = Count(/*is_write=*/true);
  if (code == SQLITE_OK) {
    file.changes.push_back({offset, std::string(bytes), false});
  }
  return code;
}

int FaultyDisk::OnTruncate(const std::string& path, int64_t size) {
  const MutexLock lock(mutex_);
  File& file = FileAt(path);
  const int code = Count(/*is_write=*/false);
  if (code == SQLITE_OK) {
    file.changes.push_back({size, "", true});
  }
  return code;
}

int FaultyDisk::OnSync(const std::string& path) {
  const MutexLock lock(mutex_);
  File& file = FileAt(path);
  const int code = Count(/*is_write=*/false);
  if (code == SQLITE_OK) {
    file.synced = BytesOf(path);
    file.changes.clear();
  }
  return code;
}

int FaultyDisk::OnDelete(const std::string& path) {
  const MutexLock lock(mutex_);
  const int code = Count(/*is_write=*/false);
  if (code == SQLITE_OK) {
    files_.erase(path);
  }
  return code;
}

void FaultyDisk::Restart(Survives survives, SeededRandom& random) {
  {
    const MutexLock lock(mutex_);
    for (auto& [path, file] : files_) {
      std::string bytes = file.synced;
      for (const Change& change : file.changes) {
        if (survives == Survives::kNothing || random.Below(2) == 0) {
          continue;
        }
        const auto offset = static_cast<size_t>(change.offset);
        if (change.truncates) {
          bytes.resize(std::min(bytes.size(), offset));
          continue;
        }
        const size_t sectors = change.bytes.size() / kSectorSize + 1;
        WriteAt(bytes, offset,
                absl::string_view(change.bytes)
                    .substr(0, kSectorSize * (1 + random.Below(sectors))));
      }
      std::ofstream(path, std::ios::binary) << bytes;
      std::error_code ignored;
      std::filesystem::remove(path + "-shm", ignored);
    }
    files_.clear();
  }
  Heal();
}

}  // namespace commonwage::testing
