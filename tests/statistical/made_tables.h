// SPDX-License-Identifier: Apache-2.0
// Made tables of small groups whose true figures are known: how much a cell may
// be unlike what its row and column say, and on what kind of pay.

#ifndef COMMONWAGE_TESTS_STATISTICAL_MADE_TABLES_H_
#define COMMONWAGE_TESTS_STATISTICAL_MADE_TABLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "privacy/noise/tally.h"
#include "survey/manifest.h"
#include "survey/plan/plan.h"
#include "tests/statistical/modelled_score.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::testing {

// How the medians of a table's cells stray, in log, from the sum of an effect
// per row (standard deviation 0.2) and column (0.15).
enum class Straying {
  kNone,
  kLittle,    // Normal, standard deviation 0.05.
  kMuch,      // Normal, 0.2.
  kFew,       // One cell in six, by 0.35 up or down; the others not at all.
  kOneByOne,  // No columns: 40 cells of one dimension.
  kThreeWay,  // 6 x 4 x 4 cells; pairs of values stray by 0.1, cells by 0.05.
};

enum class PayKind {
  kSmooth,    // Log-normal, log sd 0.4.
  kUneven,    // Log-normal, log sd 0.3 to 0.6 from cell to cell.
  kHeaped,    // A quarter of each cell at one rate.
  kRoundPay,  // 70 % at multiples of 5,000.
  kScale,     // One scale of steps 7 % apart for all.
};

// How the tables are measured.
struct MadeDesign {
  std::string name;
  Mechanism mechanism = Mechanism::kDiscreteGaussian;
  std::vector<int64_t> fanouts;
  std::vector<int64_t> micro_loss_per_level;
};

// A table of 20 to 300 workers a cell, its plan, and draws of its workers.
class MadeTable {
 public:
  MadeTable(const MadeDesign& design, Straying straying, PayKind pay,
            uint64_t seed);

  const Manifest& manifest() const { return manifest_; }
  const TableTruth& truth() const { return truth_; }

  // Draws all workers anew.
  privacy::noise::Tally DrawWorkers();

 private:
  void SetPlan(const MadeDesign& design, Straying straying);
  void SetCells(Straying straying, PayKind pay);
  template <typename Law>
  void AddLaw(const Law& law);
  // A wage of the bin that is drawn: any of it is counted alike.
  int64_t DrawWage(size_t cell);

  Manifest manifest_;
  TableTruth truth_;
  std::vector<std::vector<double>> shares_;  // Per cell and bin.
  SeededRandom random_;
};

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_STATISTICAL_MADE_TABLES_H_
