// SPDX-License-Identifier: Apache-2.0
#include "tests/storage/discard/undo_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include <sqlcipher/sqlite3.h>

#include "base/bytes.h"

namespace commonwage::testing {
namespace {

struct Record {
  int64_t offset = 0;
  int64_t file_size = 0;
  absl::string_view bytes;
};

std::string LogName(const std::string& path) {
  return absl::StrReplaceAll(path, {{"/", "%"}});
}

std::string PathOf(const std::string& log_name) {
  return absl::StrReplaceAll(log_name, {{"%", "/"}});
}

// Reads whole records; the last one may have been cut short by the kill, and
// then what it was for was not written.
std::vector<Record> ReadRecords(absl::string_view log) {
  std::vector<Record> records;
  ByteReader reader(log);
  while (true) {
    const std::optional<uint64_t> offset = reader.ReadUint64();
    const std::optional<uint64_t> file_size = reader.ReadUint64();
    const std::optional<uint32_t> length = reader.ReadUint32();
    const std::optional<absl::string_view> bytes =
        length.has_value() ? reader.ReadBytes(*length) : std::nullopt;
    if (!bytes.has_value()) {
      return records;
    }
    records.push_back({static_cast<int64_t>(*offset),
                       static_cast<int64_t>(*file_size), *bytes});
  }
}

absl::Status Undo(const std::string& path, const std::vector<Record>& records) {
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) {
    return absl::OkStatus();  // It was deleted since.
  }
  bool undone = true;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    const auto size = static_cast<ssize_t>(record->bytes.size());
    undone = undone &&
             pwrite(file, record->bytes.data(), record->bytes.size(),
                    record->offset) == size &&
             ftruncate(file, record->file_size) == 0;
  }
  close(file);
  return undone ? absl::OkStatus() : absl::InternalError("undo failed");
}

}  // namespace

UndoLog::File& UndoLog::FileAt(const std::string& path) {
  File& file = files_[path];
  if (file.log < 0) {
    file.watched = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    file.log = open((directory_ / LogName(path)).c_str(),
                    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  return file;
}

int UndoLog::Note(const std::string& path, int64_t offset, int64_t length) {
  const MutexLock lock(mutex_);
  const File& file = FileAt(path);
  struct stat about {};
  if (file.log < 0 || fstat(file.watched, &about) != 0) {
    return SQLITE_IOERR;
  }
  const int64_t there = std::max<int64_t>(about.st_size - offset, 0);
  std::string bytes(static_cast<size_t>(std::min(length, there)), '\0');
  std::string record;
  AppendUint64(record, static_cast<uint64_t>(offset));
  AppendUint64(record, static_cast<uint64_t>(about.st_size));
  AppendUint32(record, static_cast<uint32_t>(bytes.size()));
  const bool was_read = pread(file.watched, bytes.data(), bytes.size(),
                              offset) == static_cast<ssize_t>(bytes.size());
  record += bytes;
  const bool noted =
      was_read && write(file.log, record.data(), record.size()) ==
                      static_cast<ssize_t>(record.size());
  return noted ? SQLITE_OK : SQLITE_IOERR;
}

int UndoLog::OnWrite(const std::string& path, int64_t offset,
                     absl::string_view bytes) {
  return Note(path, offset, static_cast<int64_t>(bytes.size()));
}

int UndoLog::OnTruncate(const std::string& path, int64_t size) {
  return Note(path, size, INT64_MAX);
}

int UndoLog::OnSync(const std::string& path) {
  const MutexLock lock(mutex_);
  const File& file = FileAt(path);
  return ftruncate(file.log, 0) == 0 ? SQLITE_OK : SQLITE_IOERR;
}

int UndoLog::OnDelete(const std::string& path) {
  const MutexLock lock(mutex_);
  std::error_code ignored;
  std::filesystem::remove(directory_ / LogName(path), ignored);
  // A file of this name that is made later is another one.
  files_.erase(path);
  return SQLITE_OK;
}

absl::Status RestoreUnsynced(const std::filesystem::path& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string log((std::istreambuf_iterator<char>(file)),
                          std::istreambuf_iterator<char>());
    const std::string path = PathOf(entry.path().filename().string());
    const absl::Status undone = Undo(path, ReadRecords(log));
    if (!undone.ok()) {
      return undone;
    }
    std::error_code ignored;
    std::filesystem::remove(
        absl::StrCat(absl::StripSuffix(path, "-wal"), "-shm"), ignored);
    std::filesystem::remove(entry.path(), ignored);
  }
  return absl::OkStatus();
}

}  // namespace commonwage::testing
