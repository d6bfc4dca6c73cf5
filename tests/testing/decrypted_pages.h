// SPDX-License-Identifier: Apache-2.0
// Everything in a database's files as its key opens it, page by page: rows,
// free pages, slack, and every frame of the write-ahead log. Not through
// SQLite, which would show live rows alone.

#ifndef COMMONWAGE_TESTS_TESTING_DECRYPTED_PAGES_H_
#define COMMONWAGE_TESTS_TESTING_DECRYPTED_PAGES_H_

#include <string>

#include "crypto/secret.h"

namespace commonwage::testing {

// Returns the plain pages of the SQLCipher 4 database at `path` and then those
// of its log, in the order of the files. Pages are AES-256-CBC; each ends with
// its IV and a MAC (SQLCipher's design document). Aborts if the first page is
// none of SQLite's, as it would under a wrong key.
std::string DecryptedPages(const std::string& path,
                           const crypto::Secret<32>& key);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_DECRYPTED_PAGES_H_
