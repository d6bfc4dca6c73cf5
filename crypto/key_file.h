// SPDX-License-Identifier: Apache-2.0
// Keys that come from outside: a key-encryption key in a file, and a
// passphrase.
//
// A key file holds 32 bytes, either as they are or as 64 hexadecimal digits
// with or without one line end, and a byte order mark, as editors write them;
// we write digits and a newline. Nobody
// but the account that runs the program may have access to it (mode 0400 or
// 0600), and it must belong to that account or to root. An access list that
// names only that account, which is how systemd hands over a credential, is
// accepted as well.

#ifndef COMMONWAGE_CRYPTO_KEY_FILE_H_
#define COMMONWAGE_CRYPTO_KEY_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "base/file/named_file.h"
#include "base/fixed_bytes.h"
#include "base/random_source.h"
#include "crypto/secret.h"

namespace commonwage::crypto {

// Makes a key file of mode 0400 with a new key, whole or not at all, and syncs
// it to disk; where `path` is a link to nothing, at the end of the link. Draws
// 32 bytes.
//
// Fails as CreateFile of base/file/kept_file.h does.
absl::Status CreateKeyFile(const std::string& path, RandomSource& random);

// Returns the key in the file at `path`.
//
// Fails as InputFile does, FILE_TOO_OPEN and FILE_OF_ANOTHER among it; with
// INVALID_ARGUMENT (KEY_FILE_MALFORMED) if it is not of the form above.
absl::StatusOr<Secret<32>> LoadKeyFile(const std::string& path);

// Returns the content of the file at `path` without one line end and a byte
// order mark. The same rules of access apply as for a key file.
//
// Fails as LoadKeyFile, and with INVALID_ARGUMENT (PASSPHRASE_UNUSABLE) if it
// is empty or longer than 1,024 bytes.
absl::StatusOr<SecretBytes> LoadPassphraseFile(const std::string& path);

// Returns the content of a file of something secret that needs no such access,
// such as a code that came by letter.
//
// Fails as ReadFile of base/file/input_file.h does.
absl::StatusOr<SecretBytes> LoadSecretFile(const NamedFile& file,
                                           size_t max_size);

// Public, random, stored beside what the passphrase opens.
using PassphraseSalt = FixedBytes<16, struct PassphraseSaltTag>;

// Returns a new salt. Draws 16 bytes.
PassphraseSalt DrawPassphraseSalt(RandomSource& random);

// What a guess at a passphrase costs. Only tests choose anything else.
struct PassphraseCost {
  uint64_t passes = 3;                       // >= 1.
  size_t memory_bytes = size_t{256} << 20U;  // >= 8192.
};

// Returns how many characters `passphrase` has, whichever way they are spelled.
size_t PassphraseLength(const SecretBytes& passphrase);

// Returns the key of `passphrase` (Argon2id, RFC 9106): the same one for the
// same salt and cost, whichever way its characters are spelled
// (text/composed_text.h). Takes about half a second and `cost.memory_bytes`.
//
// Fails with RESOURCE_EXHAUSTED (OUT_OF_MEMORY) if there is not that much.
absl::StatusOr<Secret<32>> KeyFromPassphrase(const SecretBytes& passphrase,
                                             const PassphraseSalt& salt,
                                             const PassphraseCost& cost = {});

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_KEY_FILE_H_
