// SPDX-License-Identifier: Apache-2.0
// Amounts as people type them, each with its reading or its question.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "survey/questions/decimal.h"
#include "survey/questions/shown_amount.h"
#include "survey/questions/typed_amount.h"
#include "survey/text/json.h"
#include "tests/survey/questions/vectors.h"

namespace commonwage {
namespace {

using testing::Field;
using testing::ReadVectors;
using testing::TextOf;

AmountForm FormIn(const JsonValue& written) {
  AmountForm form;
  const std::string kind = TextOf(written, "kind");
  form.kind = kind == "MONEY"    ? AmountForm::Kind::kMoney
              : kind == "NUMBER" ? AmountForm::Kind::kNumber
                                 : AmountForm::Kind::kShare;
  form.currency = TextOf(written, "currency");
  form.unit = TextOf(written, "unit");
  form.decimals = static_cast<int>(Field(written, "decimals")->number);
  form.takes_negative = Field(written, "negative") != nullptr;
  if (const JsonValue* range = Field(written, "plausible")) {
    const auto bound = [&](size_t i) {
      return *UnitsOf(*ParseDecimal(range->items[i].text, 4), form.decimals);
    };
    form.plausible = PlausibleRange{bound(0), bound(1)};
  }
  return form;
}

std::vector<std::string> ReadingsOf(const TypedAmount& typed) {
  std::vector<std::string> readings;
  for (const Decimal& reading : typed.readings) {
    readings.push_back(WriteDecimal(reading));
  }
  return readings;
}

void ExpectRead(const JsonValue& vector, const AmountForm& form) {
  const TypedAmount typed = ReadTypedAmount(TextOf(vector, "typed"), form);
  SCOPED_TRACE(
      absl::StrCat(TextOf(vector, "typed"), " as ", TextOf(vector, "form")));
  ASSERT_EQ(NameOf(typed.outcome), TextOf(vector, "outcome"))
      << NameOf(typed.fault);
  if (typed.outcome == TypedOutcome::kAmount) {
    EXPECT_EQ(WriteDecimal(Shortened({typed.units, form.decimals})),
              TextOf(vector, "amount"));
    EXPECT_EQ(typed.plausible, Field(vector, "again") == nullptr);
    return;
  }
  std::vector<std::string> readings;
  for (const JsonValue& reading : Field(vector, "readings")->items) {
    readings.push_back(reading.text);
  }
  EXPECT_EQ(ReadingsOf(typed), readings);
  EXPECT_EQ(typed.mark, TextOf(vector, "mark"));
  if (typed.outcome == TypedOutcome::kRefused) {
    EXPECT_EQ(NameOf(typed.fault), TextOf(vector, "fault"));
  }
}

TEST(TypedAmountTest, IsReadAsTheSharedVectorsSay) {
  const JsonValue vectors = ReadVectors("amounts.json");
  const JsonValue& amounts = *Field(vectors, "amounts");
  for (const JsonValue& vector : amounts.items) {
    ExpectRead(vector, FormIn(*Field(*Field(vectors, "forms"),
                                     TextOf(vector, "form"))));
  }
  EXPECT_GE(amounts.items.size(), 60U);
}

TEST(TypedAmountTest, ReadsWhatTheDeviceItselfShows) {
  const JsonValue vectors = ReadVectors("amounts.json");
  for (const JsonValue& written : Field(vectors, "forms")->items) {
    const AmountForm form = FormIn(written);
    if (form.kind == AmountForm::Kind::kShare) {
      continue;
    }
    for (const int64_t units :
         {int64_t{0}, int64_t{1}, int64_t{99}, int64_t{1'234}, int64_t{12'345},
          int64_t{1'234'567}, int64_t{987'654'321'098}, kMaxDecimalUnits}) {
      for (const absl::string_view language : {"en", "de", "fr", "es"}) {
        const std::string shown =
            ShowAmount({units, form.decimals}, form, language);
        const TypedAmount typed = ReadTypedAmount(shown, form);
        // A thousandth of a unit looks like a group of three digits.
        if (typed.outcome == TypedOutcome::kAmount) {
          EXPECT_EQ(typed.units, units) << shown;
        } else {
          EXPECT_EQ(typed.outcome, TypedOutcome::kWhich) << shown;
          EXPECT_EQ(form.decimals, 3) << shown;
        }
      }
    }
  }
}

TEST(TypedAmountTest, TellsWhatItUnderstoodInEveryLanguage) {
  const JsonValue vectors = ReadVectors("amounts.json");
  for (const JsonValue& vector : Field(vectors, "amounts")->items) {
    const AmountForm form =
        FormIn(*Field(*Field(vectors, "forms"), TextOf(vector, "form")));
    const TypedAmount typed = ReadTypedAmount(TextOf(vector, "typed"), form);
    for (const absl::string_view language : {"en", "de", "fr", "es"}) {
      const std::string said = SayOfTyped(typed, form, "Paid", language);
      const bool nothing =
          typed.outcome == TypedOutcome::kAmount && typed.plausible;
      EXPECT_EQ(said.empty(), nothing) << said;
      EXPECT_TRUE(nothing || absl::StartsWith(said, "Paid")) << said;
      EXPECT_FALSE(absl::StrContains(said, "$0") ||
                   absl::StrContains(said, "  "))
          << said;
    }
  }
}

TEST(TypedAmountTest, SaysNothingOfWhatWasTypedBeyondTheDevice) {
  AmountForm form;
  form.currency = "EUR";
  form.decimals = 2;
  EXPECT_EQ(FaultSentence(form),
            "Please give an amount in EUR, such as 17.50.");
  form.kind = AmountForm::Kind::kNumber;
  form.unit = "hour";
  form.decimals = 1;
  EXPECT_EQ(FaultSentence(form),
            "Please give a number of hours, such as 17.5.");
}

TEST(TypedAmountTest, AsksOnceMoreInThePersonsLanguage) {
  AmountForm form;
  form.currency = "EUR";
  form.decimals = 2;
  form.plausible = PlausibleRange{2'000, 250'000};
  const auto said = [&](absl::string_view typed, absl::string_view language) {
    return SayOfTyped(ReadTypedAmount(typed, form), form, "Paid", language);
  };
  EXPECT_EQ(said("14.20", "en"),
            "Paid: 14.20 EUR? We ask once, because a slip is easy. If it is "
            "right, it counts: low pay is what this survey is for.");
  EXPECT_EQ(said("3100", "de-AT"),
            "Paid: 3100,00 EUR? Wir fragen einmal nach, weil man sich leicht "
            "vertippt. Wenn es stimmt, zählt es.");
  EXPECT_EQ(said("14.20 USD", "en"),
            "Paid: we read 14.20 USD. Please give an amount in EUR, such as "
            "17.50.");
  EXPECT_EQ(said("14 15", "xx"),
            "Paid: we read more than one number: 14 and 15. Please give one: "
            "an amount in EUR, such as 17.50.");
  form.plausible.reset();
  EXPECT_EQ(said("52.000", "en"),
            "Paid: we can read this in two ways. Is it 52\u202f000.00 EUR, or "
            "52.00 EUR?");
}

TEST(TypedAmountTest, TakesAnyBytesWithoutFailing) {
  const AmountForm form = {.currency = "EUR", .decimals = 2};
  std::string bytes;
  uint32_t state = 12;
  for (int round = 0; round < 4'000; ++round) {
    bytes.clear();
    const absl::string_view alphabet =
        "0123456789.,'- kKh:%$eur\xe2\x82\xac\xd9\xab\xff";
    for (uint32_t left = state % 24; left > 0; --left) {
      state = state * 1'664'525U + 1'013'904'223U;
      bytes.push_back(alphabet[(state >> 8U) % alphabet.size()]);
    }
    state = state * 1'664'525U + 1'013'904'223U;
    const TypedAmount typed = ReadTypedAmount(bytes, form);
    if (typed.outcome == TypedOutcome::kAmount) {
      EXPECT_LE(typed.units, kMaxDecimalUnits);
      EXPECT_GE(typed.units, 0);
    }
    EXPECT_LE(SayOfTyped(typed, form, "Paid", "en").size(), 5'000U);
  }
}

}  // namespace
}  // namespace commonwage
