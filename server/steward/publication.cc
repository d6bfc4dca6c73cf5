// SPDX-License-Identifier: Apache-2.0
#include "server/steward/publication.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "artefacts/inbox_digest.h"
#include "artefacts/signed_manifest.h"
#include "artefacts/signed_release.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "command/code_version.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"
#include "crypto/spoken_digest.h"
#include "privacy/noise/release_round.h"
#include "server/command/stored_files.h"
#include "server/steward/answer_counter.h"
#include "server/steward/answer_opener.h"
#include "server/steward/survey_delta.h"
#include "survey/domain_labels.h"
#include "survey/frame.h"
#include "survey/manifest.h"
#include "survey/release.h"

namespace commonwage::server::steward {
namespace {

using storage::SignedBytes;
using storage::VaultRelease;
using storage::VaultRound;

// Where docs/FORMATS.md puts the manifest hash in the inbox's header.
constexpr size_t kManifestHashOffset = 8;

// Often enough for a bar that moves, seldom enough to cost nothing.
constexpr uint64_t kFramesPerProgress = 512;

absl::Status Malformed() {
  return Refusal(Reason::kInboxMalformed,
                 "This sealed inbox is damaged or incomplete; export it "
                 "again and copy the whole file.");
}

// Which round a file claims to be of, unchecked: InboxReader checks it.
absl::StatusOr<ManifestHash> ClaimedManifest(const OpenInbox& open_inbox) {
  COMMONWAGE_ASSIGN_OR_RETURN(const InboxSource source, open_inbox());
  std::string header(kInboxHeaderSize, '\0');
  size_t length = 0;
  while (length < header.size()) {
    COMMONWAGE_ASSIGN_OR_RETURN(const size_t got,
                                source(absl::MakeSpan(header).subspan(length)));
    if (got == 0) {
      return Malformed();
    }
    length += got;
  }
  return *ManifestHash::From(absl::string_view(header).substr(
      kManifestHashOffset, ManifestHash::kSize));
}

absl::StatusOr<VaultRound> RoundOf(storage::Vault& vault,
                                   const OpenInbox& open_inbox) {
  COMMONWAGE_ASSIGN_OR_RETURN(const ManifestHash hash,
                              ClaimedManifest(open_inbox));
  COMMONWAGE_ASSIGN_OR_RETURN(std::optional<VaultRound> round,
                              vault.FindRoundByManifest(hash));
  if (!round.has_value()) {
    return Refusal(Reason::kInboxOfUnknownRound,
                   "This is not the sealed inbox of a round that this vault "
                   "has made; check the file and the vault.");
  }
  return *std::move(round);
}

absl::Status CheckClosed(const InboxHeader& header, const Plan& plan,
                         absl::Time now) {
  if (header.closed_early() && *header.closed_early_at >= plan.closes_at) {
    return Refusal(Reason::kInboxMalformed,
                   "This sealed inbox says that the round was closed early, at "
                   "a time after its closing time; export it again.");
  }
  if (!header.closed_early() && now < plan.closes_at) {
    return Refusal(Reason::kRoundNotClosed,
                   "The round's closing time has not come yet; publish after "
                   "it, with an inbox exported after it.");
  }
  return absl::OkStatus();
}

// An inbox as it was found to be on a first reading.
struct CheckedInbox {
  InboxHeader header;
  crypto::Digest digest;
};

// Reads the inbox to its end, where the operator's signature is: whoever is
// asked about it sees nothing that is forged, and nothing forged is opened.
absl::StatusOr<CheckedInbox> CheckInbox(const OpenInbox& open_inbox,
                                        const Manifest& manifest,
                                        const ManifestHash& hash) {
  COMMONWAGE_ASSIGN_OR_RETURN(InboxSource source, open_inbox());
  artefacts::Sha256InboxDigest digest;
  COMMONWAGE_ASSIGN_OR_RETURN(
      InboxReader reader,
      InboxReader::Open(
          std::move(source), digest,
          artefacts::MakeInboxVerifier(manifest.operator_public_key), hash));
  std::optional<absl::string_view> frame;
  do {
    COMMONWAGE_ASSIGN_OR_RETURN(frame, reader.Next());
  } while (frame.has_value());
  return CheckedInbox{reader.header(), *crypto::Digest::From(reader.digest())};
}

// Reads the inbox to its end and counts it. Nothing of it counts unless the
// end was right.
absl::StatusOr<CountedAnswers> CountInbox(InboxReader& reader,
                                          const AnswerOpener& opener,
                                          const Plan& plan,
                                          const PublicationOptions& options) {
  const uint64_t total = reader.header().frame_count;
  AnswerCounter counter(opener, plan, options.workers);
  for (uint64_t done = 0;; ++done) {
    COMMONWAGE_ASSIGN_OR_RETURN(const std::optional<absl::string_view> frame,
                                reader.Next());
    if (!frame.has_value()) {
      break;
    }
    counter.Add(*frame);
    if (options.progress && done % kFramesPerProgress == 0) {
      options.progress(done, total);
    }
  }
  absl::StatusOr<CountedAnswers> counted = counter.Finish();
  if (options.progress) {
    options.progress(total, total);
  }
  return counted;
}

// What follows cannot be undone, and a thief of the operator's key can sign: a
// person compares with the operator first.
absl::Status ConfirmInbox(const CheckedInbox& inbox, const Plan& plan,
                          const PublicationOptions& options) {
  if (!options.confirm_inbox) {
    return Refusal(Reason::kNotConfirmed,
                   "Nobody has said that this is the inbox that the operator "
                   "exported.");
  }
  return options.confirm_inbox({.round_id = RoundIdOf(plan),
                                .submissions = inbox.header.frame_count,
                                .digest = inbox.digest});
}

// Closing because of what one saw is outside the proof, so a person decides
// before anything is opened.
absl::Status ConfirmEarlyClose(const InboxHeader& header, const Plan& plan,
                               const PublicationOptions& options) {
  if (!header.closed_early()) {
    return absl::OkStatus();
  }
  if (!options.confirm_early_close) {
    return Refusal(Reason::kNotConfirmed,
                   "The round was closed early, and nobody has said that it is "
                   "to be published all the same.");
  }
  EarlyClose early;
  early.round_id = RoundIdOf(plan);
  early.closes_at = plan.closes_at;
  if (*header.closed_early_at != absl::UnixEpoch()) {
    early.closed_at = header.closed_early_at;
  }
  return options.confirm_early_close(early);
}

// What a draw needs; all of it is fixed before the transaction begins.
struct Draw {
  const Manifest& manifest;
  const ManifestHash& hash;
  const privacy::noise::Tally& tally;
  bool closed_early;
  const crypto::SigningKey& survey_key;
};

absl::StatusOr<SignedBytes> DrawAndSign(const Draw& draw,
                                        RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const Release release,
      privacy::noise::DrawRelease(draw.manifest, draw.hash, draw.tally,
                                  draw.closed_early, command::CodeVersion(),
                                  random));
  // Better no release than one that every reader refuses: the key is gone
  // afterwards.
  COMMONWAGE_RETURN_IF_ERROR(CheckReleaseAgainst(release, draw.manifest));
  SignedBytes signed_release;
  signed_release.bytes = WriteRelease(release);
  COMMONWAGE_RETURN_IF_ERROR(ParseRelease(signed_release.bytes).status());
  signed_release.signatures.push_back(
      {draw.survey_key.verify_key(),
       draw.survey_key.Sign(kReleaseSignatureLabel, signed_release.bytes)});
  return signed_release;
}

// The release as a file, naming the inbox that was counted.
absl::StatusOr<v1::SignedRelease> FileOf(storage::Vault& vault,
                                         const VaultRound& round,
                                         const VaultRelease& released,
                                         RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey survey_key,
                              vault.SigningKeyOf(round.survey, random));
  v1::SignedRelease file = ReleaseFileOf(released.release, round.manifest);
  *file.mutable_counted_inbox() = artefacts::SignCountedInbox(
      released.release.bytes, released.inbox_digest, survey_key);
  return file;
}

