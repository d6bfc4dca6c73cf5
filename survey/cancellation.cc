// SPDX-License-Identifier: Apache-2.0
#include "survey/cancellation.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"

namespace commonwage {
namespace {

// Four letters, the version, and zeros.
constexpr absl::string_view kHead("CWCX\x01\0\0\0", 8);
static_assert(kHead.size() + ManifestHash::kSize == kCancellationSize);

}  // namespace

std::string WriteCancellation(const Cancellation& cancellation) {
  return absl::StrCat(kHead, cancellation.manifest_hash.view());
}

absl::StatusOr<Cancellation> ParseCancellation(absl::string_view bytes) {
  if (bytes.size() != kCancellationSize ||
      bytes.substr(0, kHead.size()) != kHead) {
    return Refusal(Reason::kCancellationMalformed,
                   "This is not the cancellation of a round, or one of a later "
                   "version; ask the steward for it again.");
  }
  return Cancellation{*ManifestHash::From(bytes.substr(kHead.size()))};
}

}  // namespace commonwage
