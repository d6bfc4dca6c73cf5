// SPDX-License-Identifier: Apache-2.0
#include "storage/database.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include <sqlcipher/sqlite3.h>

#include "base/error.h"
#include "base/file/file_failure.h"
#include "base/status_macros.h"
#include "storage/sqlite_status.h"
#include "storage/statement.h"

namespace commonwage::storage {
namespace {

// How every database begins that is not encrypted.
constexpr absl::string_view kPlainHeader = "SQLite format 3";

// SQLCipher takes these as the key itself. Plain bytes it would stretch, as it
// does with passphrases, for 150 ms at each opening.
crypto::SecretBytes RawKeyText(const crypto::Secret<32>& key) {
  constexpr absl::string_view kDigits = "0123456789abcdef";
  crypto::SecretBytes text(2 * crypto::Secret<32>::kSize + 3);
  const absl::Span<uint8_t> out = text.ExposeForWriting();
  size_t at = 0;
  out[at++] = 'x';
  out[at++] = '\'';
  for (const uint8_t byte : key.Expose()) {
    out[at++] = static_cast<uint8_t>(kDigits[byte >> 4U]);
    out[at++] = static_cast<uint8_t>(kDigits[byte & 0x0fU]);
  }
  out[at] = '\'';
  return text;
}

// Makes an empty file, so that SQLite does not make one that others may read.
// The log beside it takes its mode from it.
absl::Status MakePrivateFile(const std::filesystem::path& path) {
  const int descriptor =
      open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    close(descriptor);
    return absl::OkStatus();
  }
  return errno == EEXIST ? absl::OkStatus()
                         : FileFailure("database", "made", errno);
}

absl::Status CheckThere(const std::filesystem::path& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error && error != std::errc::no_such_file_or_directory &&
      error != std::errc::not_a_directory) {
    return FileFailure("database", "opened", error.value());
  }
  if (error || size == 0) {
    return Refusal(Reason::kDatabaseMissing,
                   "There is no database; initialise the directory first.");
  }
  return absl::OkStatus();
}

