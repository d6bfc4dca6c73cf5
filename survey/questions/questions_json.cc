// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/questions_json.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "survey/text/identifier.h"
#include "survey/text/shown_text.h"

namespace commonwage {
namespace {

constexpr std::array kPayPeriods = {PayPeriod::kHour, PayPeriod::kWeek,
                                    PayPeriod::kMonth, PayPeriod::kYear,
                                    PayPeriod::kTask};
constexpr std::array kMeasureKinds = {MeasureKind::kPay, MeasureKind::kRatio,
                                      MeasureKind::kChoice};
constexpr std::array kQuestionKinds = {QuestionKind::kMoney,
                                       QuestionKind::kNumber};
constexpr size_t kMaxHelpTexts = 64;
// Far more than allowed, so that what is in a list that is too long is there to
// be named elsewhere.
constexpr size_t kMaxItemsRead = 4'096;

// Returns which of `kinds` the field names; the first of them, after adding a
// fault, if it names none.
template <typename Kinds>
auto ReadName(const JsonValue& field, absl::string_view place,
              const Kinds& kinds, absl::string_view sentence,
              FaultList& faults) {
  for (const auto kind : kinds) {
    if (field.kind == JsonValue::Kind::kText && field.text == NameOf(kind)) {
      return kind;
    }
  }
  faults.Add(place, sentence);
  return kinds.front();
}

std::string ReadCurrency(FieldReader& fields, FaultList& faults) {
  const JsonValue* field = fields.Required("currency");
  if (field == nullptr) {
    return "";
  }
  const std::string& code = field->text;
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (code.size() != 3 || !is_upper(code[0]) || !is_upper(code[1]) ||
      !is_upper(code[2])) {
    faults.Add(fields.PlaceOf("currency"),
               "This must be the three capital letters of a currency, such as "
               "\"EUR\".");
    return "";
  }
  return code;
}

// Reads a decimal number in double quotes.
std::optional<Decimal> ReadDecimal(const JsonValue& field,
                                   absl::string_view place, int max_decimals,
                                   FaultList& faults) {
  const std::optional<Decimal> number =
      field.kind == JsonValue::Kind::kText
          ? ParseDecimal(field.text, max_decimals)
          : std::nullopt;
  if (!number.has_value()) {
    faults.Add(place,
               absl::StrCat("This must be a number in double quotes, of at "
                            "most 15 digits, at most ",
                            max_decimals,
                            " of them behind a point, such as \"-0.3\"."));
  }
  return number;
}

// Reads an amount of `question`, in units of its last decimal.
std::optional<int64_t> ReadUnits(const JsonValue& field,
                                 absl::string_view place,
                                 const Question& question, FaultList& faults) {
  const std::optional<Decimal> number =
      ReadDecimal(field, place, question.decimals, faults);
  const std::optional<int64_t> units =
      number.has_value() ? UnitsOf(*number, question.decimals) : std::nullopt;
  if (number.has_value() && !units.has_value()) {
    faults.Add(place, "This number is too large.");
  }
  return units;
}

void ReadPlausible(FieldReader& fields, FaultList& faults, Question& question) {
  std::vector<int64_t> bounds;
  size_t items = 0;
  const bool listed = fields.OptionalItems(
      "plausible", 2, [&](const JsonValue& item, const std::string& place) {
        ++items;
        const auto units = ReadUnits(item, place, question, faults);
        if (units.has_value()) {
          bounds.push_back(*units);
        }
      });
  if (!listed || bounds.size() < items) {
    return;
  }
  if (items != 2 || bounds[0] > bounds[1]) {
    faults.Add(fields.PlaceOf("plausible"),
               "This must be two numbers, the smaller one first.");
    return;
  }
  question.plausible = PlausibleRange{bounds[0], bounds[1]};
}

void ReadHelp(FieldReader& fields, FaultList& faults, Question& question) {
  std::set<std::string> languages;
  fields.OptionalItems(
      "help", kMaxHelpTexts,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        HelpText help{reader.Text("language"), reader.Text("text")};
        if (!help.language.empty() && !IsLanguageTag(help.language)) {
          faults.Add(reader.PlaceOf("language"),
                     "This must be a language tag, such as \"en\" or "
                     "\"pt-BR\".");
        } else if (!languages.insert(help.language).second) {
          faults.Add(reader.PlaceOf("language"),
                     "There is a help text in this language already.");
        }
        if (!help.text.empty() && !IsShownText(help.text, kMaxHelpBytes)) {
          faults.Add(
              reader.PlaceOf("text"),
              absl::StrCat("This must be one line of 1 to ", kMaxHelpBytes,
                           " bytes without characters that cannot be "
                           "seen."));
        }
        reader.RefuseOthers();
        question.help.push_back(std::move(help));
      });
}

void ReadEmptiness(FieldReader& fields, FaultList& faults, Question& question) {
  if (const JsonValue* field = fields.Optional("default"); field != nullptr) {
    question.default_units =
        ReadUnits(*field, fields.PlaceOf("default"), question, faults);
  }
  const JsonValue* optional = fields.Optional("optional");
  if (optional == nullptr) {
    return;
  }
  if (optional->kind != JsonValue::Kind::kBool) {
    faults.Add(fields.PlaceOf("optional"), "This must be true or false.");
    return;
  }
  question.optional = optional->number > 0;
  if (question.optional && fields.Optional("default") != nullptr) {
    faults.Add(fields.PlaceOf("optional"),
               "A question has a default or is optional; with a default it is "
               "never empty.");
  }
}

Question ReadQuestion(FieldReader& fields, FaultList& faults) {
  Question question;
  question.id = fields.Identifier("id");
  const JsonValue* kind = fields.Required("kind");
  if (kind != nullptr) {
    question.kind = ReadName(*kind, fields.PlaceOf("kind"), kQuestionKinds,
                             "This must be \"MONEY\" or \"NUMBER\".", faults);
  }
  if (question.kind == QuestionKind::kMoney) {
    question.currency = ReadCurrency(fields, faults);
  } else {
    question.unit = fields.Identifier("unit");
  }
  const std::optional<int64_t> decimals =
      fields.Whole("decimals", 0, kMaxQuestionDecimals);
  // With a faulty number of decimals, other numbers are not blamed for theirs.
  question.decimals = static_cast<int>(decimals.value_or(kMaxQuestionDecimals));
  ReadPlausible(fields, faults, question);
  ReadEmptiness(fields, faults, question);
  if (const JsonValue* from = fields.Optional("carried_from");
      from != nullptr) {
    question.carried_from =
        ReadIdentifier(*from, fields.PlaceOf("carried_from"), faults)
            .value_or("");
  }
  ReadHelp(fields, faults, question);
  fields.RefuseOthers();
  return question;
}

// Reads what a term names: exactly one of the three.
void ReadNamed(FieldReader& fields, const std::string& place, FaultList& faults,
               Term& term) {
  const JsonValue* question = fields.Optional("question");
  const JsonValue* measure = fields.Optional("measure");
  const JsonValue* constant = fields.Optional("constant");
  const int named = (question != nullptr ? 1 : 0) +
                    (measure != nullptr ? 1 : 0) +
                    (constant != nullptr ? 1 : 0);
  if (named != 1) {
    faults.Add(place,
               "A term names one thing: a \"question\", a \"measure\" or a "
               "\"constant\".");
  } else if (constant != nullptr) {
    term.names = Term::Names::kConstant;
    term.constant = ReadDecimal(*constant, fields.PlaceOf("constant"),
                                kMaxFactorDecimals, faults)
                        .value_or(Decimal());
  } else {
    term.names =
        question != nullptr ? Term::Names::kQuestion : Term::Names::kMeasure;
    term.id = fields.Identifier(question != nullptr ? "question" : "measure");
  }
}

std::vector<Term> ReadSum(FieldReader& measure, absl::string_view name,
                          FaultList& faults) {
  std::vector<Term> terms;
  measure.OptionalItems(
      name, kMaxItemsRead,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        Term term;
        ReadNamed(reader, place, faults, term);
        if (const JsonValue* times = reader.Optional("times");
            times != nullptr) {
          term.times = ReadDecimal(*times, reader.PlaceOf("times"),
                                   kMaxFactorDecimals, faults);
          if (term.times.has_value() && term.times->units == 0) {
            faults.Add(reader.PlaceOf("times"),
                       "A term that counts 0 times says nothing; leave it "
                       "out.");
          }
        }
        reader.RefuseOthers();
        terms.push_back(std::move(term));
      });
  if (terms.size() > kMaxTerms) {
    faults.Add(measure.PlaceOf(name),
               absl::StrCat("A sum has at most ", kMaxTerms, " terms."));
  }
  return terms;
}

