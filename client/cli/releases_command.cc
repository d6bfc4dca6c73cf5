// SPDX-License-Identifier: Apache-2.0
// `commonwage releases`: what was published, and which tables it has.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/text/figures_words.h"
#include "client/cli/text/plan_text.h"
#include "client/cli/text/words.h"
#include "client/connection/server_api.h"
#include "client/round_trust.h"
#include "command/command_line.h"
#include "command/json_output.h"

namespace commonwage::client::cli {
namespace {

struct ReleasesOptions {
  ServerOptions server;
  std::string name;
};

// Returns all releases of the server, or the one that is asked for.
absl::StatusOr<v1::ListReleasesResponse> FindReleases(ServerApi& server,
                                                      const std::string& name) {
  v1::ListReleasesResponse found;
  v1::ListReleasesRequest request;
  do {
    COMMONWAGE_ASSIGN_OR_RETURN(const v1::ListReleasesResponse page,
                                server.ListReleases(request));
    for (const v1::ReleaseSummary& release : page.releases()) {
      if (name.empty() || release.name() == absl::StrCat("releases/", name)) {
        *found.add_releases() = release;
      }
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (!name.empty() && found.releases().empty()) {
    return Refusal(Reason::kUnknownRelease,
                   "This server has published no such round. `commonwage "
                   "releases` lists what it has.");
  }
  return found;
}

void TellRelease(const v1::ReleaseSummary& release) {
  std::cout << RoundOf(release.name()) << "\n  "
            << AdmissionInWords(release.admission()) << "\n  sha256 "
            << absl::BytesToHexString(release.release_digest()) << '\n';
}

// The tables stand in the manifest that the steward signed.
absl::Status TellTables(ServerApi& server, const std::string& round) {
  v1::GetRoundRequest request;
  request.set_name(absl::StrCat("rounds/", round));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                              server.GetRound(request));
  COMMONWAGE_ASSIGN_OR_RETURN(const TrustedRound trusted,
                              CheckRound(response.round(), round, {}));
  std::cout << TablesText(trusted.manifest.plan);
  return absl::OkStatus();
}

absl::Status RunReleases(const ReleasesOptions& options) {
  if (!options.name.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.name));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::ListReleasesResponse found,
                              FindReleases(*server, options.name));
  if (options.server.json) {
    command::PrintJson(found);
    return absl::OkStatus();
  }
  for (const v1::ReleaseSummary& release : found.releases()) {
    TellRelease(release);
  }
  if (found.releases().empty()) {
    std::cout << "Nothing was published on this server yet.\n";
  }
  return options.name.empty() ? absl::OkStatus()
                              : TellTables(*server, options.name);
}

}  // namespace

void AddReleasesCommand(command::CommandLine& program) {
  auto options = std::make_shared<ReleasesOptions>();
  CLI::App& command =
      program.Add("releases", "List what a server has published, newest first.",
                  [options] { return RunReleases(*options); });
  options->server.AddTo(command);
  command.add_option("--name", options->name,
                     "SURVEY.ROUND: show this one, and the tables that can be "
                     "asked of it.");
}

}  // namespace commonwage::client::cli
