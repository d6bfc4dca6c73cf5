// SPDX-License-Identifier: Apache-2.0
// Loaded into a program with LD_PRELOAD, puts an undo log under every database
// that the program opens, so that after a kill -9 RestoreUnsynced can throw
// away what a loss of power would have. Needs no change of the program: it adds
// a file layer to SQLite and makes it the default.
//
//   COMMONWAGE_DISCARD_DIR      where the logs go; not in the data directory
//   COMMONWAGE_DISCARD_SYNCS=0  no sync counts, as with synchronous = OFF

#include <cstdlib>
#include <string>

#include "tests/storage/discard/undo_log.h"
#include "tests/storage/watched_vfs.h"

namespace commonwage::testing {
namespace {

__attribute__((constructor)) void Install() {
  const char* directory = std::getenv("COMMONWAGE_DISCARD_DIR");
  if (directory == nullptr) {
    return;
  }
  const char* syncs = std::getenv("COMMONWAGE_DISCARD_SYNCS");
  // Both live as long as the process.
  auto* log = new UndoLog(directory, /*believe_syncs=*/syncs == nullptr ||
                                         std::string(syncs) != "0");
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): on purpose.
  static_cast<void>(new WatchedVfs("discard-unsynced", *log,
                                   /*make_default=*/true,
                                   /*skip_syncs=*/false));
}

}  // namespace
}  // namespace commonwage::testing
