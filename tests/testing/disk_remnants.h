// SPDX-License-Identifier: Apache-2.0
// What the blocks of a disk give away to who has every key that was kept apart:
// deleted files, earlier forms of files that were replaced, pages of databases
// and of their logs, in whatever block they lie. Knows the formats from
// docs/FORMATS.md alone, and uses none of the code that writes them.

#ifndef COMMONWAGE_TESTS_TESTING_DISK_REMNANTS_H_
#define COMMONWAGE_TESTS_TESTING_DISK_REMNANTS_H_

#include <set>
#include <string>
#include <vector>

#include "crypto/secret.h"

namespace commonwage::testing {

// What the finder of a disk has besides.
struct FindersKeys {
  // Every key-encryption key that there ever was.
  std::vector<crypto::Secret<32>> keks;
  // The keys of databases, of a passphrase or from a keyring.
  std::vector<crypto::Secret<32>> database_keys;
  // What keys are for: rounds' names, as the vault gives them.
  std::vector<std::string> uses;
};

// Everything on `device` that is readable: the device itself, what the keys
// open of each keyring that is anywhere on it, and all of it decrypted as pages
// of each database.
std::vector<std::string> ReadableForms(const std::string& device,
                                       const FindersKeys& keys);

// Every key, as 32 bytes, that was wrapped to be destroyable and opens with an
// entry that is anywhere on `device`.
std::set<std::string> OpenDestroyableKeys(const std::string& device,
                                          const std::vector<std::string>& forms,
                                          const FindersKeys& keys);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_DISK_REMNANTS_H_
