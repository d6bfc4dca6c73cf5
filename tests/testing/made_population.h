// SPDX-License-Identifier: Apache-2.0
// People who do not exist, answering any plan: wages heaped as real ones are,
// a few large groups and many small ones, some far below any k.

#ifndef COMMONWAGE_TESTS_TESTING_MADE_POPULATION_H_
#define COMMONWAGE_TESTS_TESTING_MADE_POPULATION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "survey/answer.h"
#include "survey/plan/plan.h"

namespace commonwage::testing {

// Returns `people` answers to `plan`, each within its lists; the same seed
// gives the same people. Values get rarer down their list, with weight
// rank^-1.4. Wages are lognormal around the middle of the grid; a third are
// rounded as people round, a tenth sit on an anchor if the plan has one.
std::vector<Answer> MakePopulation(const Plan& plan, size_t people,
                                   uint64_t seed);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_TESTING_MADE_POPULATION_H_
