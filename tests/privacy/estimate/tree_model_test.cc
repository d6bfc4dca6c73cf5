// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/tree_model.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "tests/privacy/dp_vectors.h"
#include "tests/testing/seeded_random.h"

namespace commonwage::privacy::estimate {
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
    const std::vector<double> leaves = model.Leaves(nodes);
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
  const std::vector<double> leaves = model.Leaves(nodes);
  const std::vector<double> fit = model.NonNegativeLeaves(nodes, leaves);
  for (size_t i = 0; i < shares.size(); ++i) {
    EXPECT_NEAR(leaves[i], shares[i] * 80, 1e-9);
    EXPECT_NEAR(fit[i], shares[i] * 80, 0.02);
  }
}

// The conditions of Karush, Kuhn and Tucker: where the fit is positive the
// objective is flat, where it is 0 it rises.
TEST(TreeModelTest, NonNegativeFitIsTheConstrainedLeastSquaresFit) {
  const std::vector<int64_t> fanouts = {4, 4, 4};
  const std::vector<double> variances = {20, 20, 20, 20};
  const TreeModel model(fanouts, variances);
  SeededRandom random(5);
  std::vector<double> nodes;
  for (size_t i = 0; i < model.node_count(); ++i) {
    nodes.push_back(static_cast<double>(random.Below(41)) - 15);
  }
  const std::vector<double> fit =
      model.NonNegativeLeaves(nodes, model.Leaves(nodes));
  size_t zeros = 0;
  for (size_t i = 0; i < model.bins(); ++i) {
    double slope = 0;  // Of the squares, divided by their curvature.
    size_t offset = 0;
    for (size_t block = 64; block >= 1; block /= 4) {
      const size_t node = i / block;
      double sum = 0;
      for (size_t k = node * block; k < (node + 1) * block; ++k) {
        sum += fit[k];
      }
      slope += (sum - nodes[offset + node]) / 4;
      offset += 64 / block;
    }
    EXPECT_GE(fit[i], 0);
    if (fit[i] > 0) {
      EXPECT_NEAR(slope, 0, 0.1);
    } else {
      EXPECT_GE(slope, -0.1);
      ++zeros;
    }
  }
  EXPECT_GT(zeros, 5U);  // The condition did something.
}

TEST(TreeModelTest, SameNodesGiveTheSameBits) {
  const TreeModel model({4, 4}, {10, 12.5, 20});
  std::vector<double> nodes(model.node_count());
  for (size_t i = 0; i < nodes.size(); ++i) {
    nodes[i] = static_cast<double>(i * i % 17) - 3;
  }
  const std::vector<double> once = model.Leaves(nodes);
  EXPECT_EQ(once, model.Leaves(nodes));
  EXPECT_EQ(model.NonNegativeLeaves(nodes, once),
            model.NonNegativeLeaves(nodes, once));
}

}  // namespace
}  // namespace commonwage::privacy::estimate