// Adds what the vault knows of a release to its report.
absl::StatusOr<Publication> PublicationOf(storage::Vault& vault,
                                          const VaultRound& round,
                                          const VaultRelease& released,
                                          v1::PublishReport report,
                                          RandomSource& random) {
  report.set_round_id(round.id);
  report.set_micro_rho(round.loss_micro_rho);
  COMMONWAGE_ASSIGN_OR_RETURN(const auto balance,
                              vault.BalanceOf(round.survey));
  if (balance.has_value()) {
    report.set_spent_micro_rho(balance->spent);
    report.set_cap_micro_rho(balance->cap);
  }
  // The release is out: an account that cannot be read must not keep it here.
  const absl::StatusOr<SurveyDelta> delta = DeltaOf(vault, round.survey);
  const absl::StatusOr<double> own = DeltaOfRound(round);
  if (delta.ok() && own.ok()) {
    report.set_delta(*own);
    report.set_spent_delta(delta->spent);
  }
  if (!released.release.signatures.empty()) {
    report.set_survey_key(
        crypto::Fingerprint(released.release.signatures.front().key));
  }
  if (const auto digest = crypto::Digest::From(released.inbox_digest)) {
    report.set_inbox_words(crypto::SpokenDigest(*digest));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(v1::SignedRelease file,
                              FileOf(vault, round, released, random));
  return Publication{.file = std::move(file), .report = std::move(report)};
}

// Returns the release that is there already.
absl::StatusOr<Publication> Again(storage::Vault& vault,
                                  const VaultRound& round,
                                  RandomSource& random) {
  COMMONWAGE_ASSIGN_OR_RETURN(
      const VaultRelease released,
      vault.ReleaseOnce(round.id, []() -> absl::StatusOr<VaultRelease> {
        return Refusal(Reason::kReleaseMissing,
                       "The vault says that the round is published but has no "
                       "release of it; use a backup of the vault.");
      }));
  v1::PublishReport report;
  report.set_repeated_release(true);
  return PublicationOf(vault, round, released, std::move(report), random);
}

// Draws the release inside the vault's transaction, or takes the one that
// another publisher has committed meanwhile.
absl::StatusOr<Publication> ReleaseCounted(storage::Vault& vault,
                                           const VaultRound& round,
                                           const Manifest& manifest,
                                           const CountedAnswers& counted,
                                           const CheckedInbox& inbox,
                                           RandomSource& random) {
  // A key that is made on first use is a transaction of its own.
  COMMONWAGE_ASSIGN_OR_RETURN(const crypto::SigningKey survey_key,
                              vault.SigningKeyOf(round.survey, random));
  bool drawn = false;
  const auto draw = [&]() -> absl::StatusOr<VaultRelease> {
    drawn = true;
    COMMONWAGE_ASSIGN_OR_RETURN(
        SignedBytes release,
        DrawAndSign({.manifest = manifest,
                     .hash = round.manifest_hash,
                     .tally = counted.tally,
                     .closed_early = inbox.header.closed_early(),
                     .survey_key = survey_key},
                    random));
    return VaultRelease{.release = std::move(release),
                        .inbox_digest = std::string(inbox.digest.view())};
  };
  COMMONWAGE_ASSIGN_OR_RETURN(const VaultRelease released,
                              vault.ReleaseOnce(round.id, draw));
  v1::PublishReport report;
  report.set_repeated_release(!drawn);
  report.set_counted(counted.tally.answers());
  report.set_dropped(counted.dropped);
  return PublicationOf(vault, round, released, std::move(report), random);
}

// Opens and counts the inbox that was checked.
absl::StatusOr<CountedAnswers> CountChecked(const OpenInbox& open_inbox,
                                            const Manifest& manifest,
                                            const CheckedInbox& inbox,
                                            const AnswerOpener& opener,
                                            const PublicationOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(InboxSource source, open_inbox());
  artefacts::Sha256InboxDigest digest;
  COMMONWAGE_ASSIGN_OR_RETURN(
      InboxReader reader, InboxReader::Open(std::move(source), digest,
                                            artefacts::MakeInboxVerifier(
                                                manifest.operator_public_key),
                                            inbox.header.manifest_hash));
  COMMONWAGE_ASSIGN_OR_RETURN(
      CountedAnswers counted,
      CountInbox(reader, opener, manifest.plan, options));
  // A person was asked about that one.
  if (reader.digest() != inbox.digest.view()) {
    return Malformed();
  }
  return counted;
}

}  // namespace

