// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/audit.h"

#include <cmath>

#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "privacy/noise_terms.h"
#include "privacy/plan_loss.h"
#include "privacy/threshold.h"
#include "survey/plan/plan_json.h"
#include "survey/plan/tree_shape.h"
#include "tests/statistical/sample_checks.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {
namespace {

using privacy::noise::Tally;

constexpr char kPlanJson[] = R"json({
  "survey": "audit", "round": "1",
  "opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-02-01T00:00:00Z",
  "dimensions": [{"id": "a", "values": ["a0", "a1"]},
                 {"id": "b", "values": ["b0", "b1"]}],
  "measures": [{"id": "pay", "currency": "EUR", "period": "HOUR",
                "minor_unit_exponent": 2,
                "inner_edges": [1000, 1100, 1200, 1300, 1400, 1500, 1600]}],
  "k": 10, "threshold_delta": "1e-7", "survey_cap_micro_rho": 1600000,
  "marginals": [
    {"id": "a", "measure": "pay", "by": ["a"],
     "mechanism": "DISCRETE_GAUSSIAN", "fanouts": [2, 4],
     "micro_rho_per_level": [20000, 20000, 20000]},
    {"id": "a_b", "measure": "pay", "by": ["a", "b"],
     "mechanism": "DISCRETE_GAUSSIAN", "fanouts": [2, 2, 2],
     "micro_rho_per_level": [31250, 20000, 31250, 20000]},
    {"id": "b", "measure": "pay", "by": ["b"],
     "mechanism": "DISCRETE_LAPLACE", "fanouts": [8],
     "micro_epsilon_per_level": [300000, 400000]}]
})json";

Manifest ManifestWithDelta(const std::string& threshold_delta) {
  Manifest manifest;
  auto plan = ParsePlan(kPlanJson);
  COMMONWAGE_CHECK(plan.ok());
  manifest.plan = *plan;
  manifest.plan.threshold_delta = threshold_delta;
  const auto loss = privacy::LossOf(manifest.plan);
  COMMONWAGE_CHECK(loss.ok());
  for (const privacy::MarginalLoss& marginal : loss->marginals) {
    manifest.taus.push_back(marginal.tau);
  }
  return manifest;
}

// So many people that no cell is ever withheld.
constexpr int kPlenty = 1000;
constexpr int kGaussianMarginals = 2;

// How often the first cell of each marginal was shown in `runs` releases with
// `people` in it.
std::vector<int> TimesShown(const Publisher& publish, const Manifest& manifest,
                            int people, int runs, uint64_t seed) {
  SeededRandom random(seed);
  Tally tally(manifest.plan);
  for (int i = 0; i < people; ++i) {
    COMMONWAGE_CHECK(tally.Add({{0, 0}, {1250}}).ok());
  }
  std::vector<int> shown(manifest.plan.marginals.size(), 0);
  for (int run = 0; run < runs; ++run) {
    const Release release = publish(manifest, tally, random);
    for (size_t m = 0; m < shown.size(); ++m) {
      shown[m] += release.marginals[m].cells[0].has_value() ? 1 : 0;
    }
  }
  return shown;
}

// The noise of the nodes of one cell, in order, given that all of its `people`
// are in bin 0, so under the first node of each level. Extra numbers in a cell
// are left out: AuditContents sees them.
void AppendNoise(const TreeShape& tree, const ReleasedCell& cell,
                 int64_t people, std::vector<int64_t>& noise) {
  COMMONWAGE_CHECK(cell.has_value());
  for (size_t level = 0; level < tree.levels(); ++level) {
    const size_t first = tree.level_offset(level);
    for (size_t i = first; i < first + tree.level_size(level); ++i) {
      noise.push_back((*cell)[i] - (i == first ? people : 0));
    }
  }
}

// The noise of every node of a release, in order, given the truth of EvenTally.
std::vector<int64_t> NoiseOfNodes(const Plan& plan, const Release& release,
                                  int people) {
  std::vector<int64_t> noise;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const TreeShape tree(plan.marginals[m].fanouts);
    const bool is_pair = plan.marginals[m].by.size() == 2;
    for (const ReleasedCell& cell : release.marginals[m].cells) {
      AppendNoise(tree, cell, is_pair ? people : 2 * people, noise);
    }
  }
  return noise;
}

// The laws that a released marginal states for the nodes of one of its cells.
std::vector<privacy::NoiseLaw> LawsOfCell(const TreeShape& tree,
                                          const ReleasedMarginal& marginal) {
  std::vector<privacy::NoiseLaw> laws;
  for (size_t level = 0; level < tree.levels(); ++level) {
    laws.insert(laws.end(), tree.level_size(level),
                {marginal.mechanism, marginal.noise_per_level[level]});
  }
  return laws;
}

