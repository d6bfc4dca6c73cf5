// SPDX-License-Identifier: Apache-2.0
#include "client/cli/command_line.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include <CLI/Error.hpp>

#include "base/check.h"
#include "base/error.h"
#include "base/file/standard_streams.h"
#include "crypto/shielded_memory.h"
#include "crypto/sodium_random.h"

#include <google/protobuf/util/json_util.h>

namespace commonwage::client::cli {
namespace {

constexpr char kProgram[] = "commonwage";
constexpr absl::string_view kWrongUse = "WRONG_USE";
constexpr int kExitFailed = 1;
constexpr int kExitWrongUse = 2;

// CLI11's own messages repeat what was typed, which may be a secret.
absl::Status StatusOf(const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return WrongUse(
        absl::StrCat("Something is missing: ", error.what(), ". See --help."));
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return WrongUse(
        "There is an argument that this command does not know. See --help.");
  }
  return WrongUse(
      "An option has a value that it does not take, too many of them, or none, "
      "or does not go with another one. See --help.");
}

int Report(const absl::Status& outcome) {
  if (outcome.ok()) {
    return 0;
  }
  std::cerr << kProgram << ": " << outcome.message() << '\n';
  for (const Fault& fault : FaultsOf(outcome)) {
    std::cerr << "  " << fault.place << (fault.place.empty() ? "" : ": ")
              << fault.sentence << '\n';
  }
  std::cerr << std::flush;
  return ReasonOf(outcome) == kWrongUse ? kExitWrongUse : kExitFailed;
}

}  // namespace

absl::Status WrongUse(absl::string_view sentence) {
  return Refusal(absl::StatusCode::kInvalidArgument, kWrongUse, sentence);
}

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  // Only Any fields and malformed UTF-8 fail; parsing refuses the latter.
  COMMONWAGE_CHECK(
      google::protobuf::util::MessageToJsonString(message, &text, options)
          .ok());
  std::cout << text << (text.ends_with('\n') ? "" : "\n");
}

std::ostream& ForPeople(bool json) { return json ? std::cerr : std::cout; }

CommandLine::CommandLine()
    : app_("Give your pay to an anonymous survey, and see what others earn.",
           kProgram) {
  app_.set_version_flag("--version", COMMONWAGE_VERSION);
  app_.require_subcommand(1);
  app_.footer(
      "Exit codes: 0 done, 1 failed, 2 used wrongly. With --json, standard "
      "output is one message of the API (proto/commonwage/v1) as JSON.");
}

CLI::App& CommandLine::Add(const std::string& name,
                           const std::string& description,
                           std::function<absl::Status()> action) {
  CLI::App& command = *app_.add_subcommand(name, description);
  command.callback([this, action = std::move(action)] { chosen_ = action; });
  return command;
}

CLI::App& CommandLine::Add(const std::string& group, const std::string& name,
                           const std::string& description,
                           std::function<absl::Status()> action) {
  CLI::App* outer = app_.add_subcommand(group, description);
  outer->require_subcommand(1);
  CLI::App& command = *outer->add_subcommand(name, description);
  command.callback([this, action = std::move(action)] { chosen_ = action; });
  return command;
}

int CommandLine::Run(int argc, const char* const* argv) {
  HoldStandardStreams();
  const crypto::ShieldedMemory shield;
  absl::Status outcome = crypto::InitCrypto();
  if (outcome.ok()) {
    try {
      app_.parse(argc, argv);
      if (forget_) {
        forget_();
      }
      outcome = chosen_();
    } catch (const CLI::Success& help) {
      app_.exit(help);
    } catch (const CLI::ParseError& error) {
      outcome = StatusOf(error);
    }
  }
  outcome.Update(FlushStandardOutput());
  return Report(outcome);
}

}  // namespace commonwage::client::cli
