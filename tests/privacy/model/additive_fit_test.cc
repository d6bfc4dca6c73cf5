// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/additive_fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/model/critical.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::model {
namespace {

using commonwage::testing::SeededRandom;

double DrawNormal(SeededRandom& random) {
  return NormalQuantile(1e-9 + (1 - 2e-9) * random.Unit());
}

// Cells of a table with row effects, column effects and their own, and errors.
std::vector<ModelCell> MakeCells(const std::vector<size_t>& value_counts,
                                 double spread, double error,
                                 SeededRandom& random) {
  std::vector<std::vector<double>> effects;
  size_t size = 1;
  for (const size_t count : value_counts) {
    effects.emplace_back();
    size *= count;
    for (size_t i = 0; i < count; ++i) {
      effects.back().push_back(0.2 * DrawNormal(random));
    }
  }
  std::vector<ModelCell> cells;
  for (size_t cell = 0; cell < size; ++cell) {
    ModelCell made;
    size_t rest = cell;
    made.estimate = 11 + spread * DrawNormal(random);
    for (size_t k = 0; k < value_counts.size(); ++k) {
      made.values.push_back(rest % value_counts[k]);
      rest /= value_counts[k];
      made.estimate += effects[k][made.values[k]];
    }
    const double sd = error * (0.5 + random.Unit());
    made.estimate += sd * DrawNormal(random);
    made.error_variance = sd * sd;
    cells.push_back(made);
  }
  return cells;
}

// The header's formulas, word for word, by dense algebra: no dimension is
// eliminated, and everything is searched for where it can be.
class Reference {
 public:
  explicit Reference(const std::vector<ModelCell>& cells) : cells_(cells) {
    const size_t dimensions = cells[0].values.size();
    columns_ = 1;
    for (size_t k = 0; k < (dimensions > 1 ? dimensions : 0); ++k) {
      std::vector<size_t> values;
      for (const ModelCell& cell : cells) {
        values.push_back(cell.values[k]);
      }
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
      first_.push_back(columns_);
      count_.push_back(values.size());
      columns_ += values.size();
      values_.push_back(values);
    }
  }

  AdditiveFit Fit() const {
    const size_t n = cells_.size();
    AdditiveFit fit;
    double tau2 = 0.01;
    std::vector<double> t(first_.size(), 0.01);
    std::vector<double> rho(n, 1);
    std::vector<double> e(n);
    std::vector<double> p(n);
    for (int round = 0; round < kRounds; ++round) {
      std::vector<std::vector<double>> m(columns_,
                                         std::vector<double>(columns_));
      std::vector<double> right(columns_);
      m[0][0] = 1e-6;
      for (size_t k = 0; k < first_.size(); ++k) {
        for (size_t i = first_[k]; i < first_[k] + count_[k]; ++i) {
          m[i][i] = 1 / t[k];
        }
      }
      for (size_t i = 0; i < n; ++i) {
        const std::vector<double> x = RowOf(i);
        const double w = rho[i] / (cells_[i].error_variance + tau2);
        for (size_t a = 0; a < columns_; ++a) {
          right[a] += w * x[a] * cells_[i].estimate;
          for (size_t b = 0; b < columns_; ++b) {
            m[a][b] += w * x[a] * x[b];
          }
        }
      }
      const std::vector<std::vector<double>> c = InverseOf(m);
      std::vector<double> beta(columns_);
      for (size_t a = 0; a < columns_; ++a) {
        for (size_t b = 0; b < columns_; ++b) {
          beta[a] += c[a][b] * right[b];
        }
      }
      for (size_t i = 0; i < n; ++i) {
        const std::vector<double> x = RowOf(i);
        const double w = rho[i] / (cells_[i].error_variance + tau2);
        double q = 0;
        double fitted = 0;
        for (size_t a = 0; a < columns_; ++a) {
          fitted += x[a] * beta[a];
          for (size_t b = 0; b < columns_; ++b) {
            q += x[a] * c[a][b] * x[b];
          }
        }
        p[i] = q / (1 - w * q);
        e[i] = (cells_[i].estimate - fitted) / (1 - w * q);
      }
      const auto sum = [&](double candidate) {
        double squares = 0;
        for (size_t i = 0; i < n; ++i) {
          const double variance = cells_[i].error_variance + candidate + p[i];
          squares += std::min(e[i] * e[i] / variance, 4.0);
        }
        return squares;
      };
      double low = 0.03 * 0.03;
      double high = sum(low) > 0.9205 * static_cast<double>(n) ? 4 : low;
      for (int i = 0; i < 200; ++i) {
        const double middle = (low + high) / 2;
        (sum(middle) > 0.9205 * static_cast<double>(n) ? low : high) = middle;
      }
      tau2 = high;
      for (size_t i = 0; i < n; ++i) {
        const double sd = std::sqrt(cells_[i].error_variance + tau2 + p[i]);
        rho[i] = std::min(1.0, 2 * sd / std::abs(e[i]));
      }
      for (size_t k = 0; k < first_.size(); ++k) {
        double squares = 0;
        for (size_t i = first_[k]; i < first_[k] + count_[k]; ++i) {
          squares += beta[i] * beta[i] + c[i][i];
        }
        t[k] = std::max(squares / static_cast<double>(count_[k]), 1e-5);
      }
    }
    for (size_t i = 0; i < n; ++i) {
      fit.predictions.push_back(cells_[i].estimate - e[i]);
    }
    fit.variances = p;
    fit.spread_variance = tau2;
    return fit;
  }

