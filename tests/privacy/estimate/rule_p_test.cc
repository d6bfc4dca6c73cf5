// SPDX-License-Identifier: Apache-2.0
// Quantiles and shares against an independent computation by dense algebra:
// tests/vectors/rule_p.py, which shares no code with the project, made
// tests/vectors/rule_p.json. Five kinds of pay, 64 to 256 bins, 40 to 2,000
// workers.

#include <cmath>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include <gtest/gtest.h>

#include "privacy/estimate/quantile.h"
#include "privacy/estimate/share.h"
#include "tests/privacy/dp_vectors.h"
#include "tests/privacy/estimate/estimate_fixtures.h"

namespace commonwage::privacy::estimate {
namespace {

using commonwage::testing::Field;
using commonwage::testing::NumberOf;
using commonwage::testing::Usual;
using commonwage::testing::WholeOf;
using google::protobuf::Value;

constexpr double kTolerance = 1e-7;  // Relative.

std::vector<Value> Cases() {
  std::ifstream file("tests/vectors/rule_p.json");
  const std::string json(std::istreambuf_iterator<char>(file), {});
  google::protobuf::ListValue cases;
  COMMONWAGE_CHECK(
      google::protobuf::util::JsonStringToMessage(json, &cases).ok());
  return {cases.values().begin(), cases.values().end()};
}

std::vector<double> Numbers(const Value& object, const std::string& name) {
  std::vector<double> numbers;
  for (const Value& value : Field(object, name).list_value().values()) {
    numbers.push_back(static_cast<double>(NumberOf(value)));
  }
  return numbers;
}

std::vector<int64_t> Wholes(const Value& object, const std::string& name) {
  std::vector<int64_t> wholes;
  for (const Value& value : Field(object, name).list_value().values()) {
    wholes.push_back(WholeOf(value));
  }
  return wholes;
}

model::CellModel ModelOfCase(const Value& one) {
  std::vector<double> variances;
  for (const double micro_rho : Numbers(one, "micro_rho_per_level")) {
    variances.push_back(500000 / micro_rho);
  }
  return {model::TreeModel(Wholes(one, "fanouts"), variances),
          model::PayGrid(Wholes(one, "inner_edges"))};
}

void ExpectSide(const Value& expected, bool open, double log_pay) {
  EXPECT_EQ(open, expected.kind_case() == Value::kNullValue);
  if (!open) {
    const auto number = static_cast<double>(NumberOf(expected));
    EXPECT_NEAR(std::exp(log_pay), number, kTolerance * number);
  }
}

void ExpectNumber(const Value& object, const std::string& name, double actual) {
  const auto number = static_cast<double>(NumberOf(Field(object, name)));
  EXPECT_NEAR(actual, number, kTolerance * std::abs(number) + 1e-12) << name;
}

TEST(RulePTest, QuantilesAgreeWithDenseAlgebra) {
  const std::vector<Value> cases = Cases();
  ASSERT_EQ(cases.size(), 45U);
  for (const Value& one : cases) {
    const model::CellModel model = ModelOfCase(one);
    const model::CellCdf cdf(model, Numbers(one, "nodes"), 1);
    ExpectNumber(one, "total", cdf.total());
    for (const Value& expected :
         Field(one, "quantiles").list_value().values()) {
      const auto p = static_cast<double>(NumberOf(Field(expected, "p")));
      SCOPED_TRACE(::testing::Message()
                   << Field(one, "law").string_value() << " "
                   << model.grid.bins() << " " << p);
      const LogQuantile quantile = FindQuantile(cdf, p, Usual());
      ExpectSide(Field(expected, "low"), quantile.open_low, quantile.low);
      ExpectSide(Field(expected, "high"), quantile.open_high, quantile.high);
      const Value& value = Field(expected, "value");
      if (value.kind_case() != Value::kNullValue) {
        EXPECT_EQ(quantile.position, Position::kInside);
        ExpectSide(value, false, quantile.value);
      }
    }
  }
}

TEST(RulePTest, SharesAgreeWithDenseAlgebra) {
  for (const Value& one : Cases()) {
    const model::CellModel model = ModelOfCase(one);
    const model::CellCdf cdf(model, Numbers(one, "nodes"), 1);
    const std::vector<int64_t> edges = Wholes(one, "inner_edges");
    for (const Value& expected : Field(one, "shares").list_value().values()) {
      const auto edge = static_cast<size_t>(WholeOf(Field(expected, "edge")));
      SCOPED_TRACE(::testing::Message()
                   << Field(one, "law").string_value() << " "
                   << model.grid.bins() << " " << edge);
      const Estimate share = EstimateShareBelow(cdf, edges[edge], Usual());
      ExpectNumber(expected, "value", share.value);
      ExpectNumber(expected, "low", share.interval.low);
      ExpectNumber(expected, "high", share.interval.high);
    }
  }
}

}  // namespace
}  // namespace commonwage::privacy::estimate
