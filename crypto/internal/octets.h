// SPDX-License-Identifier: Apache-2.0
// Internal to crypto: the two ways the world spells a byte.

#ifndef COMMONWAGE_CRYPTO_INTERNAL_OCTETS_H_
#define COMMONWAGE_CRYPTO_INTERNAL_OCTETS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace commonwage::crypto {

// The characters of `view` as the unsigned bytes that libraries take.
inline const uint8_t* Octets(absl::string_view view) {
  return reinterpret_cast<const uint8_t*>(view.data());
}
inline uint8_t* Octets(std::string& text) {
  return reinterpret_cast<uint8_t*>(text.data());
}

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_INTERNAL_OCTETS_H_
