// SPDX-License-Identifier: Apache-2.0
#include "survey/answer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/error.h"
#include "survey/plan/plan.h"

namespace commonwage {
namespace {

constexpr uint8_t kAnswerVersion = 1;

// Version, two counts and a zero.
constexpr size_t kCountsSize = 4;
static_assert(kCountsSize + 2 * kMaxDimensions + 8 * kMaxMeasures <=
              kAnswerSize);

absl::Status Malformed() {
  return Refusal(Reason::kAnswerMalformed,
                 "This is not an answer to the round's questions.");
}

}  // namespace

std::string EncodeAnswer(const Answer& answer) {
  COMMONWAGE_CHECK(answer.value_indexes.size() <= kMaxDimensions);
  COMMONWAGE_CHECK(answer.minor_units.size() <= kMaxMeasures);
  std::string bytes;
  bytes.reserve(kAnswerSize);
  bytes.push_back(static_cast<char>(kAnswerVersion));
  bytes.push_back(static_cast<char>(answer.value_indexes.size()));
  bytes.push_back(static_cast<char>(answer.minor_units.size()));
  bytes.push_back('\0');
  for (const uint16_t index : answer.value_indexes) {
    AppendUint16(bytes, index);
  }
  for (const int64_t amount : answer.minor_units) {
    COMMONWAGE_CHECK(amount >= 0);
    AppendUint64(bytes, static_cast<uint64_t>(amount));
  }
  bytes.resize(kAnswerSize, '\0');
  return bytes;
}

absl::StatusOr<Answer> DecodeAnswer(absl::string_view bytes, const Plan& plan) {
  if (bytes.size() != kAnswerSize) {
    return Malformed();
  }
  ByteReader reader(bytes);
  if (reader.ReadUint8() != kAnswerVersion ||
      reader.ReadUint8() != plan.dimensions.size() ||
      reader.ReadUint8() != plan.measures.size() || reader.ReadUint8() != 0) {
    return Malformed();
  }
  Answer answer;
  for (const Dimension& dimension : plan.dimensions) {
    const std::optional<uint16_t> index = reader.ReadUint16();
    if (!index.has_value() || *index >= dimension.values.size()) {
      return Malformed();
    }
    answer.value_indexes.push_back(*index);
  }
  for (size_t i = 0; i < plan.measures.size(); ++i) {
    const std::optional<uint64_t> amount = reader.ReadUint64();
    if (!amount.has_value() ||
        *amount > static_cast<uint64_t>(kMaxMinorUnits)) {
      return Malformed();
    }
    answer.minor_units.push_back(static_cast<int64_t>(*amount));
  }
  const absl::string_view padding = reader.rest();
  if (std::any_of(padding.begin(), padding.end(),
                  [](char c) { return c != '\0'; })) {
    return Malformed();
  }
  return answer;
}

}  // namespace commonwage
