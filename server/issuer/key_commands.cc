// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/key_commands.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "artefacts/signed_cancellation.h"
#include "artefacts/signed_manifest.h"
#include "artefacts/signers.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file/input_file.h"
#include "base/file/output_file.h"
#include "base/status_macros.h"
#include "command/command_line.h"
#include "command/json_output.h"
#include "command/report.h"
#include "commonwage/v1/command_output.pb.h"
#include "crypto/signature.h"
#include "crypto/sodium_random.h"
#include "server/issuer/issuer_store.h"
#include "storage/members/member_roll.h"
#include "survey/issuer_key_file.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/text/identifier.h"

namespace commonwage::server::issuer {
namespace {

// What the commands take; each reads what it asked for.
struct KeyOptions {
  std::string data;
  std::string kek;
  std::string round;
  std::string out;
  bool force = false;
  std::string closed_manifest;
  std::string cancellation;
  std::string survey_key;
  bool yes = false;
  bool json = false;
};

absl::Status CheckRound(absl::string_view round_id) {
  if (!IsRoundId(round_id)) {
    return command::WrongUse(
        "A round is named <survey>.<round>, as in the plan.");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<IssuerStore>> OpenStore(
    const KeyOptions& options) {
  return IssuerStore::Open(options.data, options.kek);
}

absl::Status CreateKey(const KeyOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRound(options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(
      OutputFile file,
      OutputFile::Create({options.out, "public key file"}, Readers::kEverybody,
                         IfThereWith(options.force)));
  crypto::SodiumRandom random;
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string der,
                              store->CreateIssuingKey(options.round, random));
  absl::Status written = file.Append(WriteIssuerKeyFile({options.round, der}));
  written.Update(written.ok() ? file.Commit() : absl::OkStatus());
  if (!written.ok()) {
    return Reworded(written,
                    absl::StrCat(written.message(),
                                 " The key is made; run key show to write the "
                                 "file."));
  }
  std::cout << "Made the round's key. Give the file, which is public, to the "
               "steward for `round create --issuer-key`.\n";
  return absl::OkStatus();
}

absl::Status ShowKey(const KeyOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRound(options.round));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto key,
                              store->roll().FindIssuingKey(options.round));
  if (!key.has_value()) {
    return Refusal(Reason::kUnknownRound,
                   "This round has no issuing key, or none any more.");
  }
  return WriteOutput({options.out, "public key file"},
                     WriteIssuerKeyFile({options.round, key->public_key_der}),
                     Readers::kEverybody, IfThereWith(options.force));
}

absl::Status ListKeys(const KeyOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto rounds, store->roll().ListRounds());
  v1::IssuingKeyListReport report;
  for (const storage::IssuingRound& round : rounds) {
    v1::IssuingKeyReport& line = *report.add_keys();
    line.set_round_id(round.round_id);
    line.set_has_key(round.has_key);
    line.set_called_off(round.called_off);
    if (!options.json) {
      std::cout << round.round_id
                << (round.has_key      ? "  has its key"
                    : round.called_off ? "  called off, destroyed"
                                       : "  destroyed")
                << "\n";
    }
  }
  if (options.json) {
    std::cout << command::JsonText(report);
  }
  return absl::OkStatus();
}

// Anybody can write a manifest; only the survey's key makes it one.
absl::Status CheckSigner(const std::vector<crypto::VerifyKey>& signers,
                         const std::string& survey_key) {
  const auto signer = artefacts::FindSigner(signers, survey_key);
  if (!signer.ok()) {
    return command::WrongUse(
        "--survey-key takes 40 hexadecimal digits or twelve words, as the "
        "steward announced them.");
  }
  return signer->has_value()
             ? absl::OkStatus()
             : Refusal(Reason::kSurveyKeyDiffers,
                       "This file is not signed by that survey key. Nothing "
                       "was destroyed; ask the steward for the round's.");
}

// Whether a manifest is the one that this round's key was made for.
absl::Status CheckMeant(const Manifest& manifest, const KeyOptions& options,
                        IssuerStore& store) {
  COMMONWAGE_ASSIGN_OR_RETURN(const auto key,
                              store.roll().FindIssuingKey(options.round));
  if (RoundIdOf(manifest.plan) != options.round ||
      (key.has_value() && key->public_key_der != manifest.issuer_public_key)) {
    return Refusal(Reason::kManifestOfAnother,
                   "This manifest is of another round, or for another key. "
                   "Nothing was destroyed.");
  }
  return absl::OkStatus();
}

absl::Status CheckCalledOff(const KeyOptions& options, IssuerStore& store) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const std::string file,
      ReadFile({options.cancellation, "cancellation file"},
               artefacts::kMaxSignedCancellationBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const artefacts::CheckedCancellation checked,
                              artefacts::ReadSignedCancellation(file));
  COMMONWAGE_RETURN_IF_ERROR(CheckSigner(checked.signers, options.survey_key));
  return CheckMeant(checked.manifest.manifest, options, store);
}

