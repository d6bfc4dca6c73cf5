// SPDX-License-Identifier: Apache-2.0
// Audits of a whole release: each tests one sentence of the proof in
// docs/PRIVACY.md on what comes out. They know nothing of how it is made, so
// the same audit judges the product and builds with a fault seeded.
//
// False alarms, for a fresh seed, are stated at each audit. Seeds are fixed, so
// the tests always come out the same.

#ifndef COMMONWAGE_TESTS_STATISTICAL_AUDIT_H_
#define COMMONWAGE_TESTS_STATISTICAL_AUDIT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/random_source.h"
#include "privacy/noise/tally.h"
#include "survey/manifest.h"
#include "survey/release.h"

namespace commonwage::testing {

// What is audited: draws one release.
using Publisher = std::function<Release(
    const Manifest&, const privacy::noise::Tally&, RandomSource&)>;

// Returns a manifest of two Gaussian marginals and one Laplace marginal over
// two dimensions of two values, with eight bins.
Manifest AuditManifest();

// The same with a threshold so loose that cells near k are often shown.
Manifest LooseAuditManifest();

// Returns a tally with `people` answers in each of the four combinations of
// values, all of them in bin 0, so that most nodes are empty.
privacy::noise::Tally EvenTally(const Plan& plan, int people);

// Returns the best statistic for whether one person more than EvenTally's, of
// the first values and in bin 0, is in: the sum, over the nodes on that path in
// both Gaussian marginals, of noisy count minus the count without that person,
// over sigma^2. `people` are in each combination of values.
double Evidence(const Plan& plan, const Release& release, int64_t people);

// Each returns one line per finding, and none if all is well.

// Cells with k - 1 people are never shown, those with k as often as delta1
// says, those with tau + 2 as often as forecast. False alarm: 2e-6.
std::vector<std::string> AuditWithholding(const Publisher& publish);

// How good the best distinguisher of "with" from "without" one person is, which
// knows everything else, on the two Gaussian marginals: the distance between
// the two means of its statistic in standard deviations.
struct Distinguisher {
  double mu = 0;
  double standard_error = 0;
};

// Estimates it from 20,000 releases of each kind.
Distinguisher MeasureDistinguisher(const Publisher& publish);

// It is as good as `charged_micro_rho` for the two Gaussian marginals allows,
// mu = sqrt(2 rho), within four standard errors. False alarm: 6e-5.
std::vector<std::string> AuditLikelihoodRatio(const Publisher& publish,
                                              int64_t charged_micro_rho);

// The noise of every node, empty ones too, follows the law that the release
// states for its level. False alarm: 3e-4 over all nodes.
std::vector<std::string> AuditLaws(const Publisher& publish);

// No two nodes of a release have related noise, nor has a node in two releases
// that follow each other. False alarm: 1e-5 over all pairs.
std::vector<std::string> AuditIndependence(const Publisher& publish);

// Shown cells have the nodes that the manifest promises and nothing else.
std::vector<std::string> AuditContents(const Publisher& publish);

// Returns the micro-rho that the plan of AuditManifest is charged for its two
// Gaussian marginals.
int64_t ChargedForGaussians();

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_AUDIT_H_
