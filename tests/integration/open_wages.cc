// SPDX-License-Identifier: Apache-2.0
// Real wages the whole way: every record of one period of the open data is
// sealed by the client library, sent to the real server, opened and released by
// the steward's program; then the released medians are held against the exact
// ones. Prints a table per size class.
//
//   open_wages [PERIOD]        2021-04 unless said otherwise

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "base/check.h"
#include "client/connection/connect_options.h"
#include "client/connection/server_api.h"
#include "commonwage/v1/statistics_service.pb.h"
#include "crypto/sodium_random.h"
#include "survey/answer.h"
#include "survey/plan/plan.h"
#include "survey/plan/plan_json.h"
#include "tests/testing/crowd.h"
#include "tests/testing/embedded_service.h"
#include "tests/testing/shared_files.h"

namespace commonwage::testing {
namespace {

constexpr char kData[] = "data/open_wages.csv";
constexpr char kPlan[] = "examples/plan.json";
constexpr size_t kExpectedWages = 16'634;  // Of period 2021-04.

// Sizes of groups, as the report tells them apart.
struct SizeClass {
  size_t low;
  size_t high;  // Not included.
};
constexpr std::array<SizeClass, 5> kSizeClasses = {
    {{10, 30}, {30, 100}, {100, 300}, {300, 1000}, {1000, SIZE_MAX}}};

// Reads the records of `period`; the columns are named in the first line.
std::vector<Answer> ReadWages(const std::string& csv, const Plan& plan,
                              absl::string_view period) {
  std::vector<Answer> answers;
  std::vector<std::string> head;
  for (absl::string_view line : absl::StrSplit(csv, '\n', absl::SkipEmpty())) {
    absl::ConsumeSuffix(&line, "\r");
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    if (head.empty()) {
      head = fields;
      continue;
    }
    std::map<std::string, std::string> by_id;
    for (size_t i = 0; i < fields.size(); ++i) {
      by_id[head[i]] = fields[i];
    }
    if (by_id["period"] != period) {
      continue;
    }
    by_id.erase("period");
    auto answer = MakeAnswer(plan, by_id);
    COMMONWAGE_CHECK(answer.ok());
    answers.push_back(*std::move(answer));
  }
  return answers;
}

// The wages of each cell of one marginal, by the values of its dimensions.
std::map<std::vector<std::string>, std::vector<int64_t>> ExactCells(
    const Plan& plan, const Marginal& marginal,
    const std::vector<Answer>& answers) {
  std::map<std::vector<std::string>, std::vector<int64_t>> cells;
  for (const Answer& answer : answers) {
    std::vector<std::string> key;
    for (const std::string& id : marginal.by) {
      const size_t dimension = *DimensionIndex(plan, id);
      key.push_back(
          plan.dimensions[dimension].values[answer.value_indexes[dimension]]);
    }
    cells[key].push_back(answer.minor_units.front());
  }
  return cells;
}

double MedianOf(std::vector<int64_t> wages) {
  std::sort(wages.begin(), wages.end());
  const size_t middle = wages.size() / 2;
  return wages.size() % 2 == 1 ? static_cast<double>(wages[middle])
                               : (static_cast<double>(wages[middle - 1]) +
                                  static_cast<double>(wages[middle])) /
                                     2;
}

double QuantileOf(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const auto index =
      static_cast<size_t>(p * static_cast<double>(values.size() - 1) + 0.5);
  return values[index];
}

// What became of the cells of one size class.
struct ClassReport {
  size_t cells = 0;
  size_t released = 0;
  size_t covered = 0;          // The interval holds the exact median.
  std::vector<double> errors;  // |median error|, as a fraction.
};

class Study {
 public:
  Study(const Plan& plan, const std::vector<Answer>& answers)
      : plan_(plan), answers_(answers) {}

  // Compares every cell of `marginal` with what the server says.
  void Compare(client::ServerApi& server, const Marginal& marginal) {
    v1::SummarizeRequest request;
    request.set_name(absl::StrCat("releases/", RoundIdOf(plan_)));
    request.mutable_by()->Assign(marginal.by.begin(), marginal.by.end());
    request.mutable_statistics()->add_quantiles(0.5);
    const auto response = server.Summarize(request);
    COMMONWAGE_CHECK(response.ok());
    const auto exact = ExactCells(plan_, marginal, answers_);
    for (const v1::CellSummary& cell : response->cells()) {
      std::vector<std::string> key;
      for (const v1::CellCoordinate& coordinate : cell.key()) {
        key.push_back(coordinate.values(0));
      }
      const auto found = exact.find(key);
      Count(found == exact.end() ? std::vector<int64_t>() : found->second,
            cell);
    }
  }

