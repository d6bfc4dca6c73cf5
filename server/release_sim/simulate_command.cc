// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/simulate_command.h"

#include <cstdio>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <CLI/CLI.hpp>

#include "base/error.h"
#include "crypto/sodium_random.h"
#include "server/release_sim/simulation.h"

namespace commonwage::server::release_sim {
namespace {

absl::Status WriteToStandardOutput(absl::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0) {
    return Refusal(Reason::kFileUnusable, "The output could not be written.");
  }
  return absl::OkStatus();
}

}  // namespace

void AddSimulating(command::CommandLine& line) {
  auto request = std::make_shared<SimulationRequest>();
  CLI::App& app = line.app();
  app.require_subcommand(0);
  app.add_option("--plan", request->plan_path, "The plan, as JSON")->required();
  app.add_option("--records", request->records_path,
                 "CSV with a column for each dimension and measure")
      ->required();
  app.add_option("--runs", request->runs, "How many releases to draw")
      ->required()
      ->check(CLI::NonNegativeNumber);
  line.OnCommand(&app, [request] {
    crypto::SodiumRandom random;
    return Simulate(*request, random, WriteToStandardOutput);
  });
}

}  // namespace commonwage::server::release_sim
