// SPDX-License-Identifier: Apache-2.0
// One encrypted database file: a thin owner of an SQLCipher connection that
// always applies the same settings in the same order, and proves the key before
// anything is believed. Settings and why: docs/FORMATS.md, "Databases".

#ifndef COMMONWAGE_STORAGE_DATABASE_H_
#define COMMONWAGE_STORAGE_DATABASE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/secret.h"
#include "storage/file_place.h"

struct sqlite3;

namespace commonwage::storage {

class Statement;

// What a commit waits for.
enum class Synchronous {
  kFull,  // The disk has it: what products use.
  kOff,   // Nothing. Only for the tests that show what would be lost.
};

struct OpenOptions {
  // Behaviour.
  bool create = false;  // Make the file if it is missing or empty.
  absl::Duration busy_timeout = absl::Seconds(10);
  // Speed.
  int64_t cache_bytes = int64_t{4} << 20;
  // Tests.
  std::string vfs;  // A registered SQLite file layer; "" is the system's own.
  Synchronous synchronous = Synchronous::kFull;
};

// A connection to one database. Not thread-safe. Move-only; what was moved from
// must not be used.
class Database {
 public:
  // Opens the file at `path`, encrypted under the raw `key`. A new file has
  // mode 0600.
  //
  // Changes nothing if it fails: with FAILED_PRECONDITION (NOT_SQLCIPHER) if
  // the library linked does not encrypt, (DATABASE_NOT_ENCRYPTED) if the file
  // is a database in the clear, (DATABASE_KEY_WRONG) if the key is another one
  // or the file none of ours; NOT_FOUND (DATABASE_MISSING) if there is none and
  // `options.create` is off; otherwise as sqlite_status.h says.
  static absl::StatusOr<Database> Open(const std::filesystem::path& path,
                                       const crypto::Secret<32>& key,
                                       const OpenOptions& options = {});

  // Runs `sql`, one or more statements without parameters or results.
  // Fails as sqlite_status.h says.
  absl::Status Execute(absl::string_view sql);

  // Returns the first column of the first row of `sql`.
  // Fails as sqlite_status.h says, with NOT_FOUND if there is no row.
  absl::StatusOr<int64_t> QueryInt64(absl::string_view sql);

  // Compiles one statement, which must not outlive the database.
  // Fails as sqlite_status.h says.
  absl::StatusOr<Statement> Prepare(absl::string_view sql);

  // Whether a transaction is under way.
  [[nodiscard]] bool InTransaction() const;

  // Whether the files that are open are those at their paths: what is committed
  // into others is lost.
  // Fails with UNAVAILABLE (DATABASE_MOVED).
  [[nodiscard]] absl::Status CheckInPlace() const { return CheckKept(places_); }

  // The files as they were opened: the database and its log.
  [[nodiscard]] const std::vector<FilePlace>& places() const { return places_; }

  // CheckInPlace for who holds a copy of the places, in any thread.
  static absl::Status CheckKept(const std::vector<FilePlace>& places);

  // Returns a number that changes when another connection, of this or another
  // process, has committed. Cheap: reads no page.
  absl::StatusOr<int64_t> DataVersion();

  // Moves the write-ahead log into the file and empties it, so that no earlier
  // form of a page stays in it. Fails with UNAVAILABLE if a reader is in the
  // way for longer than `patience`; harmless then, and worth trying again.
  absl::Status CheckpointTruncate(absl::Duration patience = absl::Seconds(10));

 private:
  struct Closer {
    void operator()(sqlite3* connection) const;
  };

  Database(sqlite3* connection, absl::Duration busy_timeout)
      : connection_(connection), busy_timeout_(busy_timeout) {}

  absl::Status Configure(const crypto::Secret<32>& key,
                         const OpenOptions& options);
  [[nodiscard]] absl::Status StatusOf(int code) const;
  void SetPatience(absl::Duration patience);

  std::unique_ptr<sqlite3, Closer> connection_;
  absl::Duration busy_timeout_;
  std::vector<FilePlace> places_;
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_DATABASE_H_
