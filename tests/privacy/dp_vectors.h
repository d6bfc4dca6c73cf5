// SPDX-License-Identifier: Apache-2.0
// tests/vectors/dp_vectors.json: acceptance values that two independent
// programs computed, as decimals of twenty digits and more.

#ifndef COMMONWAGE_TESTS_PRIVACY_DP_VECTORS_H_
#define COMMONWAGE_TESTS_PRIVACY_DP_VECTORS_H_

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include <gtest/gtest.h>

#include "base/check.h"
#include "survey/text/fraction.h"

namespace commonwage::testing {

// The relative accuracy that every computed value must have.
inline constexpr long double kVectorAccuracy = 1e-12L;

// Returns the entries of the file's list `name`.
inline std::vector<google::protobuf::Value> DpVectors(const std::string& name) {
  std::ifstream file("tests/vectors/dp_vectors.json");
  const std::string json(std::istreambuf_iterator<char>(file), {});
  google::protobuf::Struct vectors;
  COMMONWAGE_CHECK(
      google::protobuf::util::JsonStringToMessage(json, &vectors).ok());
  COMMONWAGE_CHECK(vectors.fields().contains(name));
  const auto& values = vectors.fields().at(name).list_value().values();
  return {values.begin(), values.end()};
}

// Returns the field `name` of an object.
inline const google::protobuf::Value& Field(
    const google::protobuf::Value& object, const std::string& name) {
  return object.struct_value().fields().at(name);
}

// Returns a number that is written as one, as a decimal, or as "n/d".
inline long double NumberOf(const google::protobuf::Value& value) {
  if (value.kind_case() == google::protobuf::Value::kNumberValue) {
    return static_cast<long double>(value.number_value());
  }
  const std::string& text = value.string_value();
  const long double head = std::strtold(text.c_str(), nullptr);
  const size_t slash = text.find('/');
  return slash == std::string::npos
             ? head
             : head / std::strtold(text.c_str() + slash + 1, nullptr);
}

inline int64_t WholeOf(const google::protobuf::Value& value) {
  return std::llround(NumberOf(value));
}

// Returns the fraction in the fields `name`_num and `name`_den.
inline Fraction FractionOf(const google::protobuf::Value& object,
                           const std::string& name) {
  return {WholeOf(Field(object, name + "_num")),
          WholeOf(Field(object, name + "_den"))};
}

// Expects `actual` within kVectorAccuracy of `expected`.
inline void ExpectAgrees(long double actual, long double expected) {
  EXPECT_NEAR(static_cast<double>(actual / expected), 1.0,
              static_cast<double>(kVectorAccuracy))
      << "for " << static_cast<double>(expected);
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_PRIVACY_DP_VECTORS_H_
