// SPDX-License-Identifier: Apache-2.0
#include "privacy/decimal_bound.h"

#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace commonwage::privacy {
namespace {

using commonwage::testing::HasReason;

TEST(DecimalBoundTest, ReadsAValueNotAboveWhatIsWritten) {
  const auto bound = ParseDecimalBound("1e-7");
  ASSERT_OK(bound);
  EXPECT_LT(*bound, 1e-7L);
  EXPECT_GT(*bound, 1e-7L * (1 - 1e-18L));
}

TEST(DecimalBoundTest, ReadsTheWaysPeopleWriteIt) {
  for (const char* text : {"0.0000001", "1E-7", "1.0e-07", "10e-8"}) {
    const auto bound = ParseDecimalBound(text);
    ASSERT_OK(bound) << text;
    EXPECT_NEAR(static_cast<double>(*bound * 1e7L), 1.0, 1e-15) << text;
  }
}

TEST(DecimalBoundTest, RefusesWhatIsNoDecimalBetweenZeroAndOne) {
  for (const char* text : {"",        "0",
                           "0.0",     "1",
                           "1.5",     "2e0",
                           "-1e-7",   "+1e-7",
                           " 1e-7",   "1e-7 ",
                           "1e",      "1e-",
                           ".5",      "5.",
                           "nan",     "inf",
                           "0x1p-20", "1e-301",
                           "1e-9999", "1,5",
                           "1e-7x",   "1e99999999999999999999"}) {
    EXPECT_THAT(ParseDecimalBound(text), HasReason(Reason::kDeltaFaulty))
        << text;
  }
  EXPECT_THAT(ParseDecimalBound(std::string(100, '1')),
              HasReason(Reason::kDeltaFaulty));
}

}  // namespace
}  // namespace commonwage::privacy