// The law that the release states for each node, in the order of NoiseOfNodes.
std::vector<privacy::NoiseLaw> LawsOfNodes(const Plan& plan,
                                           const Release& release) {
  std::vector<privacy::NoiseLaw> laws;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const auto of_cell =
        LawsOfCell(TreeShape(plan.marginals[m].fanouts), release.marginals[m]);
    for (size_t cell = 0; cell < release.marginals[m].cells.size(); ++cell) {
      laws.insert(laws.end(), of_cell.begin(), of_cell.end());
    }
  }
  return laws;
}

// Returns the noisy counts on the path from the root to bin 0, each minus
// `without`, over the sigma^2 of its level.
double EvidenceOnPath(const TreeShape& tree, const ReleasedMarginal& marginal,
                      int64_t without) {
  double evidence = 0;
  for (size_t level = 0; level < tree.levels(); ++level) {
    const Fraction& sigma_squared = marginal.noise_per_level[level];
    const int64_t noisy = (*marginal.cells[0])[tree.level_offset(level)];
    evidence += static_cast<double>(noisy - without) *
                static_cast<double>(sigma_squared.denominator) /
                static_cast<double>(sigma_squared.numerator);
  }
  return evidence;
}

// Mean and variance of Evidence over releases of `tally`.
struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments EvidenceMoments(const Publisher& publish, const Manifest& manifest,
                        const Tally& tally, int runs, uint64_t seed) {
  SeededRandom random(seed);
  double sum = 0;
  double squares = 0;
  for (int run = 0; run < runs; ++run) {
    const double evidence =
        Evidence(manifest.plan, publish(manifest, tally, random), kPlenty);
    sum += evidence;
    squares += evidence * evidence;
  }
  const double mean = sum / runs;
  return {mean, squares / runs - mean * mean};
}

// Per node, its noise in each of `runs` releases.
std::vector<std::vector<double>> NoiseSeries(const Publisher& publish, int runs,
                                             uint64_t seed) {
  const Manifest manifest = AuditManifest();
  const Tally tally = EvenTally(manifest.plan, kPlenty);
  SeededRandom random(seed);
  std::vector<std::vector<double>> series;
  for (int run = 0; run < runs; ++run) {
    const auto noise =
        NoiseOfNodes(manifest.plan, publish(manifest, tally, random), kPlenty);
    series.resize(noise.size());
    for (size_t i = 0; i < noise.size(); ++i) {
      series[i].push_back(static_cast<double>(noise[i]));
    }
  }
  return series;
}

// Whether two series, the second `lag` releases behind, move together: more
// than 6.5 standard errors from no correlation. Noise that is always zero has
// no correlation, and counts as related.
bool AreRelated(const std::vector<double>& first,
                const std::vector<double>& second, size_t lag) {
  double product = 0;
  double squares_first = 0;
  double squares_second = 0;
  for (size_t run = lag; run < first.size(); ++run) {
    product += first[run] * second[run - lag];
    squares_first += first[run] * first[run];
    squares_second += second[run - lag] * second[run - lag];
  }
  const double correlation =
      product / std::sqrt(squares_first * squares_second);
  const double limit = 6.5 / std::sqrt(static_cast<double>(first.size()));
  return !(std::abs(correlation) < limit);
}

}  // namespace

Manifest AuditManifest() { return ManifestWithDelta("1e-7"); }

Manifest LooseAuditManifest() { return ManifestWithDelta("0.05"); }

Tally EvenTally(const Plan& plan, int people) {
  Tally tally(plan);
  for (int i = 0; i < 4 * people; ++i) {
    const auto a = static_cast<uint16_t>(i % 2);
    const auto b = static_cast<uint16_t>(i / 2 % 2);
    COMMONWAGE_CHECK(tally.Add({{a, b}, {500}}).ok());
  }
  return tally;
}

double Evidence(const Plan& plan, const Release& release, int64_t people) {
  double evidence = 0;
  for (size_t m = 0; m < kGaussianMarginals; ++m) {
    evidence +=
        EvidenceOnPath(TreeShape(plan.marginals[m].fanouts),
                       release.marginals[m], m == 0 ? 2 * people : people);
  }
  return evidence;
}

int64_t ChargedForGaussians() {
  const auto loss = privacy::LossOf(AuditManifest().plan);
  COMMONWAGE_CHECK(loss.ok());
  return loss->marginals[0].micro_rho + loss->marginals[1].micro_rho;
}

