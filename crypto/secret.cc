// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.h"

#include <algorithm>

#include <sodium.h>

#include "base/check.h"

namespace commonwage::crypto {

void Wipe(std::string& bytes) {
  // All of the allocation, not only what is in use now.
  bytes.resize(bytes.capacity());
  sodium_memzero(bytes.data(), bytes.size());
  bytes.clear();
}

void WipeStack() {
  // Deeper than sealing an answer and writing it down goes.
  constexpr size_t kBytes = size_t{256} * 1024;
  sodium_stackzero(kBytes);
}

SecretBytes::SecretBytes(size_t size) : size_(size) {
  if (size == 0) {
    return;
  }
  // Guard pages and canaries exist only once the library is initialised.
  COMMONWAGE_CHECK(sodium_init() >= 0);
  data_ = static_cast<uint8_t*>(sodium_malloc(size));
  COMMONWAGE_CHECK(data_ != nullptr);
  sodium_memzero(data_, size);
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    Release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretBytes SecretBytes::From(absl::string_view bytes) {
  SecretBytes result(bytes.size());
  std::copy(bytes.begin(), bytes.end(), result.data_);
  return result;
}

SecretBytes SecretBytes::Clone() const { return From(ExposeText()); }

bool SecretBytes::Equals(const SecretBytes& other) const {
  return size_ == other.size_ &&
         (size_ == 0 || sodium_memcmp(data_, other.data_, size_) == 0);
}

void SecretBytes::Release() {
  // Wipes before it lets go.
  sodium_free(data_);
  data_ = nullptr;
  size_ = 0;
}

}  // namespace commonwage::crypto