void ReadFormula(FieldReader& fields, FaultList& faults,
                 MeasureFormula& measure) {
  const bool divides = fields.Optional("denominator") != nullptr;
  if (fields.Optional("numerator") == nullptr) {
    if (divides) {
      faults.Add(fields.PlaceOf("denominator"),
                 "There is no numerator that this could divide.");
    }
    return;
  }
  measure.formula = Formula{ReadSum(fields, "numerator", faults),
                            ReadSum(fields, "denominator", faults)};
}

}  // namespace

std::vector<Question> ReadQuestionList(FieldReader& plan, FaultList& faults) {
  std::vector<Question> questions;
  std::set<std::string> seen;
  plan.OptionalItems(
      "questions", kMaxItemsRead,
      [&](const JsonValue& item, const std::string& place) {
        FieldReader reader(item, place, faults);
        Question question = ReadQuestion(reader, faults);
        if (!question.id.empty() && !seen.insert(question.id).second) {
          faults.Add(reader.PlaceOf("id"), "Another question has this id.");
        }
        questions.push_back(std::move(question));
      });
  if (questions.size() > kMaxQuestions) {
    faults.Add(
        plan.PlaceOf("questions"),
        absl::StrCat("There are at most ", kMaxQuestions, " questions."));
  }
  return questions;
}

MeasureFormula ReadMeasureFormula(FieldReader& measure, FaultList& faults) {
  MeasureFormula read;
  read.id = measure.Identifier("id");
  if (const JsonValue* kind = measure.Optional("kind"); kind != nullptr) {
    read.kind =
        ReadName(*kind, measure.PlaceOf("kind"), kMeasureKinds,
                 "This must be \"PAY\", \"RATIO\" or \"CHOICE\".", faults);
  }
  if (read.kind == MeasureKind::kChoice) {
    read.options = measure.Identifiers("options", kMaxOptions);
    if (read.options.size() == 1) {
      faults.Add(measure.PlaceOf("options"),
                 "There must be at least two options to choose from.");
    }
    return read;
  }
  if (read.kind == MeasureKind::kPay) {
    read.currency = ReadCurrency(measure, faults);
    if (const JsonValue* period = measure.Required("period");
        period != nullptr) {
      read.period =
          ReadName(*period, measure.PlaceOf("period"), kPayPeriods,
                   "This must be \"HOUR\", \"WEEK\", \"MONTH\", \"YEAR\" or "
                   "\"TASK\".",
                   faults);
    }
  }
  read.minor_unit_exponent = static_cast<int>(
      measure.Whole("minor_unit_exponent", 0, kMaxFormulaExponent).value_or(0));
  ReadFormula(measure, faults, read);
  return read;
}

}  // namespace commonwage
