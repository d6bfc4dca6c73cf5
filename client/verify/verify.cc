// SPDX-License-Identifier: Apache-2.0
#include "client/verify/verify.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "artefacts/artefact_hash.h"
#include "artefacts/signers.h"
#include "base/error.h"
#include "base/status_macros.h"
#include "client/round_trust.h"
#include "client/submission.h"
#include "crypto/fingerprint.h"
#include "crypto/signature.h"
#include "figures/replies.h"
#include "privacy/best_guess.h"
#include "privacy/odds_text.h"
#include "privacy/plan_loss.h"
#include "privacy/upward_text.h"
#include "survey/cancellation.h"
#include "survey/domain_labels.h"
#include "survey/manifest.h"
#include "survey/release.h"

namespace commonwage::client {
namespace {

using privacy::estimate::Figures;

// Checks that the key of `fingerprint` is among `signers`.
absl::Status CheckSigners(const std::vector<crypto::VerifyKey>& signers,
                          absl::string_view what,
                          absl::string_view fingerprint) {
  if (signers.empty()) {
    return Refusal(Reason::kStewardSignatureRefused,
                   absl::StrCat("Not every signature on the ", what,
                                " holds, or there is none: it was changed, or "
                                "never signed."));
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const auto signer,
                              artefacts::FindSigner(signers, fingerprint));
  return signer.has_value()
             ? absl::OkStatus()
             : Refusal(Reason::kSurveyKeyDiffers,
                       absl::StrCat("The ", what,
                                    " is signed, but not by the key of this "
                                    "fingerprint."));
}

constexpr absl::string_view kManifestIsSigned =
    "The manifest is signed by the key of the fingerprint.";

absl::Status CheckManifestSigned(const v1::SignedManifest& manifest,
                                 absl::string_view fingerprint) {
  return CheckSigners(
      artefacts::VerifySigners(manifest.signatures(), kManifestSignatureLabel,
                               manifest.manifest()),
      "manifest", fingerprint);
}

absl::Status CheckSignatures(const v1::SignedRelease& release,
                             absl::string_view fingerprint,
                             std::vector<std::string>& checks) {
  COMMONWAGE_RETURN_IF_ERROR(
      CheckManifestSigned(release.manifest(), fingerprint));
  checks.emplace_back(kManifestIsSigned);
  COMMONWAGE_RETURN_IF_ERROR(CheckSigners(
      artefacts::VerifySigners(release.signatures(), kReleaseSignatureLabel,
                               release.release()),
      "release", fingerprint));
  checks.emplace_back("The release is signed by the same key.");
  return absl::OkStatus();
}

// Checks tau of every table and states the loss.
absl::Status CheckLoss(const Manifest& manifest,
                       std::vector<std::string>& checks) {
  COMMONWAGE_ASSIGN_OR_RETURN(const privacy::PlanLoss loss,
                              privacy::LossOf(manifest.plan));
  for (size_t i = 0; i < loss.marginals.size(); ++i) {
    if (manifest.taus[i] != loss.marginals[i].tau) {
      return Refusal(Reason::kTauDiffers,
                     "A table's threshold is not the one that k, delta and its "
                     "noise give.");
    }
  }
  checks.push_back(absl::StrCat(
      "The threshold of every table follows from k = ", manifest.plan.k,
      ", delta = ", manifest.plan.threshold_delta, " and its noise."));
  checks.push_back(absl::StrCat(
      "Loss of the round: ", loss.micro_rho,
      " micro-rho of the survey's cap of ", manifest.plan.survey_cap_micro_rho,
      ", and a probability of at most ",
      privacy::SmallRoundedUp(static_cast<double>(loss.threshold_delta)),
      " that the rule for small cells fails. ",
      privacy::OddsOfRelease(privacy::BestGuessOf(manifest.plan, loss, 1),
                             manifest.admission == Admission::kOpen
                                 ? privacy::ProtectedUnit::kAnswer
                                 : privacy::ProtectedUnit::kPerson)));
  return absl::OkStatus();
}

absl::Status CheckFigures(const Figures& figures,
                          std::vector<std::string>& checks) {
  size_t tables = 0;
  size_t shown = 0;
  for (const Marginal& marginal : figures.manifest().plan.marginals) {
    figures::SummaryQuestion question;
    question.measure = marginal.measure;
    question.by = marginal.by;
    question.statistics.set_count(true);
    for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9}) {
      question.statistics.add_quantiles(p);
    }
    question.statistics.set_trimmed_mean(true);
    question.statistics.set_histogram(true);
    COMMONWAGE_ASSIGN_OR_RETURN(
        const v1::SummarizeResponse reply,
        figures::Summarize(question, figures, /*identity=*/{}));
    ++tables;
    shown += static_cast<size_t>(std::count_if(
        reply.cells().begin(), reply.cells().end(),
        [](const v1::CellSummary& cell) { return cell.has_figures(); }));
  }
  checks.push_back(absl::StrCat("The figures of ", shown, " shown cells in ",
                                tables,
                                " tables were computed anew from the release; "
                                "what is withheld stays so."));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Manifest> ReadSigned(const v1::SignedManifest& manifest,
                                    absl::string_view fingerprint) {
  COMMONWAGE_RETURN_IF_ERROR(CheckManifestSigned(manifest, fingerprint));
  return ParseManifest(manifest.manifest());
}

absl::StatusOr<Manifest> VerifyManifest(const v1::SignedManifest& manifest,
                                        absl::string_view fingerprint,
                                        std::vector<std::string>& checks) {
  COMMONWAGE_ASSIGN_OR_RETURN(Manifest parsed,
                              ReadSigned(manifest, fingerprint));
  checks.emplace_back(kManifestIsSigned);
  COMMONWAGE_RETURN_IF_ERROR(CheckLoss(parsed, checks));
  return parsed;
}

absl::Status VerifyCancellation(const v1::SignedCancellation& cancellation,
                                const v1::SignedManifest& manifest,
                                absl::string_view fingerprint,
                                std::vector<std::string>& checks) {
  COMMONWAGE_RETURN_IF_ERROR(
      CheckSigners(artefacts::VerifySigners(cancellation.signatures(),
                                            kCancellationSignatureLabel,
                                            cancellation.cancellation()),
                   "cancellation", fingerprint));
  COMMONWAGE_ASSIGN_OR_RETURN(const Cancellation parsed,
                              ParseCancellation(cancellation.cancellation()));
  if (parsed.manifest_hash != artefacts::HashOfManifest(manifest.manifest())) {
    return Refusal(Reason::kAnotherManifest,
                   "The cancellation is of another manifest than this one.");
  }
  checks.emplace_back(
      "The cancellation is signed by the same key and names this manifest: the "
      "round was called off, and costs nothing as long as no release of it is "
      "seen.");
  return absl::OkStatus();
}

absl::StatusOr<Figures> VerifyRelease(const v1::SignedRelease& release,
                                      absl::string_view fingerprint,
                                      std::vector<std::string>& checks) {
  COMMONWAGE_RETURN_IF_ERROR(CheckSignatures(release, fingerprint, checks));
  COMMONWAGE_ASSIGN_OR_RETURN(Manifest manifest,
                              ParseManifest(release.manifest().manifest()));
  COMMONWAGE_ASSIGN_OR_RETURN(Release parsed, ParseRelease(release.release()));
  if (parsed.manifest_hash !=
      artefacts::HashOfManifest(release.manifest().manifest())) {
    return Refusal(
        Reason::kAnotherManifest,
        "The release was made under another manifest than this one.");
  }
  checks.emplace_back("The release names this manifest.");
  COMMONWAGE_RETURN_IF_ERROR(CheckLoss(manifest, checks));
  COMMONWAGE_RETURN_IF_ERROR(CheckReleaseAgainst(parsed, manifest));
  checks.emplace_back(
      "Every cell of every table is there, in order, with the noise, the "
      "threshold and the k that the manifest fixed before the round opened.");
  if (parsed.closed_early) {
    checks.emplace_back("The release says that the round was closed early.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(
      Figures figures, Figures::Of(std::move(manifest), std::move(parsed)));
  COMMONWAGE_RETURN_IF_ERROR(CheckFigures(figures, checks));
  return figures;
}

}  // namespace commonwage::client
