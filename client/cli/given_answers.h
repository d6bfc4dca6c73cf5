// SPDX-License-Identifier: Apache-2.0
// How an answer comes into the program: question by question at a terminal,
// from a file, from standard input, or among the arguments, where every account
// of the machine can read them (`ps`) until they are overwritten.

#ifndef COMMONWAGE_CLIENT_CLI_GIVEN_ANSWERS_H_
#define COMMONWAGE_CLIENT_CLI_GIVEN_ANSWERS_H_

#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include <CLI/CLI.hpp>

#include "survey/plan/plan.h"

namespace commonwage::client::cli {

// What was entered, by question.
using GivenAnswers = std::map<std::string, std::string>;

// `--answer` and `--answers-file` of one command.
struct AnswerOptions {
  std::vector<std::string> answers;  // QUESTION=VALUE
  std::string file;                  // A path; "-" is standard input.
  CLI::Option* option = nullptr;     // Set by AddTo.

  void AddTo(CLI::App& command);

  // Overwrites the answers, here and where the parser of arguments keeps them.
  void Wipe();
};

// Overwrites what was entered.
void WipeAnswers(GivenAnswers& given);

// Answers, overwritten as they go out of scope.
struct AnswersOnce {
  explicit AnswersOnce(GivenAnswers its_given) : given(std::move(its_given)) {}
  AnswersOnce(const AnswersOnce&) = delete;
  AnswersOnce& operator=(const AnswersOnce&) = delete;
  ~AnswersOnce() { WipeAnswers(given); }

  GivenAnswers given;
};

// Copies a program's arguments, and puts x in the place of each character of
// those that are an answer, where other accounts would see them.
std::vector<std::string> TakeArguments(int argc, char** argv);

// Returns what the options give, from both together; empty if nothing. A file
// has a line QUESTION=VALUE per question; empty lines and those that begin with
// # are passed over.
//
// Fails with INVALID_ARGUMENT (WRONG_USE) if something is no QUESTION=VALUE or
// a question comes twice, and as crypto::LoadSecretFile
// does. Reveals: errors name a
// line by its number and never what is in it.
absl::StatusOr<GivenAnswers> ReadAnswers(const AnswerOptions& options,
                                         std::istream& standard_input);

// Asks for an answer to `plan`, question by question, and again where a value
// is not one that the question takes. A list's value may be given by its
// number.
//
// Fails with INVALID_ARGUMENT (WRONG_USE) if `in` ends first.
absl::StatusOr<GivenAnswers> AskForAnswers(const Plan& plan, std::istream& in,
                                           std::ostream& out);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_GIVEN_ANSWERS_H_
