// SPDX-License-Identifier: Apache-2.0
#include "tests/testing/decrypted_pages.h"

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include <openssl/evp.h>

#include "base/check.h"
#include "crypto/secret.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

constexpr size_t kPageSize = 8192;
constexpr size_t kReserved = 80;  // IV of 16 bytes, HMAC-SHA512 of 64.
constexpr size_t kSaltSize = 16;  // In place of the first page's head.
constexpr size_t kLogHeader = 32;
constexpr size_t kLogFrameHeader = 24;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string DecryptPage(absl::string_view page, size_t skip,
                        const crypto::Secret<32>& key) {
  const absl::string_view sealed =
      page.substr(skip, kPageSize - kReserved - skip);
  const absl::string_view iv = page.substr(kPageSize - kReserved, 16);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  COMMONWAGE_CHECK(context != nullptr);
  std::string plain(sealed.size() + 16, '\0');
  int length = 0;
  COMMONWAGE_CHECK(EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), nullptr,
                                      key.Expose().data(), Bytes(iv)) == 1);
  EVP_CIPHER_CTX_set_padding(context, 0);
  COMMONWAGE_CHECK(
      EVP_DecryptUpdate(context, reinterpret_cast<unsigned char*>(plain.data()),
                        &length, Bytes(sealed),
                        static_cast<int>(sealed.size())) == 1);
  EVP_CIPHER_CTX_free(context);
  plain.resize(static_cast<size_t>(length));
  return plain;
}

}  // namespace

std::string DecryptedPages(const std::string& path,
                           const crypto::Secret<32>& key) {
  std::string plain;
  const std::string database = FileContents(path).value_or("");
  for (size_t at = 0; at + kPageSize <= database.size(); at += kPageSize) {
    plain += DecryptPage(absl::string_view(database).substr(at, kPageSize),
                         at == 0 ? kSaltSize : 0, key);
  }
  const std::string log = FileContents(path + "-wal").value_or("");
  for (size_t at = kLogHeader; at + kLogFrameHeader + kPageSize <= log.size();
       at += kLogFrameHeader + kPageSize) {
    const absl::string_view frame = absl::string_view(log).substr(at);
    // The frame of page 1 holds the salt too.
    const bool first = frame.substr(0, 4) == absl::string_view("\0\0\0\1", 4);
    plain += DecryptPage(frame.substr(kLogFrameHeader, kPageSize),
                         first ? kSaltSize : 0, key);
  }
  COMMONWAGE_CHECK(plain.find("CREATE TABLE") != std::string::npos);
  return plain;
}

}  // namespace commonwage::testing
