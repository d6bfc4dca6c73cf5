// SPDX-License-Identifier: Apache-2.0
// Figures as spreadsheets read them.

#include "client/cli/text/figures_csv.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace commonwage::client::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

v1::SummarizeResponse Groups(const std::vector<std::string>& platforms) {
  v1::SummarizeResponse response;
  v1::ReleaseReference& release = *response.mutable_release();
  release.set_name("releases/couriers.q1");
  release.set_currency("EUR");
  release.set_period("HOUR");
  release.set_minor_unit_exponent(2);
  response.set_confidence(0.95);
  for (const std::string& platform : platforms) {
    v1::CellSummary& cell = *response.add_cells();
    cell.add_key()->set_dimension("platform");
    cell.mutable_key(0)->add_values(platform);
    cell.set_citation("couriers.q1 platform[platform=" + platform + "]");
  }
  return response;
}

v1::Estimate Estimate(double value, double half_width) {
  v1::Estimate estimate;
  estimate.set_value(value);
  estimate.mutable_interval()->set_low(value - half_width);
  estimate.mutable_interval()->set_high(value + half_width);
  estimate.set_quality(v1::QUALITY_GOOD);
  estimate.set_position(v1::POSITION_INSIDE);
  estimate.set_noise_sd(half_width / 2);
  return estimate;
}

TEST(FiguresCsvTest, EveryFigureHasALineWithItsInterval) {
  v1::SummarizeResponse response = Groups({"meals", "rides"});
  v1::CellFigures& figures = *response.mutable_cells(0)->mutable_figures();
  *figures.mutable_count() = Estimate(436.5, 29);
  v1::QuantileEstimate& median = *figures.add_quantiles();
  median.set_p(0.5);
  *median.mutable_wage() = Estimate(1234567, 100);
  v1::ShareEstimate& share = *figures.add_shares_below();
  share.set_rate(1390);
  *share.mutable_share() = Estimate(0.25, 0.05);
  v1::HistogramBin& bin = *figures.add_histogram();
  bin.set_low(1000);
  bin.set_share(0.125);
  response.mutable_cells(1)->mutable_withheld();
  const std::vector<std::string> lines =
      absl::StrSplit(CsvOf(response), "\r\n");
  const std::string end = "0.95,couriers.q1 platform[platform=meals]";
  EXPECT_THAT(
      lines,
      ElementsAre(
          "round,platform,figure,at,value,interval_low,interval_high,quality,"
          "position,modelled,noise_sd,sampling_sd,model_sd,unit,confidence,"
          "citation",
          "couriers.q1,meals,count,,436.5,407.5,465.5,good,INSIDE,no,14.5,0,0,"
          "answers," +
              end,
          "couriers.q1,meals,quantile,0.5,12345.67,12344.67,12346.67,good,"
          "INSIDE,no,0.50,0.00,0.00,EUR per hour," +
              end,
          "couriers.q1,meals,share_below,13.90,0.25,0.2,0.3,good,INSIDE,no,"
          "0.025,0,0,share," +
              end,
          "couriers.q1,meals,bin,10.00,0.125,,,,,,,,,share," + end,
          "couriers.q1,rides,withheld,,,,,,,,,,,,0.95,"
          "couriers.q1 platform[platform=rides]",
          ""));
}

TEST(FiguresCsvTest, ABoundHasNoValueAndAnOpenSideIsEmpty) {
  v1::SummarizeResponse response = Groups({"meals"});
  v1::QuantileEstimate& high =
      *response.mutable_cells(0)->mutable_figures()->add_quantiles();
  high.set_p(0.9);
  *high.mutable_wage() = Estimate(3000, 0);
  high.mutable_wage()->set_position(v1::POSITION_ABOVE);
  high.mutable_wage()->mutable_interval()->set_open_high(true);
  EXPECT_THAT(CsvOf(response), HasSubstr("quantile,0.9,,30.00,,good,ABOVE,"));
}

// A plan's values are its steward's, and its steward may be anybody.
TEST(FiguresCsvTest, NothingInItIsAFormulaOrBreaksALine) {
  v1::SummarizeResponse response =
      Groups({"=1+1", "a,b", "say \"so\"", "+x", "-5", "a\r\nb"});
  const std::string csv = CsvOf(response);
  for (const char* field :
       {",'=1+1,", ",\"a,b\",", ",\"say \"\"so\"\"\",", ",'+x,", ",'-5,"}) {
    EXPECT_THAT(csv, HasSubstr(field));
  }
  EXPECT_THAT(csv, Not(HasSubstr("a\r\nb")));
  const std::vector<std::string> lines = absl::StrSplit(csv, "\r\n");
  EXPECT_EQ(lines.size(), 1 + 6 + 1U);

  response = Groups({"meals"});
  response.mutable_release()->set_currency("=1+1,x");
  response.mutable_cells(0)->mutable_figures()->add_quantiles();
  EXPECT_THAT(CsvOf(response), HasSubstr(",\"'=1+1,x per hour\","));
}

TEST(FiguresCsvTest, EveryLineHasAsManyFieldsAsTheHead) {
  v1::SummarizeResponse response = Groups({"meals", "rides"});
  v1::CellFigures& figures = *response.mutable_cells(0)->mutable_figures();
  *figures.mutable_trimmed_mean() = Estimate(1500, 10);
  figures.add_histogram()->set_share(0.5);
  *figures.mutable_count() = Estimate(10, 1);
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(CsvOf(response), "\r\n"))) {
    if (!line.empty()) {
      EXPECT_EQ(std::count(line.begin(), line.end(), ','), 15) << line;
    }
  }
}

TEST(FiguresCsvTest, NoGroupsAreAHeadAlone) {
  v1::SummarizeResponse response = Groups({});
  EXPECT_THAT(CsvOf(response), HasSubstr("round,figure,at,value,"));
}

}  // namespace
}  // namespace commonwage::client::cli
