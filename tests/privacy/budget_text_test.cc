// SPDX-License-Identifier: Apache-2.0
#include "privacy/budget_text.h"

#include <gtest/gtest.h>

namespace commonwage::privacy {
namespace {

TEST(BudgetTextTest, SaysSimplePartsInWordsAndOthersRoundedUp) {
  EXPECT_EQ(PartInWords(1'600'000, 1'600'000), "all");
  EXPECT_EQ(PartInWords(800'000, 1'600'000), "half");
  EXPECT_EQ(PartInWords(400'000, 1'600'000), "a quarter");
  EXPECT_EQ(PartInWords(160'000, 1'600'000), "a tenth");
  EXPECT_EQ(PartInWords(285'000, 1'600'000), "18 %");
  EXPECT_EQ(PartInWords(400'001, 1'600'000), "26 %");
  EXPECT_EQ(PartInWords(0, 1'600'000), "0 %");
  EXPECT_EQ(PartInWords(3'200'000, 1'600'000), "200 %");
}

TEST(BudgetTextTest, CountsTheRoundsThatStillFit) {
  EXPECT_EQ(BudgetInWords(400'000, 1'600'000, 1'200'000),
            "a quarter of the survey's privacy budget; three more rounds fit");
  EXPECT_EQ(BudgetInWords(800'000, 1'600'000, 800'000),
            "half of the survey's privacy budget; one more round fits");
  EXPECT_EQ(BudgetInWords(800'000, 1'600'000, 799'999),
            "half of the survey's privacy budget; no more rounds fit");
  EXPECT_EQ(BudgetInWords(800'000, 1'600'000, -1),
            "half of the survey's privacy budget; no more rounds fit");
  EXPECT_EQ(BudgetInWords(0, 100, 99),
            "nothing of the survey's privacy budget");
  EXPECT_EQ(BudgetInWords(1, 100, 99),
            "1 % of the survey's privacy budget; 99 more rounds fit");
}

}  // namespace
}  // namespace commonwage::privacy
