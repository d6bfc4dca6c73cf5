// SPDX-License-Identifier: Apache-2.0
#include "privacy/upward_text.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

namespace commonwage::privacy {
namespace {

TEST(UpwardTextTest, WhatIsExactStays) {
  EXPECT_EQ(RoundedUp(0, 2), "0.00");
  EXPECT_EQ(RoundedUp(1.1, 2), "1.10");
  EXPECT_EQ(RoundedUp(0.9, 1), "0.9");
  EXPECT_EQ(SmallRoundedUp(2e-7), "2.0e-07");
  EXPECT_EQ(SmallRoundedUp(0), "0");
  EXPECT_EQ(CasesInHundred(5000), "50.0");
  EXPECT_EQ(CasesInHundred(7890), "78.9");
  EXPECT_EQ(CasesInHundred(10000), "100.0");
}

TEST(UpwardTextTest, WhatIsNotGoesUp) {
  EXPECT_EQ(RoundedUp(3.8401, 2), "3.85");
  EXPECT_EQ(RoundedUp(3.841, 2), "3.85");
  EXPECT_EQ(RoundedUp(9.999, 2), "10.00");
  EXPECT_EQ(RoundedUp(0.001, 0), "1");
  EXPECT_EQ(SmallRoundedUp(1.7001e-7), "1.8e-07");
  EXPECT_EQ(SmallRoundedUp(9.91e-8), "1.0e-07");
  EXPECT_EQ(CasesInHundred(7881), "78.9");
  EXPECT_EQ(CasesInHundred(9991), "100.0");
}

TEST(UpwardTextTest, NothingIsFiniteThatIsNot) {
  EXPECT_EQ(RoundedUp(std::numeric_limits<double>::infinity(), 2), "inf");
}

TEST(UpwardTextTest, NothingIsBelowItsValueNorADigitAboveIt) {
  for (double value = 1e-12; value < 50; value *= 1.0371) {
    const double shown = std::strtod(RoundedUp(value, 2).c_str(), nullptr);
    EXPECT_GE(shown, value);
    EXPECT_LT(shown, value + 0.01 + 1e-12);
    const double small = std::strtod(SmallRoundedUp(value).c_str(), nullptr);
    EXPECT_GE(small, value);
    EXPECT_LT(
        small,
        value + 1.0001 * std::pow(10.0, std::floor(std::log10(value)) - 1));
  }
}

}  // namespace
}  // namespace commonwage::privacy
