// SPDX-License-Identifier: Apache-2.0
// SHA-256 with a domain label in front, so that a hash made for one purpose is
// never one for another. Labels are in survey/domain_labels.h.

#ifndef COMMONWAGE_CRYPTO_HASH_H_
#define COMMONWAGE_CRYPTO_HASH_H_

#include <memory>

#include "absl/strings/string_view.h"

#include "base/fixed_bytes.h"

namespace commonwage::crypto {

using Digest = FixedBytes<32, struct DigestTag>;

// Returns SHA-256(label || bytes).
Digest Sha256(absl::string_view label, absl::string_view bytes);

// SHA-256(label || everything added), for input that does not fit in memory.
// Not thread-safe.
class Sha256Stream {
 public:
  explicit Sha256Stream(absl::string_view label);
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  ~Sha256Stream();

  // Adds `bytes` at the end.
  void Update(absl::string_view bytes);

  // Returns the digest of what was added so far; more may be added afterwards.
  [[nodiscard]] Digest Finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace commonwage::crypto

#endif  // COMMONWAGE_CRYPTO_HASH_H_
