// SPDX-License-Identifier: Apache-2.0
// A small plan that most tests share.

#ifndef COMMONWAGE_TESTS_TESTING_SAMPLE_PLAN_H_
#define COMMONWAGE_TESTS_TESTING_SAMPLE_PLAN_H_

#include <string>

namespace commonwage::testing {

// Couriers: two dimensions, one hourly measure of 16 bins, a Gaussian and a
// Laplace marginal. Open from 2026-01-01 to 2026-02-01.
inline std::string SamplePlanJson() {
  return R"json({
  "survey": "couriers",
  "round": "2026-q1",
  "opens_at": "2026-01-01T00:00:00Z",
  "closes_at": "2026-02-01T00:00:00Z",
  "dimensions": [
    {"id": "platform", "values": ["bolt-bike", "fast-food", "other", "undisclosed"]},
    {"id": "region", "values": ["north", "south", "undisclosed"]}
  ],
  "measures": [
    {"id": "hourly_pay", "currency": "EUR", "period": "HOUR", "minor_unit_exponent": 2,
     "inner_edges": [600, 700, 800, 900, 1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 2000, 2200]}
  ],
  "k": 10,
  "threshold_delta": "1e-7",
  "survey_cap_micro_rho": 1600000,
  "marginals": [
    {"id": "platform", "measure": "hourly_pay", "by": ["platform"],
     "mechanism": "DISCRETE_GAUSSIAN", "fanouts": [4, 4],
     "micro_rho_per_level": [50000, 50000, 50000]},
    {"id": "platform_region", "measure": "hourly_pay", "by": ["platform", "region"],
     "mechanism": "DISCRETE_LAPLACE", "fanouts": [4, 4],
     "micro_epsilon_per_level": [300000, 300000, 300000]}
  ]
})json";
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_SAMPLE_PLAN_H_