  void Print() const {
    std::printf(
        "  n           cells  released  median |error|   p90 |error|  in 95 %% "
        "interval\n");
    for (size_t i = 0; i < kSizeClasses.size(); ++i) {
      const ClassReport& report = reports_[i];
      const std::string name = i + 1 == kSizeClasses.size()
                                   ? "1000+"
                                   : absl::StrCat(kSizeClasses[i].low, "-",
                                                  kSizeClasses[i].high - 1);
      std::printf("  %-10s %6zu %8.1f %%", name.c_str(), report.cells,
                  100.0 * static_cast<double>(report.released) /
                      static_cast<double>(std::max<size_t>(1, report.cells)));
      if (report.errors.empty()) {
        std::printf("               -             -             -\n");
        continue;
      }
      std::printf("        %6.2f %%      %6.2f %%     %3zu of %zu\n",
                  100 * QuantileOf(report.errors, 0.5),
                  100 * QuantileOf(report.errors, 0.9), report.covered,
                  report.errors.size());
    }
    std::printf("  smaller than k: %zu cells, %zu released\n", small_cells_,
                small_released_);
  }

  // No cell below k is shown, and what is shown is mostly right.
  [[nodiscard]] bool Holds() const {
    size_t shown = 0;
    size_t covered = 0;
    for (const ClassReport& report : reports_) {
      shown += report.errors.size();
      covered += report.covered;
    }
    return small_released_ == 0 && shown > 100 && 100 * covered >= 93 * shown;
  }

 private:
  void Count(const std::vector<int64_t>& wages, const v1::CellSummary& cell) {
    if (wages.size() < static_cast<size_t>(plan_.k)) {
      ++small_cells_;
      small_released_ += cell.has_figures() ? 1U : 0U;
      return;
    }
    for (size_t i = 0; i < kSizeClasses.size(); ++i) {
      if (wages.size() >= kSizeClasses[i].low &&
          wages.size() < kSizeClasses[i].high) {
        CountIn(reports_[i], wages, cell);
      }
    }
  }

  static void CountIn(ClassReport& report, const std::vector<int64_t>& wages,
                      const v1::CellSummary& cell) {
    ++report.cells;
    if (!cell.has_figures()) {
      return;
    }
    ++report.released;
    const v1::Estimate& median = cell.figures().quantiles(0).wage();
    const double exact = MedianOf(wages);
    report.errors.push_back(std::abs(median.value() - exact) / exact);
    const v1::Interval& interval = median.interval();
    report.covered += (interval.open_low() || interval.low() <= exact) &&
                              (interval.open_high() || exact <= interval.high())
                          ? 1U
                          : 0U;
  }

  const Plan& plan_;
  const std::vector<Answer>& answers_;
  std::array<ClassReport, kSizeClasses.size()> reports_;
  size_t small_cells_ = 0;
  size_t small_released_ = 0;
};

int Main(const std::string& period) {
  const auto csv = SharedFile(kData);
  const auto plan_json = SharedFile(kPlan);
  if (!csv.has_value() || !plan_json.has_value()) {
    std::printf(
        "SKIPPED: %s and %s are not there; set COMMONWAGE_SHARED to the "
        "directory that holds them. Nothing was measured.\n",
        kData, kPlan);
    return kSkippedExitCode;
  }
  COMMONWAGE_CHECK(crypto::InitCrypto().ok());
  const auto plan = ParsePlan(*plan_json);
  COMMONWAGE_CHECK(plan.ok());
  const std::vector<Answer> answers = ReadWages(*csv, *plan, period);
  COMMONWAGE_CHECK(period != "2021-04" || answers.size() == kExpectedWages);

  EmbeddedService service(COMMONWAGE_BIN_DIR);
  service.CreateRound({.plan_json = *plan_json});
  service.StartServer();
  service.WaitUntilOpen();
  const auto round = VisitRound(service.server(), service.round_id());
  COMMONWAGE_CHECK(round.ok());
  const auto outcome = SubmitAnswers(
      service.server(), *round, MakePeople(answers.size()), answers, nullptr);
  COMMONWAGE_CHECK(outcome.ok() && outcome->accepted == answers.size());
  service.CloseEarly();
  service.ExportInbox();
  service.Publish();
  service.ImportRelease();

  client::ConnectOptions connect;
  connect.server = service.server();
  const auto server = client::ConnectToServer(connect);
  COMMONWAGE_CHECK(server.ok());
  v1::SummarizeRequest probe;
  probe.set_name(absl::StrCat("releases/", RoundIdOf(*plan)));
  probe.mutable_by()->Assign(plan->marginals.front().by.begin(),
                             plan->marginals.front().by.end());
  for (int tries = 0; tries < 100 && !(*server)->Summarize(probe).ok();
       ++tries) {
    absl::SleepFor(absl::Milliseconds(100));
  }

  std::printf("%zu wages of %s, all marginals of the plan together:\n",
              answers.size(), period.c_str());
  Study all(*plan, answers);
  for (const Marginal& marginal : plan->marginals) {
    all.Compare(**server, marginal);
  }
  all.Print();
  for (const Marginal& marginal : plan->marginals) {
    Study one(*plan, answers);
    one.Compare(**server, marginal);
    std::printf("\n%s:\n", marginal.id.c_str());
    one.Print();
  }
  return all.Holds() ? 0 : 1;
}

}  // namespace
}  // namespace commonwage::testing

int main(int argc, char** argv) {
  return commonwage::testing::Main(argc > 1 ? argv[1] : "2021-04");
}
