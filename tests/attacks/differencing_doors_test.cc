// SPDX-License-Identifier: Apache-2.0
// Subset and superset through every door that figures come out of: counts,
// coarser cells, shares, medians, gaps, trends. Whoever knows everybody but the
// victim draws the line between "there" and "not there" where it worked best on
// one half of the releases, and guesses on the other half. No door may let them
// do better than the odds that the plan states; and without noise each lets
// them be right every time, so each door is worth trying.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "privacy/best_guess.h"
#include "privacy/estimate/summary.h"
#include "privacy/estimate/trend.h"
#include "privacy/noise/release_round.h"
#include "privacy/plan_loss.h"
#include "tests/attacks/victim_world.h"
#include "tests/testing/seeded_random.h"

namespace commonwage {
namespace {

using privacy::estimate::CellFigures;
using privacy::estimate::CompareRequest;
using privacy::estimate::Figures;
using privacy::estimate::SummaryRequest;
using privacy::estimate::TrendRequest;
using privacy::estimate::ValuesByDimension;

constexpr size_t kTrials = 4'000;

// The victim's platform, and the same without the victim's region.
ValuesByDimension Whole() { return {{"platform", {"bolt-bike"}}}; }
ValuesByDimension Others() {
  return {{"platform", {"bolt-bike"}}, {"region", {"south", "undisclosed"}}};
}

// The figures of the only cell that `request` leaves.
CellFigures Only(const Figures& release, const SummaryRequest& request) {
  return *release.Summarize(request).value().cells.at(0).figures;
}

SummaryRequest OfWhole() {
  SummaryRequest request;
  request.by = {"platform"};
  request.where = Whole();
  return request;
}

SummaryRequest OfOthers() {
  SummaryRequest request;
  request.by = {"platform", "region"};
  request.where = Others();
  return request;
}

// A door: what it tells of this round, the one before being known. Each is a
// question, or two, of the kind that the door answers.
struct Door {
  const char* name;
  double (*ask)(const Figures& now, const Figures& before);
};

double CountsOfCells(const Figures& now, const Figures& /*before*/) {
  SummaryRequest whole = OfWhole();
  SummaryRequest others = OfOthers();
  whole.count = others.count = true;
  double left = Only(now, whole).count->value;
  const auto siblings = now.Summarize(others).value();
  for (const auto& cell : siblings.cells) {
    left -= cell.figures->count->value;
  }
  return left;
}

double CountOfASum(const Figures& now, const Figures& /*before*/) {
  SummaryRequest whole = OfWhole();
  SummaryRequest others = OfOthers();
  whole.count = others.count = true;
  others.add = {"region"};
  return Only(now, whole).count->value - Only(now, others).count->value;
}

double WorkersBelow(const Figures& now, const Figures& /*before*/) {
  const auto below = [&now](SummaryRequest request) {
    request.count = true;
    request.shares_below = {1300};
    const CellFigures figures = Only(now, request);
    return figures.count->value * figures.shares_below[0].share.value;
  };
  SummaryRequest others = OfOthers();
  others.add = {"region"};
  return below(OfWhole()) - below(others);
}

double BinOfAHistogram(const Figures& now, const Figures& /*before*/) {
  SummaryRequest request = OfWhole();
  request.count = request.histogram = true;
  const CellFigures figures = Only(now, request);
  return figures.count->value * figures.histogram[7].value;
}

double MeanOfTheMiddle(const Figures& now, const Figures& /*before*/) {
  SummaryRequest request = OfWhole();
  request.trimmed_mean = true;
  return Only(now, request).trimmed_mean->value;
}

double GapOfMedians(const Figures& now, const Figures& /*before*/) {
  CompareRequest request;
  request.by = {"platform"};
  request.a = Whole();
  request.base = {{"platform", {"fast-food", "other", "undisclosed"}}};
  return now.Compare(request).value().gap->difference.relative.value;
}

double ChangeOfATrend(const Figures& now, const Figures& before) {
  TrendRequest request;
  request.by = {"platform"};
  request.where = Whole();
  return privacy::estimate::Trend(std::vector<const Figures*>{&before, &now},
                                  request)
      .value()
      .points.at(1)
      .change->difference.relative.value;
}

constexpr Door kDoors[] = {{"Summarize, counts of cells", CountsOfCells},
                           {"Summarize, count of coarser cells", CountOfASum},
                           {"Summarize, share below a rate", WorkersBelow},
                           {"Summarize, one bin", BinOfAHistogram},
                           {"Summarize, trimmed mean", MeanOfTheMiddle},
                           {"Compare", GapOfMedians},
                           {"Trend", ChangeOfATrend}};

// What one door told, and whether the victim was there.
using Told = std::vector<std::pair<double, bool>>;

// Share of right guesses by the line that is best on the first half, on the
// second half.
double GuessesRight(const Told& told) {
  const auto middle =
      told.begin() + static_cast<std::ptrdiff_t>(told.size() / 2);
  Told known(told.begin(), middle);
  std::sort(known.begin(), known.end());
  // Right guesses if all from i on are called "there": and the other way round.
  int right = static_cast<int>(std::count_if(
      known.begin(), known.end(), [](const auto& one) { return one.second; }));
  const int all = static_cast<int>(known.size());
  int best = std::max(right, all - right);
  double line = -HUGE_VAL;
  bool above_is_there = right >= all - right;
  for (size_t i = 0; i < known.size(); ++i) {
    right += known[i].second ? -1 : 1;
    const bool last_of_its_value =
        i + 1 == known.size() || known[i + 1].first > known[i].first;
    if (last_of_its_value && std::max(right, all - right) > best) {
      best = std::max(right, all - right);
      above_is_there = right >= all - right;
      line = i + 1 == known.size() ? HUGE_VAL
                                   : (known[i].first + known[i + 1].first) / 2;
    }
  }
  const auto hits = std::count_if(middle, told.end(), [&](const auto& one) {
    return ((one.first > line) == above_is_there) == one.second;
  });
  return static_cast<double>(hits) / static_cast<double>(told.end() - middle);
}

class DifferencingDoorsTest : public ::testing::Test {
 protected:
  // What every door tells of kTrials rounds, half of them with the victim.
  std::vector<Told> AskEverywhere(bool with_noise) {
    std::vector<Told> told(std::size(kDoors));
    const Figures before = Draw(earlier_, without_, with_noise);
    for (size_t trial = 0; trial < kTrials; ++trial) {
      const bool there = trial % 2 == 0;
      const Figures now = Draw(manifest_, there ? with_ : without_, with_noise);
      for (size_t door = 0; door < told.size(); ++door) {
        told[door].emplace_back(kDoors[door].ask(now, before), there);
      }
    }
    return told;
  }

