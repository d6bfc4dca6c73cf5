// SPDX-License-Identifier: Apache-2.0
// The part of the coverage study that is about modelled values.

#ifndef COMMONWAGE_TESTS_STATISTICAL_COVERAGE_MODELLED_H_
#define COMMONWAGE_TESTS_STATISTICAL_COVERAGE_MODELLED_H_

namespace commonwage::testing {

// Simulates tables of cells that differ from their common parent, which
// consists of the same workers, once as a table of its own and once as the
// cells' sum; twenty tables at least, as cells of one table stray together.
// Prints how often the modelled medians' intervals hold over the cells and what
// modelling gains, and returns how many figures are below `least` or lose
// accuracy.
int ModelledTable(int rounds, double least);

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_COVERAGE_MODELLED_H_
