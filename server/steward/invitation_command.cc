// SPDX-License-Identifier: Apache-2.0
// `commonwage-steward invitation`: what the union gives to all of its members.

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

#include "base/error.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/qr_code.h"
#include "command/report.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "server/steward/commands.h"
#include "server/steward/vault_options.h"
#include "storage/vault/vault.h"
#include "survey/invitation.h"
#include "survey/manifest.h"

namespace commonwage::server::steward {
namespace {

constexpr absl::string_view kOpen = "open";

struct InvitationOptions {
  VaultOptions vault;
  Invitation parts;  // Its key and admission come from the vault.
  std::string admission;
  std::string link;
  std::string qr;
  bool show_qr = false;
  bool force = false;
  bool json = false;
};

// Who can answer in the latest round of the survey that was not called off.
absl::StatusOr<Admission> LatestAdmission(storage::Vault& vault,
                                          const std::string& survey) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::vector<storage::VaultRound> rounds,
                              vault.RoundsOf(survey));
  const auto latest = std::find_if(
      rounds.rbegin(), rounds.rend(),
      [](const storage::VaultRound& round) { return !round.cancelled; });
  if (latest == rounds.rend()) {
    return Refusal(Reason::kSurveyUnknown,
                   "This vault has no round of such a survey, or none that was "
                   "not called off; check the name and the vault, or make the "
                   "first round before you invite to it.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const Manifest manifest,
                              ParseManifest(latest->manifest.bytes));
  return manifest.admission;
}

absl::StatusOr<Invitation> MakeInvitation(const InvitationOptions& options) {
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(storage::Vault vault,
                              OpenVault(options.vault, random));
  Invitation invitation = options.parts;
  COMMONWAGE_ASSIGN_OR_RETURN(invitation.admission,
                              LatestAdmission(vault, invitation.survey));
  if (!options.admission.empty()) {
    invitation.admission =
        options.admission == kOpen ? Admission::kOpen : Admission::kCredential;
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey key,
                              vault.SigningKeyOf(invitation.survey, random));
  invitation.survey_key = crypto::Fingerprint(key.verify_key());
  const absl::Status verdict = CheckInvitation(invitation);
  return verdict.ok()
             ? absl::StatusOr<Invitation>(std::move(invitation))
             : absl::StatusOr<Invitation>(command::WrongUse(verdict.message()));
}

// A page's address that a browser opens and that shells, pages and QR codes
// take as it is.
absl::Status CheckLink(absl::string_view link) {
  const bool is_plain = link.size() <= kMaxAddressLength &&
                        std::all_of(link.begin(), link.end(), [](char c) {
                          return c > ' ' && c <= '~' && c != '#' && c != '"' &&
                                 c != '<' && c != '>';
                        });
  return link.empty() || (is_plain && link.substr(0, 8) == "https://")
             ? absl::OkStatus()
             : command::WrongUse(
                   "--link takes the address of a page, https:// and so on, "
                   "without a # in it.");
}

void Tell(const Invitation& invitation, const std::string& link) {
  std::cerr << "Anybody may see this invitation: it names the server, the "
               "office and the survey's key, and no\nmember. Give every member "
               "the same, on paper or from the union's own hands: whoever can "
               "put\nanother in its place can be the survey. The key in "
               "words:\n  "
            << crypto::WordsOfFingerprint(invitation.survey_key) << '\n'
            << (invitation.admission == Admission::kOpen
                    ? "It says that anybody can answer, more than once.\n"
                    : "It says that only members can answer, once each.\n")
            << std::flush;
  std::cout << (link.empty() ? WriteInvitation(invitation) : link) << '\n';
}

void PrintReport(const Invitation& invitation, const std::string& link) {
  v1::InvitationReport report;
  report.set_survey(invitation.survey);
  report.set_server(invitation.server);
  report.set_office(invitation.office);
  report.set_survey_key(invitation.survey_key);
  report.set_survey_key_words(
      crypto::WordsOfFingerprint(invitation.survey_key));
  report.set_admission(invitation.admission == Admission::kOpen
                           ? v1::ADMISSION_OPEN
                           : v1::ADMISSION_CREDENTIAL);
  report.set_invitation(WriteInvitation(invitation));
  report.set_link(link);
  std::cout << command::JsonText(report);
}

absl::Status Invite(const InvitationOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckLink(options.link));
  COMMONWAGE_ASSIGN_OR_RETURN(const Invitation invitation,
                              MakeInvitation(options));
  const std::string link =
      options.link.empty() ? "" : InvitationLink(options.link, invitation);
  COMMONWAGE_ASSIGN_OR_RETURN(
      const command::QrCode code,
      command::EncodeQr(link.empty() ? WriteInvitation(invitation) : link));
  COMMONWAGE_RETURN_IF_ERROR(
      options.qr.empty()
          ? absl::OkStatus()
          : WriteOutput({options.qr, "QR code"}, command::QrSvg(code),
                        Readers::kEverybody, IfThereWith(options.force)));
  if (options.show_qr) {
    std::cerr << command::QrBlocks(code) << std::flush;
  }
  if (options.json) {
    PrintReport(invitation, link);
  } else {
    Tell(invitation, link);
  }
  return absl::OkStatus();
}

}  // namespace

void AddInvitationCommand(command::CommandLine& line) {
  CLI::App* command = line.app().add_subcommand(
      "invitation",
      "Print the survey's invitation, the same for every member: `commonwage "
      "join` takes it");
  auto options = std::make_shared<InvitationOptions>();
  AddVaultOptions(command, options->vault);
  command->add_option("--survey", options->parts.survey, "The survey's name")
      ->required();
  command
      ->add_option("--server", options->parts.server,
                   "Where its rounds are, host:port")
      ->required();
  command->add_option("--office", options->parts.office,
                      "Where the union office's issuer is, host:port");
  command
      ->add_option("--admission", options->admission,
                   "open or credential, if later rounds differ from the "
                   "survey's latest")
      ->check(CLI::IsMember({"open", "credential"}));
  command->add_option("--link", options->link,
                      "Print it as a link to this page, behind a #, which "
                      "browsers send to nobody");
  command->add_option("--qr", options->qr,
                      "Write its QR code to this SVG file");
  command->add_flag("--force", options->force, kForceHelp);
  command->add_flag("--show-qr", options->show_qr,
                    "Draw its QR code on the terminal");
  command->add_flag("--json", options->json, "Print a report as JSON");
  line.OnCommand(command, [options] { return Invite(*options); });
}

}  // namespace commonwage::server::steward