absl::StatusOr<Publication> PublishRound(storage::Vault& vault,
                                         const OpenInbox& open_inbox,
                                         Clock& clock, RandomSource& random,
                                         const PublicationOptions& options) {
  COMMONWAGE_ASSIGN_OR_RETURN(const VaultRound round,
                              RoundOf(vault, open_inbox));
  if (round.released) {
    return Again(vault, round, random);
  }
  if (round.cancelled) {
    // Says so.
    return vault.OpeningKeyOf(round.id).status();
  }
  // Under rules that no reader takes, nothing is opened.
  COMMONWAGE_ASSIGN_OR_RETURN(
      const artefacts::CheckedManifest checked,
      artefacts::CheckManifest(ManifestFileOf(round.manifest)));
  const Manifest& manifest = checked.manifest;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const CheckedInbox inbox,
      CheckInbox(open_inbox, manifest, round.manifest_hash));
  COMMONWAGE_RETURN_IF_ERROR(
      CheckClosed(inbox.header, manifest.plan, clock.Now()));
  COMMONWAGE_RETURN_IF_ERROR(ConfirmInbox(inbox, manifest.plan, options));
  COMMONWAGE_RETURN_IF_ERROR(
      ConfirmEarlyClose(inbox.header, manifest.plan, options));
  const auto opening_key = vault.OpeningKeyOf(round.id);
  if (ReasonOf(opening_key.status()) == Reason::kRoundKeyDestroyed) {
    // Another publisher was faster.
    return Again(vault, round, random);
  }
  COMMONWAGE_RETURN_IF_ERROR(opening_key.status());
  COMMONWAGE_ASSIGN_OR_RETURN(
      const AnswerOpener opener,
      AnswerOpener::For(manifest, round.manifest_hash, *opening_key));
  COMMONWAGE_ASSIGN_OR_RETURN(
      const CountedAnswers counted,
      CountChecked(open_inbox, manifest, inbox, opener, options));
  return ReleaseCounted(vault, round, manifest, counted, inbox, random);
}

}  // namespace commonwage::server::steward