  const Manifest manifest_ = testing::VictimManifest();

 private:
  Figures Draw(const Manifest& manifest, const privacy::noise::Tally& tally,
               bool with_noise) {
    Release release = privacy::noise::DrawRelease(manifest, ManifestHash(),
                                                  tally, false, "test", random_)
                          .value();
    if (!with_noise) {
      release = testing::WithoutNoise(std::move(release), manifest.plan, tally);
    }
    return Figures::Of(manifest, std::move(release)).value();
  }

  const Manifest earlier_ = testing::VictimManifest("2025-q4");
  const privacy::noise::Tally with_ =
      testing::VictimWorld(manifest_.plan, true);
  const privacy::noise::Tally without_ =
      testing::VictimWorld(manifest_.plan, false);
  testing::SeededRandom random_{23};
};

TEST_F(DifferencingDoorsTest, NoDoorGainsMoreThanThePlanStates) {
  // Four standard errors above what the loss allows: false alarm 3e-5 a door.
  const auto loss = privacy::LossOf(manifest_.plan).value();
  const double most =
      static_cast<double>(
          privacy::BestGuessOf(manifest_.plan, loss, 1).took_part) /
          1e4 +
      4 * 0.5 / std::sqrt(kTrials / 2.0);
  ASSERT_LT(most, 1);
  const std::vector<Told> told = AskEverywhere(true);
  for (size_t door = 0; door < told.size(); ++door) {
    EXPECT_LE(GuessesRight(told[door]), most) << kDoors[door].name;
  }
}

TEST_F(DifferencingDoorsTest, WithoutNoiseEveryDoorShowsTheVictim) {
  const std::vector<Told> told = AskEverywhere(false);
  for (size_t door = 0; door < told.size(); ++door) {
    EXPECT_EQ(GuessesRight(told[door]), 1.0) << kDoors[door].name;
  }
}

}  // namespace
}  // namespace commonwage
