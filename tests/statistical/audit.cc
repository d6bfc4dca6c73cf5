// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/audit.h"

#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"

#include "base/check.h"
#include "privacy/noise_terms.h"
#include "privacy/plan_loss.h"
#include "privacy/threshold.h"
#include "survey/plan_json.h"
#include "survey/tree_shape.h"
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

// The noise of every node of a release, in order, given the truth of EvenTally.
// Extra numbers in a cell are left out: AuditContents sees them.
std::vector<int64_t> NoiseOfNodes(const Plan& plan, const Release& release,
                                  int people) {
  std::vector<int64_t> noise;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const TreeShape tree(plan.marginals[m].fanouts);
    const int64_t count =
        plan.marginals[m].by.size() == 2 ? people : 2 * people;
    for (const ReleasedCell& cell : release.marginals[m].cells) {
      COMMONWAGE_CHECK(cell.has_value());
      for (size_t level = 0; level < tree.levels(); ++level) {
        for (size_t i = 0; i < tree.level_size(level); ++i) {
          // All people are in bin 0, so under the first node of each level.
          noise.push_back((*cell)[tree.level_offset(level) + i] -
                          (i == 0 ? count : 0));
        }
      }
    }
  }
  return noise;
}

// The law that the release states for each node, in the order of NoiseOfNodes.
std::vector<privacy::NoiseLaw> LawsOfNodes(const Plan& plan,
                                           const Release& release) {
  std::vector<privacy::NoiseLaw> laws;
  for (size_t m = 0; m < plan.marginals.size(); ++m) {
    const TreeShape tree(plan.marginals[m].fanouts);
    const ReleasedMarginal& marginal = release.marginals[m];
    for (size_t cell = 0; cell < marginal.cells.size(); ++cell) {
      for (size_t level = 0; level < tree.levels(); ++level) {
        laws.insert(laws.end(), tree.level_size(level),
                    {marginal.mechanism, marginal.noise_per_level[level]});
      }
    }
  }
  return laws;
}

// Mean and variance of the likelihood-ratio statistic over releases of `tally`:
// the sum, over the nodes on the target's path, of noisy count minus what it
// would be without the target, over sigma^2.
struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments RatioMoments(const Publisher& publish, const Manifest& manifest,
                     const Tally& tally, int runs, uint64_t seed) {
  SeededRandom random(seed);
  double sum = 0;
  double squares = 0;
  for (int run = 0; run < runs; ++run) {
    const Release release = publish(manifest, tally, random);
    double statistic = 0;
    for (size_t m = 0; m < kGaussianMarginals; ++m) {
      const ReleasedMarginal& marginal = release.marginals[m];
      const TreeShape tree(manifest.plan.marginals[m].fanouts);
      const int64_t without = m == 0 ? 2 * kPlenty : kPlenty;
      for (size_t level = 0; level < tree.levels(); ++level) {
        const Fraction& sigma_squared = marginal.noise_per_level[level];
        const int64_t noisy = (*marginal.cells[0])[tree.level_offset(level)];
        statistic += static_cast<double>(noisy - without) *
                     static_cast<double>(sigma_squared.denominator) /
                     static_cast<double>(sigma_squared.numerator);
      }
    }
    sum += statistic;
    squares += statistic * statistic;
  }
  const double mean = sum / runs;
  return {mean, squares / runs - mean * mean};
}

}  // namespace

Manifest AuditManifest() { return ManifestWithDelta("1e-7"); }

Manifest LooseAuditManifest() { return ManifestWithDelta("0.05"); }

Tally EvenTally(const Plan& plan, int people) {
  Tally tally(plan);
  for (int i = 0; i < people; ++i) {
    for (const uint16_t a : {uint16_t{0}, uint16_t{1}}) {
      for (const uint16_t b : {uint16_t{0}, uint16_t{1}}) {
        COMMONWAGE_CHECK(tally.Add({{a, b}, {500}}).ok());
      }
    }
  }
  return tally;
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
      if (std::abs(shown[m] - kRuns * chance) > 5 * error) {
        findings.push_back(absl::StrCat(
            "marginal ", m, " with ", people, " people was shown ", shown[m],
            " times of ", kRuns, ", not ", kRuns * chance));
      }
    }
  }
  return findings;
}

Distinguisher MeasureDistinguisher(const Publisher& publish) {
  constexpr int kRuns = 20000;
  const Manifest manifest = AuditManifest();
  const Tally without = EvenTally(manifest.plan, kPlenty);
  Tally with = without;
  COMMONWAGE_CHECK(with.Add({{0, 0}, {500}}).ok());
  const Moments null = RatioMoments(publish, manifest, without, kRuns, 21);
  const Moments other = RatioMoments(publish, manifest, with, kRuns, 22);
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
  constexpr int kRuns = 4000;
  const Manifest manifest = AuditManifest();
  const Tally tally = EvenTally(manifest.plan, kPlenty);
  SeededRandom random(41);
  // Per node, its noise in every release, in units of its deviation.
  std::vector<std::vector<double>> series;
  for (int run = 0; run < kRuns; ++run) {
    const auto noise =
        NoiseOfNodes(manifest.plan, publish(manifest, tally, random), kPlenty);
    series.resize(noise.size());
    for (size_t i = 0; i < noise.size(); ++i) {
      series[i].push_back(static_cast<double>(noise[i]));
    }
  }
  const auto correlation = [&](size_t i, size_t j, size_t lag) {
    double product = 0;
    double squares_i = 0;
    double squares_j = 0;
    for (size_t run = lag; run < series[i].size(); ++run) {
      product += series[i][run] * series[j][run - lag];
      squares_i += series[i][run] * series[i][run];
      squares_j += series[j][run - lag] * series[j][run - lag];
    }
    return product / std::sqrt(squares_i * squares_j);
  };
  // Noise that is always zero gives no number, and is a finding too.
  const auto related = [](double value) {
    return !(std::abs(value) < 6.5 / std::sqrt(kRuns));
  };
  std::vector<std::string> findings;
  for (size_t i = 0; i < series.size(); ++i) {
    if (related(correlation(i, i, 1))) {
      findings.push_back(absl::StrCat("node ", i, " of two releases"));
    }
    for (size_t j = 0; j < i; ++j) {
      if (related(correlation(i, j, 0))) {
        findings.push_back(absl::StrCat("nodes ", i, " and ", j));
      }
    }
  }
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
