// SPDX-License-Identifier: Apache-2.0
// Loaded into a program with LD_PRELOAD, puts an undo log under every database
// that the program opens, so that after a kill -9 RestoreUnsynced can throw
// away what a loss of power would have. Needs no change of the program: it adds
// a file layer to SQLite and makes it the default.
//
//   COMMONWAGE_DISCARD_DIR              where the logs go; not in the data
//                                       directory
//   COMMONWAGE_DISCARD_SYNCHRONOUS=OFF  the program's own PRAGMA synchronous =
//                                       FULL sets OFF instead: SQLite then asks
//                                       for no sync at all

#include <dlfcn.h>

#include <cstdlib>
#include <string>

#include "absl/strings/str_replace.h"
#include <sqlcipher/sqlite3.h>

#include "tests/storage/discard/undo_log.h"
#include "tests/storage/watched_vfs.h"

namespace commonwage::testing {
namespace {

bool IsSynchronousOff() {
  const char* wanted = std::getenv("COMMONWAGE_DISCARD_SYNCHRONOUS");
  return wanted != nullptr && std::string(wanted) == "OFF";
}

__attribute__((constructor)) void Install() {
  const char* directory = std::getenv("COMMONWAGE_DISCARD_DIR");
  if (directory == nullptr) {
    return;
  }
  // Both live as long as the process.
  auto* log = new UndoLog(directory);
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): on purpose.
  static_cast<void>(new WatchedVfs("discard-unsynced", *log,
                                   /*make_default=*/true,
                                   /*skip_syncs=*/false));
}

}  // namespace
}  // namespace commonwage::testing

// Stands before SQLite's own, for programs that this library is loaded into.
extern "C" __attribute__((visibility("default"))) int sqlite3_exec(
    sqlite3* connection, const char* sql,
    int (*callback)(void*, int, char**, char**), void* argument, char** error) {
  using Exec = decltype(&sqlite3_exec);
  static const auto real =
      reinterpret_cast<Exec>(dlsym(RTLD_NEXT, "sqlite3_exec"));
  std::string text = sql;
  if (commonwage::testing::IsSynchronousOff()) {
    text = absl::StrReplaceAll(
        text, {{"PRAGMA synchronous = FULL", "PRAGMA synchronous = OFF"}});
  }
  return real(connection, text.c_str(), callback, argument, error);
}
