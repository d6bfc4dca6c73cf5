// SPDX-License-Identifier: Apache-2.0
// commonwage-release-sim: for developers and auditors, the code that publishes
// a round, run many times on a table of records.

#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <CLI/CLI.hpp>

#include "base/error.h"
#include "crypto/sodium_random.h"
#include "server/command/command_line.h"
#include "server/release_sim/simulation.h"

namespace {

absl::Status WriteToStandardOutput(absl::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
      std::fflush(stdout) != 0) {
    return commonwage::Refusal(absl::StatusCode::kResourceExhausted,
                               "OUTPUT_FAILED",
                               "The output could not be written.");
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  namespace release_sim = commonwage::server::release_sim;
  commonwage::server::command::CommandLine line(
      "commonwage-release-sim",
      "Releases the records of a table as a round of a plan would be, N times "
      "with independent noise, and prints each release as a line of JSON. Only "
      "for records that are made up or public.");
  CLI::App& app = line.app();
  app.require_subcommand(0);
  release_sim::SimulationRequest request;
  app.add_option("--plan", request.plan_path, "The plan, as JSON")->required();
  app.add_option("--records", request.records_path,
                 "CSV with a column for each dimension and measure")
      ->required();
  app.add_option("--runs", request.runs, "How many releases to draw")
      ->required()
      ->check(CLI::NonNegativeNumber);
  line.OnCommand(&app, [&request] {
    commonwage::crypto::SodiumRandom random;
    return release_sim::Simulate(request, random, WriteToStandardOutput);
  });
  return line.Run(argc, argv);
}
