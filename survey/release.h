// SPDX-License-Identifier: Apache-2.0
// The release: the one artefact of a round, all that is ever published about
// it. Every statistic is arithmetic on it.

#ifndef COMMONWAGE_SURVEY_RELEASE_H_
#define COMMONWAGE_SURVEY_RELEASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/text/fraction.h"

namespace commonwage {

// The noisy counts of a cell's tree, in TreeShape's order, or nullopt if the
// cell is withheld, for whatever reason.
using ReleasedCell = std::optional<std::vector<int64_t>>;

struct ReleasedMarginal {
  std::string id;
  Mechanism mechanism = Mechanism::kDiscreteGaussian;
  std::vector<Fraction> noise_per_level;  // As NoiseOf() gives it.
  int64_t tau = 0;
  std::string threshold_delta;
  std::vector<ReleasedCell> cells;  // All cells, in CellSpace's order.

  friend bool operator==(const ReleasedMarginal&,
                         const ReleasedMarginal&) = default;
};

struct Release {
  std::string round_id;
  ManifestHash manifest_hash;
  int64_t k = 0;
  bool closed_early = false;
  std::string code_version;  // Of the program that drew the noise.
  std::vector<ReleasedMarginal> marginals;  // In plan order.

  friend bool operator==(const Release&, const Release&) = default;
};

// Returns the bytes of `release`: a commonwage.v1.Release message. Do this
// once, when it is drawn; sign these bytes and pass them on as they are.
std::string WriteRelease(const Release& release);

// Reads a release. Whether a steward signed it is the caller's to check, and
// before anything else; whether it fits its manifest is CheckReleaseAgainst's.
//
// Fails with INVALID_ARGUMENT, reason RELEASE_MALFORMED, if `bytes` is not
// such a message, has anything in it that this version does not know, or has a
// value no release can have.
absl::StatusOr<Release> ParseRelease(absl::string_view bytes);

// Checks that `release` is what `manifest` promised: round, k, every marginal
// and every cell in plan order, mechanism, noise, tau, delta, the nodes of each
// released cell, and no released cell below tau. Its manifest hash is the
// caller's to compare.
//
// Fails with FAILED_PRECONDITION, reason RELEASE_DOES_NOT_FIT, naming what
// does not fit.
absl::Status CheckReleaseAgainst(const Release& release,
                                 const Manifest& manifest);

}  // namespace commonwage

#endif  // COMMONWAGE_SURVEY_RELEASE_H_
