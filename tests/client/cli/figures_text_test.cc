// SPDX-License-Identifier: Apache-2.0
// What is said with figures: labels, rounds without one, and plain sentences.

#include "client/cli/figures_text.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commonwage::client::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename Tell>
std::string Said(const Tell& tell) {
  ::testing::internal::CaptureStdout();
  tell();
  return ::testing::internal::GetCapturedStdout();
}

v1::SummarizeResponse TwoGroups() {
  v1::SummarizeResponse response;
  response.mutable_release()->set_k(10);
  response.set_confidence(0.95);
  for (const char* platform : {"meals", "rides"}) {
    v1::CellSummary& cell = *response.add_cells();
    cell.add_key()->set_dimension("platform");
    cell.mutable_key(0)->add_values(platform);
    v1::QuantileEstimate& median = *cell.mutable_figures()->add_quantiles();
    median.set_p(0.5);
    median.mutable_wage()->set_value(1300);
  }
  return response;
}

TEST(FiguresTextTest, SimultaneousIntervalsAreLabelled) {
  v1::SummarizeResponse response = TwoGroups();
  const std::string usual = Said([&] { TellSummary(response); });
  EXPECT_THAT(usual, Not(HasSubstr("imultaneous")));
  EXPECT_THAT(usual, HasSubstr("Intervals hold in 95 of\n100 rounds"));
  response.set_simultaneous(true);
  response.set_confidence(0.975);
  const std::string wide = Said([&] { TellSummary(response); });
  EXPECT_THAT(wide, HasSubstr("Simultaneous intervals: those of all groups "
                              "shown hold at once in 95 of 100 rounds,\neach "
                              "by itself in 97.50.\n"));
  EXPECT_THAT(wide, HasSubstr("Intervals hold for all\ngroups at once"));
}

TEST(FiguresTextTest, TheMediansRobustnessIsOneSentence) {
  v1::SummarizeResponse response = TwoGroups();
  const auto shift = [&response](int cell) {
    return response.mutable_cells(cell)->mutable_figures()->mutable_quantiles(
        0);
  };
  shift(0)->set_shift_by_k_false(0.042);
  EXPECT_THAT(Said([&] { TellSummary(response); }),
              HasSubstr("\n10 false answers in a group can have moved its "
                        "median by about 4.2 % (meals), and farther than can "
                        "be told in groups of this table: 1.\n"));
  shift(1)->set_shift_by_k_false(0.011);
  EXPECT_THAT(Said([&] { TellSummary(response); }),
              HasSubstr("by about 1.1 % (rides) to 4.2 % (meals).\n"));
  response.clear_cells();
  EXPECT_THAT(Said([&] { TellSummary(response); }),
              Not(HasSubstr("false answers")));
}

TEST(FiguresTextTest, EveryRoundOfATrendIsNamed) {
  v1::TrendResponse response;
  for (const char* round : {"q1", "q2", "q3", "q4", "q5"}) {
    v1::TrendPoint& point = *response.add_points();
    point.set_name("releases/couriers." + std::string(round));
    point.set_admission(v1::ADMISSION_CREDENTIAL);
  }
  response.mutable_points(1)->mutable_withheld();
  response.mutable_points(3)->mutable_not_asked();
  for (const int shown : {0, 2, 4}) {
    response.mutable_points(shown)->mutable_wage()->set_value(1300);
    response.mutable_points(shown)->set_citation("cite " +
                                                 std::to_string(shown));
  }
  for (const int changed : {2, 4}) {
    v1::TrendPoint& point = *response.mutable_points(changed);
    point.set_change_since(response.points(changed - 2).name());
    point.mutable_relative_change()->set_value(0.03);
    point.mutable_relative_change_since_first()->set_value(0.05);
  }
  const std::string text = Said([&] { TellTrend(response, 0.5); });
  EXPECT_THAT(text, HasSubstr("couriers.q2  withheld\n"));
  EXPECT_THAT(text, HasSubstr("couriers.q4  not asked"));
  EXPECT_THAT(text, HasSubstr("since couriers.q1: 0.0 % to 0.0 %, 3.0 %\n"));
  EXPECT_THAT(text, HasSubstr("since couriers.q3: 0.0 % to 0.0 %, 3.0 %  since "
                              "couriers.q1: 0.0 % to 0.0 %, 5.0 %\n"));
  EXPECT_THAT(text, HasSubstr("Cite the latest as: cite 4"));
}

TEST(FiguresTextTest, TooLittleDataSaysWhatTheyCouldNotShow) {
  v1::CompareResponse response;
  response.mutable_figures()->set_verdict(v1::VERDICT_TOO_LITTLE_DATA);
  response.mutable_figures()->set_minimum_detectable_gap(0.3);
  EXPECT_THAT(Said([&] { TellGap(response); }),
              HasSubstr("Too little data to tell: even if one group were paid "
                        "a fifth more than the other,\nthese answers could not "
                        "show it.\n"));
  response.mutable_figures()->set_minimum_detectable_gap(0);
  EXPECT_THAT(Said([&] { TellGap(response); }),
              HasSubstr("one of the groups is too small"));
}

}  // namespace
}  // namespace commonwage::client::cli
