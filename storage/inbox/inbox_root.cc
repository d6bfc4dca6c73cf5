// SPDX-License-Identifier: Apache-2.0
#include "storage/inbox/inbox_root.h"

#include <optional>

#include "absl/strings/str_cat.h"

#include "base/bytes.h"

namespace commonwage::storage {
namespace {

constexpr absl::string_view kRowLabel = "commonwage/v1/inbox-row";

}  // namespace

InboxRootSum::InboxRootSum(const crypto::Secret<32>& row_key)
    : row_key_(row_key.Clone()) {}

void InboxRootSum::Set(const InboxRoot& root) {
  ByteReader reader(root.view());
  for (uint64_t& lane : lanes_) {
    lane = reader.ReadUint64().value_or(0);
  }
}

void InboxRootSum::Add(const InboxRow& row) {
  const std::array<uint64_t, kLanes> addends = LanesOf(row);
  for (size_t i = 0; i < kLanes; ++i) {
    lanes_[i] += addends[i];
  }
}

void InboxRootSum::Remove(const InboxRow& row) {
  const std::array<uint64_t, kLanes> addends = LanesOf(row);
  for (size_t i = 0; i < kLanes; ++i) {
    lanes_[i] -= addends[i];
  }
}

InboxRoot InboxRootSum::root() const {
  std::string bytes;
  for (const uint64_t lane : lanes_) {
    AppendUint64(bytes, lane);
  }
  return InboxRoot::From(bytes).value_or(InboxRoot());
}

std::array<uint64_t, InboxRootSum::kLanes> InboxRootSum::LanesOf(
    const InboxRow& row) const {
  // All fields have a fixed length, so a key in front makes this a keyed digest
  // that nothing can be appended to.
  std::string bytes = absl::StrCat(row_key_.ExposeText(), row.pseudonym.view());
  AppendUint64(bytes, row.sequence);
  absl::StrAppend(&bytes, row.frame_digest.view());
  bytes.push_back(row.withdrawn ? '\1' : '\0');
  const crypto::Digest digest = crypto::Sha256(kRowLabel, bytes);
  crypto::Wipe(bytes);
  ByteReader reader(digest.view());
  std::array<uint64_t, kLanes> lanes{};
  for (uint64_t& lane : lanes) {
    lane = reader.ReadUint64().value_or(0);
  }
  return lanes;
}

}  // namespace commonwage::storage