std::vector<std::string> AuditWithholding(const Publisher& publish) {
  constexpr int kRuns = 4000;
  const Manifest manifest = LooseAuditManifest();
  const int64_t k = manifest.plan.k;
  std::vector<std::string> findings;
  for (const int64_t people : {k - 1, k, manifest.taus[0] + 2}) {
    const std::vector<int> shown =
        TimesShown(publish, manifest, static_cast<int>(people), kRuns, 11);
    for (size_t m = 0; m < shown.size(); ++m) {
      const auto law = privacy::LawPerLevel(manifest.plan.marginals[m])[0];
      const auto chance = static_cast<double>(
          privacy::ReleaseProbability(law, k, manifest.taus[m], people));
      const double error = std::sqrt(kRuns * chance * (1 - chance));
      const bool as_often = std::abs(shown[m] - kRuns * chance) <= 5 * error;
      findings.push_back(as_often ? ""
                                  : absl::StrCat("marginal ", m, " with ",
                                                 people, " people was shown ",
                                                 shown[m], " times of ", kRuns,
                                                 ", not ", kRuns * chance));
    }
  }
  std::erase(findings, "");
  return findings;
}

Distinguisher MeasureDistinguisher(const Publisher& publish) {
  constexpr int kRuns = 20000;
  const Manifest manifest = AuditManifest();
  const Tally without = EvenTally(manifest.plan, kPlenty);
  Tally with = without;
  COMMONWAGE_CHECK(with.Add({{0, 0}, {500}}).ok());
  const Moments null = EvidenceMoments(publish, manifest, without, kRuns, 21);
  const Moments other = EvidenceMoments(publish, manifest, with, kRuns, 22);
  const double mu = (other.mean - null.mean) /
                    std::sqrt((null.variance + other.variance) / 2);
  return {mu, std::sqrt((2 + mu * mu / 4) / kRuns)};
}

std::vector<std::string> AuditLikelihoodRatio(const Publisher& publish,
                                              int64_t charged_micro_rho) {
  const Distinguisher measured = MeasureDistinguisher(publish);
  const double expected =
      std::sqrt(2 * static_cast<double>(charged_micro_rho) / 1e6);
  std::vector<std::string> findings;
  if (std::abs(measured.mu - expected) > 4 * measured.standard_error) {
    findings.push_back(absl::StrCat("mu = ", measured.mu, " +- ",
                                    measured.standard_error, ", charged for ",
                                    expected));
  }
  return findings;
}

std::vector<std::string> AuditLaws(const Publisher& publish) {
  constexpr int kRuns = 4000;
  const Manifest manifest = AuditManifest();
  const Tally tally = EvenTally(manifest.plan, kPlenty);
  SeededRandom random(31);
  std::vector<Sample> samples;
  std::vector<privacy::NoiseLaw> laws;
  for (int run = 0; run < kRuns; ++run) {
    const Release release = publish(manifest, tally, random);
    const auto noise = NoiseOfNodes(manifest.plan, release, kPlenty);
    samples.resize(noise.size());
    for (size_t i = 0; i < noise.size(); ++i) {
      samples[i].Add(noise[i]);
    }
    laws = LawsOfNodes(manifest.plan, release);
  }
  std::vector<std::string> findings;
  for (size_t i = 0; i < samples.size(); ++i) {
    for (const std::string& failed : FailedChecks(samples[i], laws[i])) {
      findings.push_back(absl::StrCat("node ", i, ": ", failed));
    }
  }
  return findings;
}

std::vector<std::string> AuditIndependence(const Publisher& publish) {
  const auto series = NoiseSeries(publish, 4000, 41);
  std::vector<std::string> findings;
  for (size_t i = 0; i < series.size(); ++i) {
    if (AreRelated(series[i], series[i], 1)) {
      findings.push_back(absl::StrCat("node ", i, " of two releases"));
    }
    for (size_t j = 0; j < i; ++j) {
      findings.push_back(AreRelated(series[i], series[j], 0)
                             ? absl::StrCat("nodes ", i, " and ", j)
                             : "");
    }
  }
  std::erase(findings, "");
  return findings;
}

std::vector<std::string> AuditContents(const Publisher& publish) {
  const Manifest manifest = AuditManifest();
  SeededRandom random(51);
  const Release release =
      publish(manifest, EvenTally(manifest.plan, kPlenty), random);
  const absl::Status fits = CheckReleaseAgainst(release, manifest);
  if (fits.ok()) {
    return {};
  }
  return {std::string(fits.message())};
}

}  // namespace commonwage::testing
