// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "base/error.h"
#include "survey/answer.h"
#include "survey/plan/plan.h"

namespace commonwage {
namespace {

// A longer list is cut off: nobody reads it to the end.
constexpr size_t kChoicesShown = 40;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}

std::string Choices(const std::vector<std::string>& values) {
  const size_t shown = std::min(values.size(), kChoicesShown);
  return absl::StrCat(
      absl::StrJoin(absl::MakeConstSpan(values).first(shown), ", "),
      shown < values.size() ? ", and more" : "");
}

std::string PeriodInWords(PayPeriod period) {
  switch (period) {
    case PayPeriod::kHour:
      return "for an hour";
    case PayPeriod::kWeek:
      return "for a week";
    case PayPeriod::kMonth:
      return "for a month";
    case PayPeriod::kYear:
      return "for a year";
    case PayPeriod::kTask:
      return "for a task";
  }
  return "";
}

// Such as "an amount in EUR for an hour, in digits, such as 17.50".
std::string AmountInWords(const Measure& measure) {
  std::string example = "1234";
  if (measure.minor_unit_exponent > 0) {
    const std::string decimals = "5000";
    example = absl::StrCat(
        "17.",
        decimals.substr(0, static_cast<size_t>(measure.minor_unit_exponent)));
  }
  return absl::StrCat("an amount in ", measure.currency, " ",
                      PeriodInWords(measure.period), ", in digits, such as ",
                      example);
}

// What can be wrong with an amount; kNone is nothing.
enum class AmountFault { kNone, kSeparator, kDecimals, kTooLarge, kOther };

// Reads digits, and, after a point, at most `exponent` more, into minor units.
AmountFault ReadAmount(absl::string_view text, int exponent,
                       int64_t& minor_units) {
  const size_t point = std::min(text.find('.'), text.size());
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view decimals =
      point < text.size() ? text.substr(point + 1) : absl::string_view();
  if (absl::StrContains(text, ",")) {
    return AmountFault::kSeparator;
  }
  if (whole.empty() || !AllDigits(whole) || !AllDigits(decimals) ||
      (point < text.size() && decimals.empty())) {
    return AmountFault::kOther;
  }
  if (decimals.size() > static_cast<size_t>(exponent)) {
    return AmountFault::kDecimals;
  }
  std::string digits = absl::StrCat(whole, decimals);
  digits.append(static_cast<size_t>(exponent) - decimals.size(), '0');
  minor_units = 0;
  for (const char digit : digits) {
    minor_units = minor_units * 10 + (digit - '0');
    if (minor_units > kMaxMinorUnits) {
      return AmountFault::kTooLarge;
    }
  }
  return AmountFault::kNone;
}

std::string SentenceOf(AmountFault fault, const Measure& measure) {
  switch (fault) {
    case AmountFault::kSeparator:
      return "Please write the amount without commas, with a point before any "
             "decimals.";
    case AmountFault::kDecimals:
      return measure.minor_unit_exponent == 0
                 ? "Please give the amount without decimals."
                 : absl::StrCat("Please give the amount with at most ",
                                measure.minor_unit_exponent, " decimals.");
    case AmountFault::kTooLarge:
      return "This amount is too large to be a wage; please check it.";
    case AmountFault::kNone:
    case AmountFault::kOther:
      break;
  }
  return absl::StrCat("Please give ", AmountInWords(measure), ".");
}

// Collects an answer and what is wrong with it, field by field.
class AnswerMaker {
 public:
  explicit AnswerMaker(const std::map<std::string, std::string>& by_id)
      : by_id_(by_id) {}

  void TakeValue(const Dimension& dimension) {
    const std::optional<absl::string_view> entered = Entered(dimension.id);
    const std::optional<size_t> index =
        entered.has_value() ? ValueIndex(dimension, *entered) : std::nullopt;
    if (!index.has_value()) {
      faults_.push_back(
          {dimension.id, absl::StrCat("Please choose one of: ",
                                      Choices(dimension.values), ".")});
      return;
    }
    answer_.value_indexes.push_back(static_cast<uint16_t>(*index));
  }

  void TakeAmount(const Measure& measure) {
    int64_t minor_units = 0;
    const AmountFault fault =
        ReadAmount(Entered(measure.id).value_or(""),
                   measure.minor_unit_exponent, minor_units);
    if (fault != AmountFault::kNone) {
      faults_.push_back({measure.id, SentenceOf(fault, measure)});
      return;
    }
    answer_.minor_units.push_back(minor_units);
  }

  // What was entered under an ID that the round does not ask. The ID is not
  // repeated: something private may have been typed in its place.
  void RefuseOthers(const Plan& plan) {
    if (asked_ == by_id_.size()) {
      return;
    }
    std::vector<std::string> ids;
    for (const Dimension& dimension : plan.dimensions) {
      ids.push_back(dimension.id);
    }
    for (const Measure& measure : plan.measures) {
      ids.push_back(measure.id);
    }
    faults_.push_back(
        {"", absl::StrCat("Something was given that this round does not ask. "
                          "It asks: ",
                          absl::StrJoin(ids, ", "), ".")});
  }

  absl::StatusOr<Answer> Finish() && {
    if (!faults_.empty()) {
      return RefusalOfFields(
          Reason::kAnswerRefused,
          "The answer is not complete yet; nothing was sent.", faults_);
    }
    return std::move(answer_);
  }

 private:
  std::optional<absl::string_view> Entered(const std::string& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
      return std::nullopt;
    }
    ++asked_;
    return absl::StripAsciiWhitespace(found->second);
  }

  const std::map<std::string, std::string>& by_id_;
  size_t asked_ = 0;
  Answer answer_;
  std::vector<Fault> faults_;
};

}  // namespace

absl::StatusOr<Answer> MakeAnswer(
    const Plan& plan, const std::map<std::string, std::string>& by_id) {
  AnswerMaker maker(by_id);
  for (const Dimension& dimension : plan.dimensions) {
    maker.TakeValue(dimension);
  }
  for (const Measure& measure : plan.measures) {
    maker.TakeAmount(measure);
  }
  maker.RefuseOthers(plan);
  return std::move(maker).Finish();
}

}  // namespace commonwage
