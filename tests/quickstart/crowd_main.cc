// SPDX-License-Identifier: Apache-2.0
// The quickstart's people: enrols a made crowd if it is given codes, shuffles
// it, and submits an answer for each through the client library.

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include <CLI/CLI.hpp>

#include "base/status_macros.h"
#include "crypto/sodium_random.h"
#include "tests/testing/crowd.h"
#include "tests/testing/made_population.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {
namespace {

constexpr int kBarWidth = 30;

struct Options {
  std::string server;
  std::string round;
  std::string issuer;
  std::string codes_path;
  size_t people = 4000;
  uint64_t seed = 1;
};

// A bar on a terminal, one line at the end elsewhere.
CrowdProgress Bar(const std::string& label) {
  return [label, last = -1](size_t done, size_t total) mutable {
    const int percent = static_cast<int>(100 * done / total);
    const bool terminal = isatty(STDOUT_FILENO) != 0;
    if (percent == last || (!terminal && done != total)) {
      return;
    }
    last = percent;
    const int filled = percent * kBarWidth / 100;
    std::cout << (terminal ? "\r" : "") << label << " ["
              << std::string(static_cast<size_t>(filled), '#')
              << std::string(static_cast<size_t>(kBarWidth - filled), '.')
              << "] " << percent << " %" << (done == total ? "\n" : "")
              << std::flush;
  };
}

// Reads the last column of the list that `members export-codes` wrote.
std::vector<std::string> ReadCodes(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> codes;
  std::string line;
  while (std::getline(file, line)) {
    absl::string_view rest = line;
    absl::ConsumeSuffix(&rest, "\r");
    if (!rest.empty() && !absl::StartsWith(rest, "member,")) {
      codes.emplace_back(rest.substr(rest.rfind(',') + 1));
    }
  }
  return codes;
}

absl::Status Run(const Options& options) {
  COMMONWAGE_RETURN_IF_ERROR(crypto::InitCrypto());
  COMMONWAGE_ASSIGN_OR_RETURN(const client::TrustedRound round,
                              VisitRound(options.server, options.round));
  size_t count = options.people;
  std::vector<std::string> codes;
  if (!options.codes_path.empty()) {
    codes = ReadCodes(options.codes_path);
    codes.resize(std::min(codes.size(), count));
    count = codes.size();
  }
  std::vector<Person> people = MakePeople(count);
  if (!codes.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(
        EnrolPeople(options.issuer, round, codes, people, Bar("  enrolling ")));
    // Nobody submits in the order of enrolment: a device waits a random time.
    SeededRandom random(options.seed);
    for (size_t i = people.size(); i > 1; --i) {
      std::swap(people[i - 1], people[random.Below(i)]);
    }
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      const CrowdOutcome outcome,
      SubmitAnswers(options.server, round, people,
                    MakePopulation(round.manifest.plan, count, options.seed),
                    Bar("  submitting")));
  for (const auto& [reason, refused] : outcome.refused) {
    std::cerr << "crowd: some were refused: " << reason << "\n";
  }
  return outcome.accepted == count
             ? absl::OkStatus()
             : absl::FailedPreconditionError("Not everybody was accepted.");
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Submits the answers of people who do not exist.");
  app.add_option("--server", options.server, "ADDR:PORT")->required();
  app.add_option("--round", options.round, "<survey>.<round>")->required();
  app.add_option("--people", options.people, "How many, at most");
  app.add_option("--seed", options.seed, "The same seed, the same answers");
  CLI::Option* issuer =
      app.add_option("--issuer", options.issuer, "The union office, ADDR:PORT");
  app.add_option("--codes", options.codes_path, "Their codes, a CSV")
      ->needs(issuer);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Run(options);
  if (!status.ok()) {
    std::cerr << "crowd: " << status.message() << "\n";
  }
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace commonwage::testing

int main(int argc, char** argv) {
  return commonwage::testing::Main(argc, argv);
}
