// SPDX-License-Identifier: Apache-2.0
#include "survey/plan/plan_json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "base/error.h"
#include "base/typed_text.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_fields.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

constexpr size_t kMaxDecimalLength = 32;
constexpr double kMinThresholdDelta = 1e-300;
constexpr double kMaxThresholdDelta = 1e-3;

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// Removes the digits at the front and returns how many there were.
size_t ConsumeDigits(absl::string_view& text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) {
    ++count;
  }
  text.remove_prefix(count);
  return count;
}

bool Consume(absl::string_view& text, absl::string_view one_of) {
  if (text.empty() || !absl::StrContains(one_of, text.front())) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// Says whether `text` is digits, an optional fraction and an optional exponent.
bool IsDecimal(absl::string_view text) {
  if (text.size() > kMaxDecimalLength || ConsumeDigits(text) == 0) {
    return false;
  }
  if (Consume(text, ".") && ConsumeDigits(text) == 0) {
    return false;
  }
  if (Consume(text, "eE")) {
    Consume(text, "+-");
    if (ConsumeDigits(text) == 0) {
      return false;
    }
  }
  return text.empty();
}

// Says whether `text` has the shape of an RFC 3339 time, with up to nine digits
// of a second's fraction. absl::ParseTime alone takes much more.
bool HasShapeOfTime(absl::string_view text) {
  constexpr absl::string_view kShape = "0000-00-00T00:00:00";
  for (const char expected : kShape) {
    if (text.empty() ||
        (expected == '0' ? !IsDigit(text.front()) : text.front() != expected)) {
      return false;
    }
    text.remove_prefix(1);
  }
  if (Consume(text, ".")) {
    const size_t digits = ConsumeDigits(text);
    if (digits == 0 || digits > 9) {
      return false;
    }
  }
  if (text == "Z") {
    return true;
  }
  return text.size() == 6 && Consume(text, "+-") && ConsumeDigits(text) == 2 &&
         Consume(text, ":") && ConsumeDigits(text) == 2 && text.empty();
}

// Returns the field's time, or the infinite past after adding a fault.
absl::Time ReadTime(FieldReader& fields, absl::string_view name,
                    FaultList& faults) {
  const JsonValue* field = fields.Required(name);
  if (field == nullptr) {
    return absl::InfinitePast();
  }
  absl::Time time;
  std::string error;
  // Four digits must be enough for the year in UTC, too.
  const absl::Time first =
      absl::FromCivil(absl::CivilYear(1970), absl::UTCTimeZone());
  const absl::Time end =
      absl::FromCivil(absl::CivilYear(10000), absl::UTCTimeZone());
  if (field->kind != JsonValue::Kind::kText || !HasShapeOfTime(field->text) ||
      !absl::ParseTime(absl::RFC3339_full, field->text, &time, &error) ||
      time < first || time >= end) {
    faults.Add(fields.PlaceOf(name),
               "This must be a time as in RFC 3339, such as "
               "\"2031-05-01T00:00:00Z\".");
    return absl::InfinitePast();
  }
  return time;
}

void ReadTimes(FieldReader& fields, FaultList& faults, Plan& plan) {
  plan.opens_at = ReadTime(fields, "opens_at", faults);
  plan.closes_at = ReadTime(fields, "closes_at", faults);
  if (plan.closes_at != absl::InfinitePast() &&
      plan.closes_at <= plan.opens_at) {
    faults.Add(fields.PlaceOf("closes_at"),
               "The round must close after it opens.");
  }
}

std::string ReadThresholdDelta(FieldReader& fields, FaultList& faults) {
  const JsonValue* field = fields.Required("threshold_delta");
  if (field == nullptr) {
    return "";
  }
  double delta = 0;
  if (field->kind != JsonValue::Kind::kText || !IsDecimal(field->text) ||
      !absl::SimpleAtod(field->text, &delta) || delta < kMinThresholdDelta ||
      delta > kMaxThresholdDelta) {
    faults.Add(fields.PlaceOf("threshold_delta"),
               "This must be a decimal number in double quotes, greater than 0 "
               "and at most 0.001, such as \"1e-7\".");
    return "";
  }
  return field->text;
}

}  // namespace

Plan ReadPlan(const JsonValue& value, absl::string_view place,
              FaultList& faults) {
  FieldReader fields(value, place, faults);
  Plan plan;
  plan.survey = fields.Identifier("survey");
  plan.round = fields.Identifier("round");
  ReadTimes(fields, faults, plan);
  ReadQuestions(fields, faults, plan);
  plan.k = fields.Whole("k", kMinK, kMaxK).value_or(0);
  plan.threshold_delta = ReadThresholdDelta(fields, faults);
  plan.survey_cap_micro_rho =
      fields.Whole("survey_cap_micro_rho", 1, kMaxJsonWhole).value_or(0);
  ReadMarginals(fields, faults, plan);
  ReadLabels(fields, faults, plan);
  ReadAnchors(fields, faults, plan);
  ReadPopulation(fields, faults, plan);
  fields.RefuseOthers();
  return plan;
}

PlanReading ReadPlanText(absl::string_view json) {
  FaultList faults;
  Plan plan;
  absl::ConsumePrefix(&json, kByteOrderMark);
  if (json.size() > kMaxPlanBytes) {
    faults.Add("", "A plan is at most one megabyte long.");
  } else if (const JsonResult parsed = ParseJsonObject(json); parsed.ok) {
    plan = ReadPlan(parsed.value, "", faults);
  } else {
    faults.Add(parsed.line > 0 ? absl::StrCat("line ", parsed.line) : "",
               parsed.sentence);
  }
  return {.plan = std::move(plan), .faults = faults.faults()};
}

absl::Status PlanFaulty(const std::vector<Fault>& faults) {
  return RefusalOfFields(
      Reason::kPlanFaulty,
      faults.size() == 1
          ? "The plan has a fault; correct it and check again."
          : absl::StrCat("The plan has ", faults.size(),
                         " faults; correct them and check again."),
      faults);
}

absl::StatusOr<Plan> ParsePlan(absl::string_view json) {
  PlanReading reading = ReadPlanText(json);
  if (!reading.faults.empty()) {
    return PlanFaulty(reading.faults);
  }
  return std::move(reading.plan);
}

std::string WritePlan(const Plan& plan) {
  JsonWriter writer;
  WritePlanFields(plan, writer);
  return std::move(writer).Finish();
}

}  // namespace commonwage
