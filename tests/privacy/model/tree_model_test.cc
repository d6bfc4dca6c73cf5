// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/tree_model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/dp_vectors.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::model {
namespace {

using commonwage::testing::DpVectors;
using commonwage::testing::Field;
using commonwage::testing::NumberOf;
using commonwage::testing::SeededRandom;
using commonwage::testing::WholeOf;
using google::protobuf::Value;

constexpr double kAccuracy = 1e-12;

double Double(const Value& value) {
  return static_cast<double>(NumberOf(value));
}

std::vector<int64_t> Fanouts(const Value& vector) {
  std::vector<int64_t> fanouts;
  for (const Value& fanout : Field(vector, "fanouts").list_value().values()) {
    fanouts.push_back(WholeOf(fanout));
  }
  return fanouts;
}

bool IsNull(const Value& value) {
  return value.kind_case() == Value::kNullValue;
}

TEST(TreeModelTest, LeastSquaresAgreesWithExactFractions) {
  const std::vector<Value> vectors = DpVectors("tree_gls");
  ASSERT_EQ(vectors.size(), 4U);
  for (const Value& vector : vectors) {
    std::vector<double> variances;
    for (const Value& variance :
         Field(vector, "level_variances").list_value().values()) {
      variances.push_back(IsNull(variance)
                              ? std::numeric_limits<double>::infinity()
                              : Double(variance));
    }
    const TreeModel model(Fanouts(vector), variances);
    std::vector<double> nodes;
    for (const Value& level :
         Field(vector, "noisy_levels").list_value().values()) {
      for (const Value& node : level.list_value().values()) {
        nodes.push_back(IsNull(node) ? 0 : Double(node));
      }
    }
    const std::vector<double> leaves = model.FitLeaves(nodes);
    double total = 0;
    for (size_t i = 0; i < leaves.size(); ++i) {
      const double exact = Double(
          Field(vector, "leaf_gls").list_value().values(static_cast<int>(i)));
      EXPECT_NEAR(leaves[i], exact, kAccuracy * (1 + std::abs(exact)));
      total += leaves[i];
    }
    EXPECT_NEAR(total, Double(Field(vector, "total_gls")), 1e-11 * total);
    const auto& prefix = Field(vector, "prefix_variance").list_value();
    const auto& covariance =
        Field(vector, "prefix_total_covariance").list_value();
    ASSERT_EQ(static_cast<size_t>(prefix.values_size()), model.bins() + 1);
    for (int j = 0; j < prefix.values_size(); ++j) {
      EXPECT_NEAR(model.prefix_variance()[static_cast<size_t>(j)],
                  Double(prefix.values(j)), 1e-11);
      EXPECT_NEAR(j * model.total_covariance_per_bin(),
                  Double(covariance.values(j)), 1e-11);
    }
  }
}

TEST(TreeModelTest, PrefixVariancesAgreeWithExactFractionsForPlans) {
  const std::vector<Value> vectors = DpVectors("tree_prefix_variance");
  ASSERT_EQ(vectors.size(), 5U);
  for (const Value& vector : vectors) {
    std::vector<double> variances;  // At rho = 1: 1 / (2 share).
    for (const Value& share :
         Field(vector, "level_shares").list_value().values()) {
      const double part = Double(share);
      variances.push_back(part > 0 ? 0.5 / part
                                   : std::numeric_limits<double>::infinity());
    }
    const TreeModel model(Fanouts(vector), variances);
    const auto& prefix = Field(vector, "prefix_variance_rho1").list_value();
    const auto& covariance =
        Field(vector, "prefix_total_cov_rho1").list_value();
    ASSERT_EQ(static_cast<size_t>(prefix.values_size()), model.bins() + 1);
    for (int j = 0; j < prefix.values_size(); ++j) {
      EXPECT_NEAR(model.prefix_variance()[static_cast<size_t>(j)],
                  Double(prefix.values(j)), kAccuracy * 10);
      EXPECT_NEAR(j * model.total_covariance_per_bin(),
                  Double(covariance.values(j)), kAccuracy * 10);
    }
    EXPECT_NEAR(model.total_variance(),
                Double(Field(vector, "total_variance_rho1")), 1e-11);
  }
}

TEST(TreeModelTest, VarianceOfASumIsThatOfItsWeights) {
  const TreeModel model({2, 3, 2}, {7, 9, 9, 11});
  for (size_t j = 0; j <= model.bins(); ++j) {
    std::vector<double> prefix(model.bins());
    for (size_t i = 0; i < j; ++i) {
      prefix[i] = 1;
    }
    EXPECT_NEAR(model.VarianceOf(prefix), model.prefix_variance()[j], 1e-12);
  }
  std::vector<double> one(model.bins());
  one[5] = 1;
  EXPECT_NEAR(model.VarianceOf(one), model.leaf_variance(), 1e-12);
}

TEST(TreeModelTest, KeepsWhatANoiselessTreeSays) {
  const TreeModel model({4, 4}, {10, 12.5, 20});
  std::vector<double> shares(16, 0.0);
  shares[3] = 0.5;
  shares[9] = 0.25;
  shares[10] = 0.25;
  const std::vector<double> nodes = model.NodesOf(shares, 80);
  EXPECT_DOUBLE_EQ(nodes[0], 80);
  const std::vector<double> leaves = model.FitLeaves(nodes);
  const std::vector<double> fit = model.FitNonNegativeLeaves(leaves);
  for (size_t i = 0; i < shares.size(); ++i) {
    EXPECT_NEAR(leaves[i], shares[i] * 80, 1e-9);
    EXPECT_NEAR(fit[i], shares[i] * 80, 1e-9);
  }
}

// The conditions of Karush, Kuhn and Tucker: where the fit is positive the
// objective is flat, where it is 0 it does not fall. To a billionth of the
// steepest slope there is, on trees of every shape in use, from few workers to
// many.
TEST(TreeModelTest, NonNegativeFitIsTheConstrainedLeastSquaresFit) {
  struct Shape {
    std::vector<int64_t> fanouts;
    std::vector<double> variances;
  };
  const std::vector<Shape> shapes = {
      {{4, 4, 4}, {20, 20, 20, 20}},
      {{4, 4, 4, 2}, {25, 21.5, 25.6, 32.5, 22.8}},
      {{4, 4, 4, 4}, {25, 27, 28, 29, 19}},
      {{2, 3}, {1e-3, 5, 1e4}},
      {{16}, {std::numeric_limits<double>::infinity(), 9}}};
  SeededRandom random(5);
  size_t zeros = 0;
  for (const Shape& shape : shapes) {
    const TreeModel model(shape.fanouts, shape.variances);
    for (const uint64_t people : {uint64_t{2}, uint64_t{30}, uint64_t{4000}}) {
      std::vector<double> nodes;
      for (size_t i = 0; i < model.node_count(); ++i) {
        nodes.push_back(static_cast<double>(random.Below(people)) - 15);
      }
      const std::vector<double> fit =
          model.FitNonNegativeLeaves(model.FitLeaves(nodes));
      const std::vector<double> fitted = model.NodesOf(fit, 1);
      const std::vector<double> variances = model.NodeVariances();
      double steepest = 0;
      for (size_t i = 0; i < model.bins(); ++i) {
        double slope = 0;  // Of half the squares.
        size_t offset = 0;
        size_t nodes_of_level = 1;
        for (size_t l = 0; l <= shape.fanouts.size(); ++l) {
          const size_t node = offset + i / (model.bins() / nodes_of_level);
          slope += (fitted[node] - nodes[node]) / variances[node];
          steepest =
              std::max(steepest, std::abs(nodes[node]) / variances[node]);
          offset += nodes_of_level;
          if (l < shape.fanouts.size()) {
            nodes_of_level *= static_cast<size_t>(shape.fanouts[l]);
          }
        }
        const double tolerance =
            1e-9 * steepest * static_cast<double>(model.bins());
        EXPECT_GE(fit[i], 0);
        if (fit[i] > 0) {
          EXPECT_NEAR(slope, 0, tolerance) << model.bins() << " " << i;
        } else {
          EXPECT_GE(slope, -tolerance) << model.bins() << " " << i;
          ++zeros;
        }
      }
    }
  }
  EXPECT_GT(zeros, 50U);  // The condition did something.
}

TEST(TreeModelTest, SameNodesGiveTheSameBits) {
  const TreeModel model({4, 4}, {10, 12.5, 20});
  std::vector<double> nodes(model.node_count());
  for (size_t i = 0; i < nodes.size(); ++i) {
    nodes[i] = static_cast<double>(i * i % 17) - 3;
  }
  const std::vector<double> once = model.FitLeaves(nodes);
  EXPECT_EQ(once, model.FitLeaves(nodes));
  EXPECT_EQ(model.FitNonNegativeLeaves(once), model.FitNonNegativeLeaves(once));
}

}  // namespace
}  // namespace commonwage::privacy::model
