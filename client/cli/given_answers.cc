// SPDX-License-Identifier: Apache-2.0
#include "client/cli/given_answers.h"

#include <cstddef>
#include <istream>
#include <iterator>
#include <ostream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/cli/text/words.h"
#include "command/report.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"
#include "survey/answer.h"

namespace commonwage::client::cli {
namespace {

constexpr absl::string_view kAnswerOption = "--answer";
constexpr absl::string_view kStandardInput = "-";
// A thousand times what an answer needs.
constexpr size_t kMaxFileBytes = 64 * 1024;

// Adds QUESTION=VALUE. `where` is what to call it in an error.
absl::Status AddAnswer(absl::string_view text, absl::string_view where,
                       GivenAnswers& to) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return command::WrongUse(
        absl::StrCat(where, " has the form QUESTION=VALUE."));
  }
  const bool is_first =
      to.emplace(absl::StripAsciiWhitespace(text.substr(0, equals)),
                 absl::StripAsciiWhitespace(text.substr(equals + 1)))
          .second;
  return is_first ? absl::OkStatus()
                  : command::WrongUse(
                        "One question is answered twice. Answer it once.");
}

absl::StatusOr<crypto::SecretBytes> ContentOf(const std::string& path,
                                              std::istream& standard_input) {
  if (path != kStandardInput) {
    return crypto::LoadSecretFile({path, "answers file"}, kMaxFileBytes);
  }
  crypto::SecretBytes content(kMaxFileBytes + 1);
  standard_input.read(
      reinterpret_cast<char*>(content.ExposeForWriting().data()),
      static_cast<std::streamsize>(content.size()));
  const auto size = static_cast<size_t>(standard_input.gcount());
  if (size > kMaxFileBytes) {
    return command::WrongUse("Standard input has more than an answer can be.");
  }
  return crypto::SecretBytes::From(content.ExposeText().substr(0, size));
}

absl::Status AddLines(absl::string_view content, GivenAnswers& to) {
  absl::ConsumePrefix(&content, "\xEF\xBB\xBF");
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(content, '\n')) {
    ++number;
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (text.empty() || text.front() == '#') {
      continue;
    }
    COMMONWAGE_RETURN_IF_ERROR(
        AddAnswer(text, absl::StrCat("Line ", number, " of the answers"), to));
  }
  return absl::OkStatus();
}

// Why `value` is no answer to the question `id`; empty if it is one.
std::string FaultOf(const Plan& plan, const std::string& id,
                    const std::string& value) {
  for (const Fault& fault :
       FaultsOf(MakeAnswer(plan, {{id, value}}).status())) {
    if (fault.place == id) {
      return fault.sentence;
    }
  }
  return "";
}

absl::Status Ask(const Plan& plan, const std::string& id,
                 const std::vector<std::string>& choices, std::istream& in,
                 std::ostream& out, GivenAnswers& to) {
  std::string line;
  while (out << "> " << std::flush, std::getline(in, line)) {
    std::string value(absl::StripAsciiWhitespace(line));
    size_t number = 0;
    // A value of the list goes before its place, if it is a number itself.
    if (!FaultOf(plan, id, value).empty() && absl::SimpleAtoi(value, &number) &&
        number >= 1 && number <= choices.size()) {
      value = choices[number - 1];
    }
    const std::string fault = FaultOf(plan, id, value);
    if (fault.empty()) {
      to.emplace(id, std::move(value));
      return absl::OkStatus();
    }
    out << fault << '\n';
  }
  return command::WrongUse(
      "The questions were not all answered. Nothing was sent.");
}

}  // namespace

void AnswerOptions::AddTo(CLI::App& command) {
  command.add_option("--answers-file", file,
                     "A file with a line QUESTION=VALUE per question; - is "
                     "standard input. At a terminal, leave it out: you are "
                     "asked. Run `commonwage rounds --round` to see them.");
  option = command.add_option(
      std::string(kAnswerOption), answers,
      "QUESTION=VALUE, once per question. Other accounts of this machine can "
      "see it for a moment, and your shell keeps it in its history: for "
      "made-up answers only. Pay is in whole units, such as 17.50.");
  option->allow_extra_args(false);
}

void AnswerOptions::Wipe() {
  for (std::string& answer : answers) {
    crypto::Wipe(answer);
  }
  if (option == nullptr) {
    return;
  }
  for (const std::string& typed : option->results()) {
    // The parser lends what it keeps for reading only, and keeps it to the end.
    crypto::Wipe(const_cast<std::string&>(typed));
  }
}

void WipeAnswers(GivenAnswers& given) {
  for (auto& [question, value] : given) {
    crypto::Wipe(value);
  }
  crypto::WipeStack();
}

std::vector<std::string> TakeArguments(int argc, char** argv) {
  std::vector<std::string> arguments(argv, argv + argc);
  for (size_t i = 1; i < arguments.size(); ++i) {
    const bool has_answer =
        arguments[i - 1] == kAnswerOption ||
        arguments[i].starts_with(absl::StrCat(kAnswerOption, "="));
    for (size_t at = 0; has_answer && at < arguments[i].size(); ++at) {
      argv[i][at] = 'x';
    }
  }
  return arguments;
}

absl::StatusOr<GivenAnswers> ReadAnswers(const AnswerOptions& options,
                                         std::istream& standard_input) {
  GivenAnswers given;
  for (const std::string& answer : options.answers) {
    COMMONWAGE_RETURN_IF_ERROR(AddAnswer(answer, "An answer", given));
  }
  if (!options.file.empty()) {
    COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SecretBytes content,
                                ContentOf(options.file, standard_input));
    COMMONWAGE_RETURN_IF_ERROR(AddLines(content.ExposeText(), given));
    if (given.empty()) {
      return command::WrongUse("There is no answer in the answers file.");
    }
  }
  return given;
}

absl::StatusOr<GivenAnswers> AskForAnswers(const Plan& plan, std::istream& in,
                                           std::ostream& out) {
  GivenAnswers given;
  for (const Dimension& dimension : plan.dimensions) {
    out << '\n' << dimension.id << ": the number or the name of one\n";
    for (size_t i = 0; i < dimension.values.size(); ++i) {
      out << "  " << i + 1 << "  " << dimension.values[i] << '\n';
    }
    COMMONWAGE_RETURN_IF_ERROR(
        Ask(plan, dimension.id, dimension.values, in, out, given));
  }
  for (const Measure& measure : plan.measures) {
    out << '\n'
        << measure.id << ": " << PayInWords(measure) << ", such as 17.50\n";
    COMMONWAGE_RETURN_IF_ERROR(Ask(plan, measure.id, {}, in, out, given));
  }
  return given;
}

}  // namespace commonwage::client::cli
