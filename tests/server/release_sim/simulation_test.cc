// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/simulation.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include <gtest/gtest.h>

#include "base/error.h"
#include "crypto/sodium_random.h"
#include "tests/testing/sample_plan.h"
#include "tests/testing/seeded_random.h"
#include "tests/testing/shared_files.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/temp_directory.h"

namespace commonwage::server::release_sim {
namespace {

using commonwage::testing::HasReason;
using commonwage::testing::SamplePlanJson;
using commonwage::testing::SeededRandom;
using commonwage::testing::TempDirectory;

// A plan file and a records file with 300 couriers in one cell and 5 in
// another.
class SimulationTest : public ::testing::Test {
 protected:
  SimulationTest() {
    Write("plan.json", SamplePlanJson());
    std::string csv = "platform,region,hourly_pay\n";
    for (int i = 0; i < 300; ++i) {
      csv += "fast-food,north," + std::to_string(900 + i) + "\n";
    }
    for (int i = 0; i < 5; ++i) {
      csv += "other,south,1200\n";
    }
    Write("records.csv", csv);
  }

  void Write(const std::string& name, const std::string& content) {
    std::ofstream(directory_.File(name)) << content;
  }

  absl::StatusOr<std::string> Run(int64_t runs, RandomSource& random) {
    std::string out;
    const absl::Status status = Simulate(
        {directory_.File("plan.json"), directory_.File("records.csv"), runs},
        random, [&out](absl::string_view text) {
          out.append(text.data(), text.size());
          return absl::OkStatus();
        });
    if (!status.ok()) {
      return status;
    }
    return out;
  }

  TempDirectory directory_;
};

TEST_F(SimulationTest, PrintsALineOfJsonPerRunWithEveryCell) {
  SeededRandom random(1);
  const auto out = Run(5, random);
  ASSERT_OK(out);
  const std::vector<std::string> lines =
      absl::StrSplit(*out, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 5U);
  for (size_t run = 0; run < lines.size(); ++run) {
    google::protobuf::Struct line;
    ASSERT_TRUE(
        google::protobuf::util::JsonStringToMessage(lines[run], &line).ok());
    EXPECT_EQ(line.fields_size(), 2);
    EXPECT_EQ(line.fields().at("run").number_value(), static_cast<double>(run));
    const auto& marginals = line.fields().at("marginals").list_value();
    ASSERT_EQ(marginals.values_size(), 2);
    const auto& fields = marginals.values(1).struct_value().fields();
    EXPECT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields.at("id").string_value(), "platform_region");
    const auto& cells = fields.at("cells").list_value();
    ASSERT_EQ(cells.values_size(), 12);
    int shown = 0;
    for (const auto& cell : cells.values()) {
      const auto& cell_fields = cell.struct_value().fields();
      const bool released = cell_fields.at("released").bool_value();
      shown += released ? 1 : 0;
      EXPECT_EQ(cell_fields.size(), released ? 3U : 2U);
      EXPECT_EQ(cell_fields.contains("nodes"), released);
    }
    EXPECT_EQ(shown, 1);
  }
}

TEST_F(SimulationTest, RunsDiffer) {
  crypto::SodiumRandom random;
  const auto out = Run(2, random);
  ASSERT_OK(out);
  const std::vector<std::string> lines = absl::StrSplit(*out, '\n');
  EXPECT_NE(lines[0].substr(10), lines[1].substr(10));
}

TEST_F(SimulationTest, NoRunsPrintNothing) {
  SeededRandom random(1);
  const auto out = Run(0, random);
  ASSERT_OK(out);
  EXPECT_EQ(*out, "");
}

TEST_F(SimulationTest, AFaultyPlanIsRefusedWithItsFaults) {
  Write("plan.json", "{\"survey\": 5}");
  SeededRandom random(1);
  EXPECT_THAT(Run(1, random), HasReason(Reason::kPlanFaulty));
  std::string over_cap = SamplePlanJson();
  over_cap.replace(over_cap.find("1600000"), 7, "200000");
  Write("plan.json", over_cap);
  const auto refused = Run(1, random);
  EXPECT_THAT(refused, HasReason(Reason::kPlanFaulty));
  EXPECT_EQ(FaultsOf(refused.status())[0].place, "survey_cap_micro_rho");
}

TEST_F(SimulationTest, AnUnknownValueIsRefusedBeforeAnythingIsPrinted) {
  Write("records.csv", "platform,region,hourly_pay\nnowhere,north,1\n");
  SeededRandom random(1);
  EXPECT_THAT(Run(1, random), HasReason(Reason::kRecordsFaulty));
}

TEST_F(SimulationTest, TheExamplePlanAndTheOpenWagesWorkAsTheyStand) {
  const auto plan = commonwage::testing::SharedPath("examples/plan.json");
  const auto wages = commonwage::testing::SharedPath("data/open_wages.csv");
  if (!plan.has_value() || !wages.has_value()) {
    COMMONWAGE_SKIP_WITHOUT("examples/plan.json or data/open_wages.csv");
  }
  crypto::SodiumRandom random;
  std::string out;
  EXPECT_OK(
      Simulate({*plan, *wages, 1}, random, [&out](absl::string_view text) {
        out.append(text.data(), text.size());
        return absl::OkStatus();
      }));
  size_t cells = 0;
  for (size_t at = out.find("\"key\":"); at != std::string::npos;
       at = out.find("\"key\":", at + 1)) {
    ++cells;
  }
  EXPECT_EQ(cells, 28U + 28 * 8 + 28 * 10 + 8 * 10 + 4 * 8);
}

TEST_F(SimulationTest, StopsWhenTheOutputFails) {
  SeededRandom random(1);
  int calls = 0;
  const absl::Status status = Simulate(
      {directory_.File("plan.json"), directory_.File("records.csv"), 100000},
      random, [&calls](absl::string_view /*text*/) {
        ++calls;
        return Refusal(Reason::kFileUnusable, "No.");
      });
  EXPECT_THAT(status, HasReason(Reason::kFileUnusable));
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace commonwage::server::release_sim
