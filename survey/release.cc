// SPDX-License-Identifier: Apache-2.0
#include "survey/release.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/check.h"
#include "base/error.h"
#include "commonwage/v1/release.pb.h"
#include "survey/cells.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "survey/plan/tree_shape.h"
#include "survey/text/fraction.h"
#include "survey/text/identifier.h"

namespace commonwage {
namespace {

// No tree has more levels, nor nodes, than with 256 bins and fanouts of 2.
constexpr int kMaxLevels = 9;
constexpr int kMaxNodesPerCell = 511;

absl::Status Malformed() {
  return Refusal(Reason::kReleaseMalformed,
                 "These bytes are not a release that this version "
                 "understands.");
}

absl::Status DoesNotFit(absl::string_view what) {
  return Refusal(
      Reason::kReleaseDoesNotFit,
      absl::StrCat("The release does not fit its manifest: ", what, "."));
}

v1::Mechanism ToProto(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::kDiscreteGaussian:
      return v1::MECHANISM_DISCRETE_GAUSSIAN;
    case Mechanism::kDiscreteLaplace:
      return v1::MECHANISM_DISCRETE_LAPLACE;
  }
  return v1::MECHANISM_UNSPECIFIED;
}

std::optional<Mechanism> FromProto(v1::Mechanism mechanism) {
  switch (mechanism) {
    case v1::MECHANISM_DISCRETE_GAUSSIAN:
      return Mechanism::kDiscreteGaussian;
    case v1::MECHANISM_DISCRETE_LAPLACE:
      return Mechanism::kDiscreteLaplace;
    default:
      return std::nullopt;
  }
}

std::optional<ReleasedCell> FromProto(const v1::ReleasedCell& message) {
  if (message.has_withheld()) {
    return ReleasedCell();
  }
  const auto& nodes = message.released().nodes();
  if (!message.has_released() || nodes.empty() ||
      nodes.size() > kMaxNodesPerCell) {
    return std::nullopt;
  }
  return ReleasedCell(std::vector<int64_t>(nodes.begin(), nodes.end()));
}

std::optional<ReleasedMarginal> FromProto(const v1::ReleasedMarginal& message) {
  const std::optional<Mechanism> mechanism = FromProto(message.mechanism());
  if (!IsIdentifier(message.id()) || !mechanism.has_value() ||
      message.noise_per_level().empty() ||
      message.noise_per_level_size() > kMaxLevels || message.tau() <= 0 ||
      message.cells().empty()) {
    return std::nullopt;
  }
  ReleasedMarginal marginal{.id = message.id(),
                            .mechanism = *mechanism,
                            .noise_per_level = {},
                            .tau = message.tau(),
                            .threshold_delta = message.threshold_delta(),
                            .cells = {}};
  for (const v1::Fraction& noise : message.noise_per_level()) {
    if (noise.numerator() <= 0 || noise.denominator() <= 0) {
      return std::nullopt;
    }
    marginal.noise_per_level.push_back(
        {.numerator = noise.numerator(), .denominator = noise.denominator()});
  }
  marginal.cells.reserve(static_cast<size_t>(message.cells_size()));
  for (const v1::ReleasedCell& cell : message.cells()) {
    std::optional<ReleasedCell> released = FromProto(cell);
    if (!released.has_value()) {
      return std::nullopt;
    }
    marginal.cells.push_back(*std::move(released));
  }
  return marginal;
}

void ToProto(const ReleasedMarginal& marginal, v1::ReleasedMarginal& message) {
  message.set_id(marginal.id);
  message.set_mechanism(ToProto(marginal.mechanism));
  for (const Fraction& noise : marginal.noise_per_level) {
    v1::Fraction& fraction = *message.add_noise_per_level();
    fraction.set_numerator(noise.numerator);
    fraction.set_denominator(noise.denominator);
  }
  message.set_tau(marginal.tau);
  message.set_threshold_delta(marginal.threshold_delta);
  message.mutable_cells()->Reserve(static_cast<int>(marginal.cells.size()));
  for (const ReleasedCell& cell : marginal.cells) {
    v1::ReleasedCell& outcome = *message.add_cells();
    if (cell.has_value()) {
      outcome.mutable_released()->mutable_nodes()->Add(cell->begin(),
                                                       cell->end());
    } else {
      outcome.mutable_withheld();
    }
  }
}

absl::Status CheckCells(const ReleasedMarginal& released, const Plan& plan,
                        const Marginal& marginal) {
  if (released.cells.size() != CellSpace(plan, marginal).size()) {
    return DoesNotFit(absl::StrCat("the number of cells of ", marginal.id));
  }
  const size_t node_count = TreeShape(marginal.fanouts).node_count();
  for (const ReleasedCell& cell : released.cells) {
    if (!cell.has_value()) {
      continue;
    }
    if (cell->size() != node_count) {
      return DoesNotFit(
          absl::StrCat("the number of nodes of a cell of ", marginal.id));
    }
    if (cell->front() < released.tau) {
      return DoesNotFit(absl::StrCat("a cell of ", marginal.id,
                                     " should have been withheld"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckMarginal(const ReleasedMarginal& released,
                           const Manifest& manifest, size_t index) {
  const Marginal& marginal = manifest.plan.marginals[index];
  if (released.id != marginal.id) {
    return DoesNotFit("its marginals are not those of the plan in their order");
  }
  if (released.mechanism != marginal.mechanism ||
      released.noise_per_level != NoiseOf(marginal)) {
    return DoesNotFit(absl::StrCat("the noise of ", marginal.id));
  }
  if (released.tau != manifest.taus[index]) {
    return DoesNotFit(absl::StrCat("tau of ", marginal.id));
  }
  if (released.threshold_delta != manifest.plan.threshold_delta) {
    return DoesNotFit(absl::StrCat("the threshold delta of ", marginal.id));
  }
  return CheckCells(released, manifest.plan, marginal);
}

}  // namespace

std::string WriteRelease(const Release& release) {
  v1::Release message;
  message.set_round_id(release.round_id);
  message.set_manifest_hash(std::string(release.manifest_hash.view()));
  message.set_k(release.k);
  message.set_closed_early(release.closed_early);
  message.set_code_version(release.code_version);
  for (const ReleasedMarginal& marginal : release.marginals) {
    ToProto(marginal, *message.add_marginals());
  }
  std::string bytes;
  // Fails only beyond 2 GB, and kMaxNodesPerPlan keeps far below that.
  COMMONWAGE_CHECK(message.SerializeToString(&bytes));
  return bytes;
}

absl::StatusOr<Release> ParseRelease(absl::string_view bytes) {
  v1::Release message;
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Malformed();
  }
  // Whatever is in the bytes must be in the message: no fields of another
  // version, nothing written twice or at greater length than needed.
  message.DiscardUnknownFields();
  if (message.ByteSizeLong() != bytes.size()) {
    return Malformed();
  }
  const std::optional<ManifestHash> manifest_hash =
      ManifestHash::From(message.manifest_hash());
  if (!manifest_hash.has_value() || !IsRoundId(message.round_id()) ||
      message.k() < kMinK || !IsIdentifier(message.code_version()) ||
      message.marginals().empty()) {
    return Malformed();
  }
  Release release{.round_id = message.round_id(),
                  .manifest_hash = *manifest_hash,
                  .k = message.k(),
                  .closed_early = message.closed_early(),
                  .code_version = message.code_version(),
                  .marginals = {}};
  for (const v1::ReleasedMarginal& marginal : message.marginals()) {
    std::optional<ReleasedMarginal> read = FromProto(marginal);
    if (!read.has_value()) {
      return Malformed();
    }
    release.marginals.push_back(*std::move(read));
  }
  return release;
}

absl::Status CheckReleaseAgainst(const Release& release,
                                 const Manifest& manifest) {
  COMMONWAGE_CHECK(manifest.taus.size() == manifest.plan.marginals.size());
  if (release.round_id != RoundIdOf(manifest.plan)) {
    return DoesNotFit("the round");
  }
  if (release.k != manifest.plan.k) {
    return DoesNotFit("k");
  }
  if (release.marginals.size() != manifest.plan.marginals.size()) {
    return DoesNotFit("the number of marginals");
  }
  for (size_t i = 0; i < release.marginals.size(); ++i) {
    absl::Status fits = CheckMarginal(release.marginals[i], manifest, i);
    if (!fits.ok()) {
      return fits;
    }
  }
  return absl::OkStatus();
}

}  // namespace commonwage