 private:
  std::vector<double> RowOf(size_t cell) const {
    std::vector<double> row(columns_);
    row[0] = 1;
    for (size_t k = 0; k < first_.size(); ++k) {
      const auto place = std::find(values_[k].begin(), values_[k].end(),
                                   cells_[cell].values[k]) -
                         values_[k].begin();
      row[first_[k] + static_cast<size_t>(place)] = 1;
    }
    return row;
  }

  // By elimination with the largest pivot.
  static std::vector<std::vector<double>> InverseOf(
      std::vector<std::vector<double>> m) {
    const size_t n = m.size();
    std::vector<std::vector<double>> inverse(n, std::vector<double>(n));
    for (size_t i = 0; i < n; ++i) {
      inverse[i][i] = 1;
    }
    for (size_t k = 0; k < n; ++k) {
      size_t pivot = k;
      for (size_t i = k + 1; i < n; ++i) {
        pivot = std::abs(m[i][k]) > std::abs(m[pivot][k]) ? i : pivot;
      }
      std::swap(m[k], m[pivot]);
      std::swap(inverse[k], inverse[pivot]);
      for (size_t i = 0; i < n; ++i) {
        const double factor = i == k ? 0 : m[i][k] / m[k][k];
        for (size_t j = 0; j < n; ++j) {
          m[i][j] -= factor * m[k][j];
          inverse[i][j] -= factor * inverse[k][j];
        }
      }
    }
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        inverse[i][j] /= m[i][i];
      }
    }
    return inverse;
  }

  const std::vector<ModelCell>& cells_;
  size_t columns_;
  std::vector<size_t> first_;
  std::vector<size_t> count_;
  std::vector<std::vector<size_t>> values_;
};

TEST(AdditiveFitTest, IsTheDocumentedOne) {
  SeededRandom random(1);
  const std::vector<std::vector<size_t>> shapes = {
      {7, 5}, {3, 9}, {4, 3, 3}, {12}, {5, 1}};
  for (const std::vector<size_t>& shape : shapes) {
    std::vector<ModelCell> cells = MakeCells(shape, 0.1, 0.15, random);
    cells[2].estimate += 3;          // One that is unlike all others.
    cells.erase(cells.begin() + 1);  // And one that is withheld.
    const AdditiveFit fit = FitAdditively(cells);
    const AdditiveFit reference = Reference(cells).Fit();
    EXPECT_NEAR(fit.spread_variance, reference.spread_variance, 1e-9);
    for (size_t i = 0; i < cells.size(); ++i) {
      EXPECT_NEAR(fit.predictions[i], reference.predictions[i], 1e-8) << i;
      EXPECT_NEAR(fit.variances[i], reference.variances[i], 1e-8) << i;
    }
  }
}

