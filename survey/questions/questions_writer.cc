// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "survey/questions/decimal.h"
#include "survey/questions/formula.h"
#include "survey/questions/question.h"
#include "survey/questions/questions_json.h"
#include "survey/text/json.h"

namespace commonwage {
namespace {

void WriteText(JsonWriter& writer, absl::string_view name,
               absl::string_view text) {
  writer.Name(name);
  writer.Text(text);
}

void WriteHelp(const Question& question, JsonWriter& writer) {
  if (question.help.empty()) {
    return;
  }
  writer.Name("help");
  writer.BeginList();
  for (const HelpText& help : question.help) {
    writer.BeginObject();
    WriteText(writer, "language", help.language);
    WriteText(writer, "text", help.text);
    writer.EndObject();
  }
  writer.EndList();
}

void WriteQuestion(const Question& question, JsonWriter& writer) {
  const auto written = [&](int64_t units) {
    return WriteDecimal({units, question.decimals});
  };
  WriteText(writer, "id", question.id);
  WriteText(writer, "kind", NameOf(question.kind));
  if (question.kind == QuestionKind::kMoney) {
    WriteText(writer, "currency", question.currency);
  } else {
    WriteText(writer, "unit", question.unit);
  }
  writer.Name("decimals");
  writer.Whole(question.decimals);
  if (question.plausible.has_value()) {
    writer.Name("plausible");
    writer.Texts(
        {written(question.plausible->low), written(question.plausible->high)});
  }
  if (question.default_units.has_value()) {
    WriteText(writer, "default", written(*question.default_units));
  }
  if (!question.carried_from.empty()) {
    WriteText(writer, "carried_from", question.carried_from);
  }
  if (question.optional) {
    writer.Name("optional");
    writer.Bool(true);
  }
  WriteHelp(question, writer);
}

void WriteSum(absl::string_view name, const std::vector<Term>& terms,
              JsonWriter& writer) {
  if (terms.empty()) {
    return;
  }
  writer.Name(name);
  writer.BeginList();
  for (const Term& term : terms) {
    writer.BeginObject();
    if (term.names == Term::Names::kConstant) {
      WriteText(writer, "constant", WriteDecimal(term.constant));
    } else {
      WriteText(writer,
                term.names == Term::Names::kQuestion ? "question" : "measure",
                term.id);
    }
    if (term.times.has_value()) {
      WriteText(writer, "times", WriteDecimal(*term.times));
    }
    writer.EndObject();
  }
  writer.EndList();
}

}  // namespace

void WriteQuestionList(absl::Span<const Question> questions,
                       JsonWriter& writer) {
  if (questions.empty()) {
    return;
  }
  writer.Name("questions");
  writer.BeginList();
  for (const Question& question : questions) {
    writer.BeginObject();
    WriteQuestion(question, writer);
    writer.EndObject();
  }
  writer.EndList();
}

void WriteMeasureFormula(const MeasureFormula& measure, JsonWriter& writer) {
  WriteText(writer, "id", measure.id);
  WriteText(writer, "kind", NameOf(measure.kind));
  if (measure.kind == MeasureKind::kChoice) {
    writer.Name("options");
    writer.Texts(measure.options);
    return;
  }
  if (measure.kind == MeasureKind::kPay) {
    WriteText(writer, "currency", measure.currency);
    WriteText(writer, "period", NameOf(measure.period));
  }
  writer.Name("minor_unit_exponent");
  writer.Whole(measure.minor_unit_exponent);
  if (measure.formula.has_value()) {
    WriteSum("numerator", measure.formula->numerator, writer);
    WriteSum("denominator", measure.formula->denominator, writer);
  }
}

}  // namespace commonwage
