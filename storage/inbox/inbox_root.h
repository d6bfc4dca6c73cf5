// SPDX-License-Identifier: Apache-2.0
// A root over an inbox: the sum of keyed digests of all its rows. It does not
// depend on their order, costs the same to keep however many rows there are,
// and cannot be matched by who lacks the key. SQLCipher authenticates each page
// but not that it is the newest one: an old page put back passes its own checks
// and fails this one.

#ifndef COMMONWAGE_STORAGE_INBOX_INBOX_ROOT_H_
#define COMMONWAGE_STORAGE_INBOX_INBOX_ROOT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "base/fixed_bytes.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "survey/frame.h"

namespace commonwage::storage {

// The sum, most significant byte of each of four lanes first.
using InboxRoot = FixedBytes<32, struct InboxRootTag>;

// A row as the root sees it. A submission that was withdrawn remains as a
// tombstone until the round closes.
struct InboxRow {
  Pseudonym pseudonym;
  uint64_t sequence = 0;
  crypto::Digest frame_digest;
  bool withdrawn = false;
};

// Adds and removes rows. Not thread-safe.
class InboxRootSum {
 public:
  // Starts with no rows. `row_key` is secret: derived from the inbox's own.
  explicit InboxRootSum(const crypto::Secret<32>& row_key);

  // Starts at `root` instead of what it was.
  void Set(const InboxRoot& root);

  void Add(const InboxRow& row);
  void Remove(const InboxRow& row);

  [[nodiscard]] InboxRoot root() const;

 private:
  static constexpr size_t kLanes = 4;

  [[nodiscard]] std::array<uint64_t, kLanes> LanesOf(const InboxRow& row) const;

  crypto::Secret<32> row_key_;
  std::array<uint64_t, kLanes> lanes_{};
};

}  // namespace commonwage::storage

#endif  // COMMONWAGE_STORAGE_INBOX_INBOX_ROOT_H_
