// SPDX-License-Identifier: Apache-2.0
#include "server/command/command_line.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"

#include "crypto/sodium_random.h"
#include "server/command/code_version.h"
#include "server/command/report.h"

namespace commonwage::server::command {
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
  return WrongUse(
      "An option has a value that it does not take, too many of them, or none, "
      "or does not go with another one. See --help.");
}

// While it lives, no core file of this process is written and no other process
// of the same account reads its memory: it may hold keys. Best effort.
class ShieldedMemory {
 public:
  ShieldedMemory() {
    const rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  }
  ShieldedMemory(const ShieldedMemory&) = delete;
  ShieldedMemory& operator=(const ShieldedMemory&) = delete;
  // The leak checker of sanitizer builds reads the memory after main.
  ~ShieldedMemory() { prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }
};

}  // namespace

CommandLine::CommandLine(absl::string_view program,
                         absl::string_view description)
    : program_(program), app_(std::string(description), program_) {
  app_.set_version_flag("--version", std::string(CodeVersion()));
  app_.require_subcommand(1);
}

void CommandLine::OnCommand(CLI::App* command,
                            std::function<absl::Status()> action) {
  command->callback([this, action = std::move(action)] { chosen_ = action; });
}

int CommandLine::Run(int argc, const char* const* argv) {
  const ShieldedMemory shield;
  absl::Status outcome = crypto::InitCrypto();
  if (outcome.ok()) {
    try {
      app_.parse(argc, argv);
      outcome = chosen_ ? chosen_() : WrongUse("See --help.");
    } catch (const CLI::Success& help_or_version) {
      return app_.exit(help_or_version);
    } catch (const CLI::ParseError& error) {
      outcome = StatusOf(error);
    }
  }
  std::cout << std::flush;
  if (!outcome.ok()) {
    std::cerr << FailureText(program_, outcome) << std::flush;
  }
  return ExitCodeOf(outcome);
}

}  // namespace commonwage::server::command