// min(Z^2, 4) for a standard normal Z: mean 0.9205, variance 1.2324.
TEST(AdditiveFitTest, ItsConstantsAreThoseOfTheNormalLaw) {
  constexpr int kParts = 200000;
  double mean = 0;
  double square = 0;
  for (int i = 0; i < kParts; ++i) {
    const double z = NormalQuantile((i + 0.5) / kParts);
    const double cut = std::min(z * z, 4.0);
    mean += cut / kParts;
    square += cut * cut / kParts;
  }
  EXPECT_NEAR(mean, 0.9205, 5e-5);
  EXPECT_NEAR(square - mean * mean, 1.2324, 2e-4);
}

TEST(AdditiveFitTest, FindsHowFarCellsStray) {
  SeededRandom random(2);
  double tau2 = 0;
  constexpr int kTables = 40;
  for (int table = 0; table < kTables; ++table) {
    tau2 +=
        FitAdditively(MakeCells({20, 10}, 0.12, 0.1, random)).spread_variance /
        kTables;
  }
  EXPECT_NEAR(std::sqrt(tau2), 0.12, 0.01);
}

TEST(AdditiveFitTest, ACellIsPredictedWithoutItself) {
  SeededRandom random(3);
  std::vector<ModelCell> cells = MakeCells({12, 8}, 0.05, 0.1, random);
  const AdditiveFit before = FitAdditively(cells);
  cells[30].estimate += 0.2;
  const AdditiveFit after = FitAdditively(cells);
  // What is left comes by way of tau and t alone.
  EXPECT_NEAR(after.predictions[30], before.predictions[30], 0.01);
}

TEST(AdditiveFitTest, OneCellThatIsUnlikeTheOthersDoesNotSpoilThem) {
  SeededRandom random(4);
  std::vector<ModelCell> cells = MakeCells({12, 8}, 0.05, 0.05, random);
  const AdditiveFit before = FitAdditively(cells);
  cells[30].estimate += 20;
  const AdditiveFit after = FitAdditively(cells);
  for (size_t i = 0; i < cells.size(); ++i) {
    EXPECT_NEAR(after.predictions[i], before.predictions[i], 0.06) << i;
  }
  EXPECT_LT(after.spread_variance, 0.1 * 0.1);
}

TEST(AdditiveFitTest, EqualCellsKeepTheLeastSpread) {
  std::vector<ModelCell> cells;
  for (size_t i = 0; i < 30; ++i) {
    cells.push_back({{i % 6, i / 6}, 11, 0.01});
  }
  const AdditiveFit fit = FitAdditively(cells);
  EXPECT_DOUBLE_EQ(fit.spread_variance, kLeastSpread * kLeastSpread);
  EXPECT_LE(fit.spread_error, fit.spread_variance / 2 + 0.02 * 0.02 + 1e-15);
  EXPECT_NEAR(fit.predictions[7], 11, 1e-3);
}

// Whatever is withheld, what comes out are numbers.
TEST(AdditiveFitTest, OddTablesGiveFiniteNumbers) {
  const std::vector<std::vector<ModelCell>> tables = {
      {{{0}, 11, 0.01}},
      {{{0, 0}, 11, 0.01}},
      {{{0, 3}, 11, 0.01}, {{5, 3}, 11.2, 0.01}},
      {{{0, 0, 0}, 11, 1e-12}, {{1, 1, 1}, 5, 100}, {{2, 2, 2}, 11, 1e-6}},
      std::vector<ModelCell>(9, {{4, 4}, 11, 0.04})};
  for (const std::vector<ModelCell>& cells : tables) {
    const AdditiveFit fit = FitAdditively(cells);
    ASSERT_EQ(fit.predictions.size(), cells.size());
    EXPECT_TRUE(std::isfinite(fit.spread_variance));
    EXPECT_TRUE(std::isfinite(fit.spread_error));
    for (size_t i = 0; i < cells.size(); ++i) {
      EXPECT_TRUE(std::isfinite(fit.predictions[i]));
      EXPECT_TRUE(std::isfinite(fit.variances[i]));
      EXPECT_GE(fit.variances[i], 0);
    }
  }
}

}  // namespace
}  // namespace commonwage::privacy::model