absl::Status CheckClosed(const KeyOptions& options, IssuerStore& store) {
  COMMONWAGE_ASSIGN_OR_RETURN(const std::string file,
                              ReadFile({options.closed_manifest, "manifest"},
                                       artefacts::kMaxSignedManifestBytes));
  COMMONWAGE_ASSIGN_OR_RETURN(const artefacts::CheckedManifest checked,
                              artefacts::ReadSignedManifest(file));
  COMMONWAGE_RETURN_IF_ERROR(CheckSigner(checked.signers, options.survey_key));
  COMMONWAGE_RETURN_IF_ERROR(CheckMeant(checked.manifest, options, store));
  if (SystemClock().Now() < checked.manifest.plan.closes_at) {
    return Refusal(Reason::kRoundNotClosed,
                   "The round has not closed yet, and without its key no more "
                   "members could take part. Wait, or say --yes.");
  }
  return absl::OkStatus();
}

// What has to be said for a key to be destroyed.
absl::Status CheckDestroyOptions(const KeyOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckRound(options.round));
  const bool manifest = !options.closed_manifest.empty();
  const bool cancellation = !options.cancellation.empty();
  if (manifest && cancellation) {
    return command::WrongUse(
        "--closed-manifest is for a round that has closed, --cancellation for "
        "one that was called off; give one of them.");
  }
  if ((manifest || cancellation) == options.survey_key.empty()) {
    return command::WrongUse(
        "--closed-manifest or --cancellation goes together with --survey-key: "
        "anybody can write such a file, and the survey's key says whose it "
        "is.");
  }
  if (!manifest && !cancellation && !options.yes) {
    return command::WrongUse(
        "This destroys the round's key for good: no more members can take part "
        "in the round, and it never gets another key. Say --yes if it has "
        "closed, or give its manifest with --closed-manifest, or its "
        "cancellation with --cancellation.");
  }
  return absl::OkStatus();
}

absl::Status DestroyKey(const KeyOptions& options) {
  COMMONWAGE_RETURN_IF_ERROR(CheckDestroyOptions(options));
  COMMONWAGE_ASSIGN_OR_RETURN(const auto store, OpenStore(options));
  if (!options.closed_manifest.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(CheckClosed(options, *store));
  }
  auto end = storage::RoundEnd::kClosed;
  if (!options.cancellation.empty()) {
    COMMONWAGE_RETURN_IF_ERROR(CheckCalledOff(options, *store));
    end = storage::RoundEnd::kCalledOff;
  }
  crypto::SodiumRandom random;
  COMMONWAGE_RETURN_IF_ERROR(
      store->DestroyIssuingKey(options.round, random, end));
  std::cout << (end == storage::RoundEnd::kCalledOff
                    ? "Members who ask are told that the round was called "
                      "off.\n"
                    : "")
            << "The round's key is destroyed, with its entry of shred.key; it "
               "gives no more credentials.\n";
  const absl::Status replaced = store->ReplaceKek(random);
  if (replaced.ok()) {
    std::cout << "The key file has a new key: destroy every copy of the old "
                 "one, and keep a copy of the new one apart from the data.\n";
  } else {
    std::cout << replaced.message() << " Erasure rests on shred.key alone.\n";
  }
  return absl::OkStatus();
}

CLI::App* AddCommand(CLI::App& key, const char* name, const char* what,
                     KeyOptions& options) {
  CLI::App* command = key.add_subcommand(name, what);
  command->add_option("--data", options.data, "The union office's directory")
      ->required();
  command->add_option("--kek", options.kek, "The file of the key to it")
      ->required();
  return command;
}

}  // namespace

void AddKeyCommands(command::CommandLine& line) {
  const auto shared = std::make_shared<KeyOptions>();
  KeyOptions& options = *shared;
  CLI::App* key = line.app().add_subcommand("key", "The keys of rounds");
  key->require_subcommand(1);
  CLI::App* create =
      AddCommand(*key, "create", "Make the key of a round", options);
  create->add_option("--round", options.round, "<survey>.<round>")->required();
  create->add_option("--out", options.out, "Public half, for the steward")
      ->required();
  create->add_flag("--force", options.force, kForceHelp);
  line.OnCommand(create, [shared] { return CreateKey(*shared); });
  CLI::App* show =
      AddCommand(*key, "show", "Write the public half again", options);
  show->add_option("--round", options.round, "<survey>.<round>")->required();
  show->add_option("--out", options.out, "Public half, for the steward")
      ->required();
  show->add_flag("--force", options.force, kForceHelp);
  line.OnCommand(show, [shared] { return ShowKey(*shared); });
  CLI::App* destroy = AddCommand(
      *key, "destroy",
      "Destroy the key of a round that has closed or was called off", options);
  destroy->add_option("--round", options.round, "<survey>.<round>")->required();
  destroy->add_option("--closed-manifest", options.closed_manifest,
                      "The round's manifest; refuse if it has not closed");
  destroy->add_option("--cancellation", options.cancellation,
                      "The steward's word that the round was called off; "
                      "members who ask are told");
  destroy->add_option("--survey-key", options.survey_key,
                      "Fingerprint or words of the key that signed it, as the "
                      "steward announced them");
  destroy->add_flag("--yes", options.yes,
                    "Destroy it: no more members can take part in the round");
  line.OnCommand(destroy, [shared] { return DestroyKey(*shared); });
  CLI::App* list = AddCommand(*key, "list", "Show the rounds", options);
  list->add_flag("--json", options.json, "Print JSON");
  line.OnCommand(list, [shared] { return ListKeys(*shared); });
}

}  // namespace commonwage::server::issuer
