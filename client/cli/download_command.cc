// SPDX-License-Identifier: Apache-2.0
// `commonwage download`.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "artefacts/artefact_hash.h"
#include "artefacts/release_files.h"
#include "artefacts/signers.h"
#include "base/error.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "client/checked_round.h"
#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/round_trust.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/hash.h"
#include "survey/domain_labels.h"

namespace commonwage::client::cli {
namespace {

struct DownloadOptions {
  ServerOptions server;
  std::string round;
  std::string directory;
  bool force = false;
};

// Keeps what there is of a round that was called off.
absl::Status KeepCancellation(ServerApi& server,
                              const DownloadOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const v1::GetRoundResponse response,
                              AskForRound(server, options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const TrustedRound round,
      CheckRound(response.round(), options.round, TrustAnchors()));
  if (round.state != v1::ROUND_STATE_CANCELLED) {
    return Refusal(Reason::kUnknownRelease, "This round has no release here.");
  }
  v1::SignedCancellation cancellation = response.round().cancellation();
  *cancellation.mutable_manifest() = response.round().signed_manifest();
  COMMONWAGE_RETURN_IF_ERROR(artefacts::WriteCancellationFiles(
      options.directory, cancellation, IfThereWith(options.force)));
  v1::DownloadReport report;
  report.set_round_id(options.round);
  report.add_signed_by(crypto::Fingerprint(round.survey_key));
  if (options.server.json) {
    command::PrintJson(report);
    return absl::OkStatus();
  }
  std::cout
      << "This round was called off, and has no release. Its cancellation "
         "and its manifest are\nthere, with their signatures, for "
         "`commonwage verify`. They say they are signed by\n"
      << report.signed_by(0) << '\n';
  return absl::OkStatus();
}

absl::Status RunDownload(const DownloadOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRoundOption(options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(const std::unique_ptr<ServerApi> server,
                              Connect(options.server));
  v1::DownloadReleaseRequest request;
  request.set_name(absl::StrCat("releases/", options.round));
  const absl::StatusOr<std::string> bytes = server->DownloadRelease(request);
  if (ReasonOf(bytes.status()) == Reason::kUnknownRelease) {
    const absl::Status kept = KeepCancellation(*server, options);
    return ReasonOf(kept) == Reason::kUnknownRelease ||
                   ReasonOf(kept) == Reason::kUnknownRound
               ? bytes.status()
               : kept;
  }
  COMMONWAGE_RETURN_IF_ERROR(bytes.status());
  v1::SignedRelease release;
  if (!release.ParseFromString(*bytes)) {
    return Refusal(Reason::kReleaseDamaged,
                   "What the server sent is no release. Nothing was written.");
  }
  COMMONWAGE_RETURN_IF_ERROR(artefacts::WriteReleaseFiles(
      options.directory, release, IfThereWith(options.force)));

  v1::DownloadReport report;
  report.set_round_id(options.round);
  report.set_release_digest(
      std::string(artefacts::HashOfRelease(release.release()).view()));
  for (const crypto::VerifyKey& signer : artefacts::VerifySigners(
           release.signatures(), kReleaseSignatureLabel, release.release())) {
    report.add_signed_by(crypto::Fingerprint(signer));
  }
  if (options.server.json) {
    command::PrintJson(report);
    return absl::OkStatus();
  }
  std::cout << "The release is there: RELEASE.bin, MANIFEST.json and their "
               "signatures. Check it with\n  commonwage verify DIR "
               "--survey-key FINGERPRINT\nusing the fingerprint that the union "
               "printed, not one from the same server.\n";
  for (const std::string& fingerprint : report.signed_by()) {
    std::cout << "It says it is signed by " << fingerprint << '\n';
  }
  return absl::OkStatus();
}

}  // namespace

void AddDownloadCommand(command::CommandLine& program) {
  auto download = std::make_shared<DownloadOptions>();
  CLI::App& download_command =
      program.Add("download", "Keep a whole release, to be checked and cited.",
                  [download] { return RunDownload(*download); });
  download->server.AddTo(download_command);
  download_command.add_option("--round", download->round, "SURVEY.ROUND")
      ->required();
  download_command
      .add_option("--out", download->directory, "Directory for the files.")
      ->required();
  download_command.add_flag("--force", download->force, kForceHelp);
}

}  // namespace commonwage::client::cli
