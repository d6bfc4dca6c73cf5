// SPDX-License-Identifier: Apache-2.0
// The faults of plans that tests make from the sample.

#ifndef COMMONWAGE_TESTS_SURVEY_PLAN_FAULTS_H_
#define COMMONWAGE_TESTS_SURVEY_PLAN_FAULTS_H_

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "survey/plan/plan_json.h"
#include "tests/survey/samples.h"

namespace commonwage::testing {

inline std::vector<Fault> FaultsIn(absl::string_view json) {
  return FaultsOf(ParsePlan(json).status());
}

// Returns the faults of the sample plan, with its optional parts, after `from`,
// which must be in it, is replaced.
inline std::vector<Fault> FaultsAfter(absl::string_view from,
                                      absl::string_view to) {
  const std::string json = WritePlan(SamplePlan());
  const std::string changed = absl::StrReplaceAll(json, {{from, to}});
  EXPECT_NE(json, changed) << from << " is not there";
  return FaultsIn(changed);
}

// Checks that the replacement makes one fault, at `place`.
inline void ExpectFaultAt(absl::string_view place, absl::string_view from,
                          absl::string_view to) {
  const std::vector<Fault> faults = FaultsAfter(from, to);
  ASSERT_EQ(faults.size(), 1U) << to;
  EXPECT_EQ(faults[0].place, place) << to;
  EXPECT_TRUE(absl::EndsWith(faults[0].sentence, ".")) << faults[0].sentence;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SURVEY_PLAN_FAULTS_H_
