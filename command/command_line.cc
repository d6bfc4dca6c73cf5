// SPDX-License-Identifier: Apache-2.0
#include "command/command_line.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "base/error.h"
#include "base/file/standard_streams.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "command/code_version.h"
#include "command/report.h"
#include "command/shielded_memory.h"
#include "crypto/sodium_random.h"

namespace commonwage::command {
namespace {

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
  if (dynamic_cast<const CLI::ConfigError*>(&error) != nullptr) {
    return WrongUse(
        "The configuration file has a line that this program does not "
        "understand, or an option that it does not know; see --help for the "
        "options.");
  }
  if (dynamic_cast<const CLI::FileError*>(&error) != nullptr) {
    return Refusal(Reason::kFileNotFound,
                   "The configuration file is missing, is no file or may not "
                   "be read by this account; check the path and the "
                   "permissions.");
  }
  return WrongUse(
      "An option has a value that it does not take, too many of them, or none, "
      "or does not go with another one. See --help.");
}

// Says whether `line` is empty, a comment or KEY = VALUE, its quotes closed.
bool IsConfigLine(absl::string_view line) {
  line = absl::StripAsciiWhitespace(line);
  if (line.empty() || line.front() == '#') {
    return true;
  }
  const size_t equals = line.find('=');
  if (equals == 0 || equals == absl::string_view::npos) {
    return false;
  }
  const absl::string_view value =
      absl::StripAsciiWhitespace(line.substr(equals + 1));
  if (value.empty()) {
    return false;
  }
  const bool quoted = value.front() == '"' || value.front() == '\'';
  return !quoted || value.find(value.front(), 1) != absl::string_view::npos;
}

// CLI11 makes the best of lines that are no TOML; here they are refused.
class StrictConfig : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    const std::string file(std::istreambuf_iterator<char>(input), {});
    absl::string_view text = file;
    absl::ConsumePrefix(&text, kByteOrderMark);
    const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
    if (!std::all_of(lines.begin(), lines.end(), IsConfigLine)) {
      throw CLI::ConfigError("a line is malformed");
    }
    std::istringstream checked{std::string(text)};
    return CLI::ConfigTOML::from_config(checked);
  }
};

}  // namespace

CommandLine::CommandLine(absl::string_view program,
                         absl::string_view description, Plans plans)
    : program_(program),
      plans_(plans),
      app_(std::string(description), program_) {
  app_.set_version_flag("--version", std::string(CodeVersion()));
  // Subcommands have it as well.
  app_.footer(ExitCodesText(plans));
  app_.require_subcommand(1);
}

void CommandLine::AddToFooter(absl::string_view sentence) {
  app_.footer(absl::StrCat(app_.get_footer(), " ", sentence));
}

void CommandLine::TakeConfigFile(const std::string& description) {
  app_.set_config("--config", "", description);
  app_.config_formatter(std::make_shared<StrictConfig>());
  app_.allow_config_extras(false);
}

CLI::App& CommandLine::Add(const std::string& name,
                           const std::string& description, Action action) {
  CLI::App* command = app_.add_subcommand(name, description);
  OnCommand(command, std::move(action));
  return *command;
}

CLI::App& CommandLine::Add(const std::string& group, const std::string& name,
                           const std::string& description, Action action) {
  CLI::App* outer = app_.add_subcommand(group, description);
  outer->require_subcommand(1);
  CLI::App* command = outer->add_subcommand(name, description);
  OnCommand(command, std::move(action));
  return *command;
}

void CommandLine::OnCommand(CLI::App* command, Action action) {
  command->callback([this, action = std::move(action)] { chosen_ = action; });
}

absl::Status CommandLine::ParseAndAct(int argc, const char* const* argv) {
  COMMONWAGE_RETURN_IF_ERROR(crypto::InitCrypto());
  try {
    app_.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    app_.exit(help_or_version);
    return absl::OkStatus();
  } catch (const CLI::ParseError& error) {
    return StatusOf(error);
  }
  if (forget_) {
    forget_();
  }
  return chosen_ ? chosen_() : WrongUse("See --help.");
}

int CommandLine::Run(int argc, const char* const* argv) {
  HoldStandardStreams();
  const ShieldedMemory shield;
  absl::Status outcome = ParseAndAct(argc, argv);
  outcome.Update(FlushStandardOutput());
  if (!outcome.ok()) {
    std::cerr << FailureText(program_, outcome) << std::flush;
  }
  return ExitCodeOf(outcome, plans_);
}

}  // namespace commonwage::command