// Reads through SQLite's own handle. A descriptor of our own would, when it is
// closed, take away the locks that other connections of this process hold on
// the file (POSIX), and another process would then remove the log under them.
absl::Status CheckEncrypted(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  const int found = sqlite3_file_control(
      connection, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (found != SQLITE_OK || file->pMethods == nullptr) {
    return StatusOfSqlite(SQLITE_CANTOPEN, 0);
  }
  std::array<char, kPlainHeader.size()> head{};
  const int read = file->pMethods->xRead(file, head.data(),
                                         static_cast<int>(head.size()), 0);
  if (read != SQLITE_OK && read != SQLITE_IOERR_SHORT_READ) {
    return StatusOfSqlite(read, sqlite3_system_errno(connection));
  }
  if (absl::string_view(head.data(), head.size()) == kPlainHeader) {
    return Refusal(Reason::kDatabaseNotEncrypted,
                   "The database is not encrypted; Commonwage never writes "
                   "such a file and does not read one.");
  }
  return absl::OkStatus();
}

// SQLite does not keep why it could not open or write: here the system is asked
// again. Returns its error number, or 0 if it has nothing against it.
int WhyNotWritable(sqlite3* connection, int code) {
  constexpr int kPrimaryCode = 0xff;
  if ((code & kPrimaryCode) != SQLITE_CANTOPEN &&
      (code & kPrimaryCode) != SQLITE_READONLY) {
    return 0;
  }
  const char* name = sqlite3_db_filename(connection, "main");
  if (name == nullptr) {
    return 0;
  }
  const std::filesystem::path path = name;
  for (const std::filesystem::path& needed : {path, path.parent_path()}) {
    if (faccessat(AT_FDCWD, needed.c_str(), W_OK, AT_EACCESS) != 0 &&
        (errno == EACCES || errno == EROFS)) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

void Database::Closer::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

absl::Status Database::StatusOf(int code) const {
  const int why = WhyNotWritable(connection_.get(), code);
  return why != 0
             ? StatusOfSqlite(SQLITE_CANTOPEN, why)
             : StatusOfSqlite(code, sqlite3_system_errno(connection_.get()));
}

absl::StatusOr<Database> Database::Open(const std::filesystem::path& path,
                                        const crypto::Secret<32>& key,
                                        const OpenOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(options.create ? MakePrivateFile(path)
                                            : CheckThere(path));
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &connection,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      options.vfs.empty() ? nullptr : options.vfs.c_str());
  Database database(connection, options.busy_timeout);
  COMMONWAGE_RETURN_IF_ERROR(database.StatusOf(code));
  COMMONWAGE_RETURN_IF_ERROR(CheckEncrypted(connection));
  COMMONWAGE_RETURN_IF_ERROR(database.Configure(key, options));
  // The first read has made the log; it stays until the last connection closes.
  for (const char* const suffix : {"", "-wal"}) {
    if (auto place = FilePlace::Of(path.string() + suffix); place.has_value()) {
      database.places_.push_back(*std::move(place));
    }
  }
  return database;
}

absl::Status Database::CheckKept(const std::vector<FilePlace>& places) {
  for (const FilePlace& place : places) {
    if (!place.IsKept()) {
      return Refusal(Reason::kDatabaseMoved,
                     "The files of the database were deleted, moved or "
                     "replaced while it was open. Nothing more is written "
                     "there; put them back.");
    }
  }
  return absl::OkStatus();
}

absl::Status Database::Configure(const crypto::Secret<32>& key,
                                 const OpenOptions& options) {
  // Touches no file, and what follows may have to wait already.
  SetPatience(busy_timeout_);
  COMMONWAGE_ASSIGN_OR_RETURN(Statement version,
                              Prepare("PRAGMA cipher_version"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool encrypts, version.Step());
  if (!encrypts) {
    return Refusal(Reason::kNotSqlcipher,
                   "The SQLite library loaded does not encrypt; see to it that "
                   "SQLCipher is.");
  }
  version.Reset();
  const crypto::SecretBytes text = RawKeyText(key);
  COMMONWAGE_RETURN_IF_ERROR(StatusOf(sqlite3_key(
      connection_.get(), text.Expose().data(), static_cast<int>(text.size()))));
  COMMONWAGE_RETURN_IF_ERROR(
      Execute("PRAGMA cipher_page_size = 8192; PRAGMA cipher_log = off;"));
  COMMONWAGE_ASSIGN_OR_RETURN(Statement journal,
                              Prepare("PRAGMA journal_mode = WAL"));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool answered, journal.Step());
  if (!answered || journal.Text(0) != "wal") {
    return StatusOf(SQLITE_CANTOPEN);
  }
  journal.Reset();
  COMMONWAGE_RETURN_IF_ERROR(Execute(
      absl::StrCat("PRAGMA synchronous = ",
                   options.synchronous == Synchronous::kFull ? "FULL" : "OFF",
                   "; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;"
                   "PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;"
                   "PRAGMA mmap_size = 0; PRAGMA cache_size = -",
                   options.cache_bytes / 1024)));
  return QueryInt64("SELECT count(*) FROM sqlite_schema").status();
}

absl::Status Database::Execute(absl::string_view sql) {
  const std::string terminated(sql);
  return StatusOf(sqlite3_exec(connection_.get(), terminated.c_str(), nullptr,
                               nullptr, nullptr));
}

absl::StatusOr<int64_t> Database::QueryInt64(absl::string_view sql) {
  COMMONWAGE_ASSIGN_OR_RETURN(Statement statement, Prepare(sql));
  COMMONWAGE_ASSIGN_OR_RETURN(const bool row, statement.Step());
  if (!row) {
    return Refusal(Reason::kRowMissing, "The database holds no such row.");
  }
  return statement.Int64(0);
}

absl::StatusOr<Statement> Database::Prepare(absl::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(connection_.get(), sql.data(),
                         static_cast<int>(sql.size()), 0, &statement, nullptr);
  Statement owned(statement);
  COMMONWAGE_RETURN_IF_ERROR(StatusOf(code));
  return owned;
}

bool Database::InTransaction() const {
  return sqlite3_get_autocommit(connection_.get()) == 0;
}

absl::StatusOr<int64_t> Database::DataVersion() {
  return QueryInt64("PRAGMA data_version");
}

void Database::SetPatience(absl::Duration patience) {
  sqlite3_busy_timeout(connection_.get(),
                       static_cast<int>(absl::ToInt64Milliseconds(patience)));
}

absl::Status Database::CheckpointTruncate(absl::Duration patience) {
  SetPatience(patience);
  const int code = sqlite3_wal_checkpoint_v2(
      connection_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  const absl::Status status = StatusOf(code);
  SetPatience(busy_timeout_);
  return status;
}

}  // namespace commonwage::storage
