// SPDX-License-Identifier: Apache-2.0
#include "crypto/fingerprint.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

#include "base/bytes.h"
#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/internal/twelve_words.h"

namespace commonwage::crypto {
namespace {

constexpr absl::string_view kFingerprintLabel = "commonwage/v1/key-fingerprint";
constexpr size_t kHashBytes = 20;
constexpr size_t kGroupSize = 4;

std::string FingerprintHash(const VerifyKey& key) {
  const Digest digest = Sha256(kFingerprintLabel, key.view());
  return std::string(digest.view().substr(0, kHashBytes));
}

}  // namespace

std::string Fingerprint(const VerifyKey& key) {
  const std::string digits = absl::BytesToHexString(FingerprintHash(key));
  std::string text;
  for (size_t i = 0; i < digits.size(); i += kGroupSize) {
    absl::StrAppend(&text, i == 0 ? "" : "-", digits.substr(i, kGroupSize));
  }
  return text;
}

std::string FingerprintWords(const VerifyKey& key) {
  return TwelveWords(FingerprintHash(key));
}

std::string WordsOfFingerprint(absl::string_view digits) {
  const std::string hash = HexToBytes(absl::StrReplaceAll(digits, {{"-", ""}}));
  return hash.size() == kHashBytes ? TwelveWords(hash) : "";
}

absl::Status CheckFingerprint(const VerifyKey& key, absl::string_view typed) {
  const std::string lower = absl::AsciiStrToLower(typed);
  const std::vector<absl::string_view> groups = GroupsOf(lower);
  const std::string digits = absl::StrJoin(groups, "");
  const std::string hash = FingerprintHash(key);
  bool same = false;
  if (digits.size() == 2 * kHashBytes &&
      std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit)) {
    same = digits == absl::BytesToHexString(hash);
  } else if (const std::string words = CompleteTwelveWords(groups);
             !words.empty()) {
    same = words == TwelveWords(hash);
  } else {
    return Refusal(Reason::kFingerprintMalformed,
                   "A fingerprint is 40 hexadecimal digits or twelve words of "
                   "our list; please compare what was typed.");
  }
  if (!same) {
    return Refusal(Reason::kSurveyKeyDiffers,
                   "This is not the fingerprint of the survey's key: do not "
                   "trust this survey before you have asked its stewards.");
  }
  return absl::OkStatus();
}

}  // namespace commonwage::crypto
