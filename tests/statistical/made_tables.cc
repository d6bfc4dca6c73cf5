// SPDX-License-Identifier: Apache-2.0
#include "tests/statistical/made_tables.h"

#include <cmath>
#include <cstddef>
#include <utility>

#include "base/check.h"
#include "privacy/model/critical.h"
#include "privacy/plan_loss.h"
#include "survey/answer.h"
#include "survey/cells.h"
#include "tests/statistical/coverage_world.h"
#include "tests/statistical/pay_law.h"

namespace commonwage::testing {
namespace {

constexpr double kMedianPay = 60000;
constexpr double kLogSd = 0.4;
constexpr double kFewestWorkers = 20;
constexpr double kMostTimesWorkers = 15;

const char* NameOf(Straying straying) {
  constexpr std::array kNames = {"none", "little", "much",
                                 "few",  "1-way",  "3-way"};
  return kNames[static_cast<size_t>(straying)];
}

const char* NameOf(PayKind pay) {
  constexpr std::array kNames = {"smooth", "uneven", "heaped", "round",
                                 "scale"};
  return kNames[static_cast<size_t>(pay)];
}

Dimension DimensionOf(const std::string& id, size_t values) {
  Dimension dimension{.id = id, .values = {}};
  for (size_t i = 0; i < values; ++i) {
    dimension.values.push_back(id + std::to_string(i));
  }
  return dimension;
}

// Whoever is paid at multiples of 1.07 from 22,000 on, near a median.
PayLaw OnTheScale(double median) {
  std::vector<std::pair<double, double>> rates;
  for (int step = 0; step < 40; ++step) {
    const double rate = 22000 * std::pow(1.07, step);
    const double distance = std::log(rate / median) / 0.2;
    rates.emplace_back(rate, std::exp(-distance * distance / 2));
  }
  return PayLaw("", rates);
}

WageWorld WorldOf(PayKind pay, double median, double log_sd) {
  if (pay == PayKind::kHeaped) {
    return WageWorld::WithHeaps("", median, log_sd,
                                {{std::round(median * 0.96), 0.25}});
  }
  return pay == PayKind::kRoundPay
             ? WageWorld::Rounded("", median, log_sd, 5000, 0.7)
             : WageWorld("", median, log_sd);
}

double DrawNormal(SeededRandom& random) {
  constexpr double kInside = 1 - 1e-6;
  return privacy::model::NormalQuantile(5e-7 + kInside * random.Unit());
}

std::vector<double> DrawEffects(size_t values, double sd,
                                SeededRandom& random) {
  std::vector<double> effects;
  for (size_t i = 0; i < values; ++i) {
    effects.push_back(sd * DrawNormal(random));
  }
  return effects;
}

// How far the cell itself strays.
double DrawStraying(Straying straying, size_t cell, SeededRandom& random) {
  switch (straying) {
    case Straying::kLittle:
    case Straying::kThreeWay:
      return 0.05 * DrawNormal(random);
    case Straying::kMuch:
      return 0.2 * DrawNormal(random);
    case Straying::kFew:
      return cell % 6 != 0 ? 0 : (cell % 12 == 0 ? 0.35 : -0.35);
    default:
      return 0;
  }
}

}  // namespace

MadeTable::MadeTable(const MadeDesign& design, Straying straying, PayKind pay,
                     uint64_t seed)
    : random_(seed) {
  SetPlan(design, straying);
  truth_.name = design.name + " " + NameOf(straying) + " " + NameOf(pay);
  SetCells(straying, pay);
}

void MadeTable::SetPlan(const MadeDesign& design, Straying straying) {
  Plan& plan = manifest_.plan;
  plan.survey = "made";
  plan.round = "one";
  plan.k = 10;
  plan.threshold_delta = "1e-7";
  plan.survey_cap_micro_rho = 10'000'000;
  int64_t bins = 1;
  for (const int64_t fanout : design.fanouts) {
    bins *= fanout;
  }
  plan.measures.push_back(
      {"pay", "USD", PayPeriod::kYear, 0, EvenEdges(20000, 300000, bins)});
  if (straying == Straying::kOneByOne) {
    plan.dimensions = {DimensionOf("row", 40)};
  } else if (straying == Straying::kThreeWay) {
    plan.dimensions = {DimensionOf("row", 6), DimensionOf("column", 4),
                       DimensionOf("layer", 4)};
  } else {
    plan.dimensions = {DimensionOf("row", 12), DimensionOf("column", 8)};
  }
  for (const Dimension& dimension : plan.dimensions) {
    truth_.by.push_back(dimension.id);
  }
  std::vector<std::vector<std::string>> tables = {truth_.by};
  if (plan.dimensions.size() > 1) {
    for (const std::string& id : truth_.by) {
      tables.push_back({id});
    }
  }
  if (straying == Straying::kThreeWay) {
    tables.push_back({"row", "column"});
    tables.push_back({"column", "layer"});
  }
  for (const std::vector<std::string>& by : tables) {
    plan.marginals.push_back({"table" + std::to_string(plan.marginals.size()),
                              "pay", by, design.mechanism, design.fanouts,
                              design.micro_loss_per_level});
  }
  const auto loss = privacy::LossOf(plan);
  COMMONWAGE_CHECK(loss.ok());
  for (const privacy::MarginalLoss& marginal : loss->marginals) {
    manifest_.taus.push_back(marginal.tau);
  }
}

void MadeTable::SetCells(Straying straying, PayKind pay) {
  const Plan& plan = manifest_.plan;
  const CellSpace cells(plan, plan.marginals.front());
  constexpr std::array kEffectSds = {0.2, 0.15, 0.1};
  std::vector<std::vector<double>> effects;
  for (size_t k = 0; k < plan.dimensions.size(); ++k) {
    effects.push_back(
        DrawEffects(plan.dimensions[k].values.size(), kEffectSds[k], random_));
  }
  // Of pairs of row and column.
  const double pair_sd = straying == Straying::kThreeWay ? 0.1 : 0;
  const std::vector<double> pairs = DrawEffects(cells.size(), pair_sd, random_);
  for (size_t cell = 0; cell < cells.size(); ++cell) {
    const std::vector<size_t> values = cells.ValuesOf(cell);
    double log_median =
        std::log(kMedianPay) + DrawStraying(straying, cell, random_);
    for (size_t k = 0; k < values.size(); ++k) {
      log_median += effects[k][values[k]];
    }
    if (values.size() > 1) {
      const size_t columns = plan.dimensions[1].values.size();
      log_median += pairs[values[0] * columns + values[1]];
    }
    const double log_sd =
        pay == PayKind::kUneven ? 0.3 + 0.3 * random_.Unit() : kLogSd;
    if (pay == PayKind::kScale) {
      AddLaw(OnTheScale(std::exp(log_median)));
    } else {
      AddLaw(WorldOf(pay, std::exp(log_median), log_sd));
    }
    truth_.workers.push_back(std::llround(
        kFewestWorkers * std::pow(kMostTimesWorkers, random_.Unit())));
  }
}

template <typename Law>
void MadeTable::AddLaw(const Law& law) {
  shares_.push_back(law.BinShares(manifest_.plan.measures.front().inner_edges));
  truth_.quantiles.emplace_back();
  for (size_t q = 0; q < kScoredQuantiles.size(); ++q) {
    truth_.quantiles.back()[q] =
        static_cast<double>(law.Quantile(kScoredQuantiles[q]));
  }
}

int64_t MadeTable::DrawWage(size_t cell) {
  const std::vector<int64_t>& edges =
      manifest_.plan.measures.front().inner_edges;
  double left = random_.Unit();
  size_t bin = 0;
  while (bin + 1 < shares_[cell].size() && left >= shares_[cell][bin]) {
    left -= shares_[cell][bin++];
  }
  return bin == 0 ? edges[0] - 1 : edges[bin - 1];
}

privacy::noise::Tally MadeTable::DrawWorkers() {
  const Plan& plan = manifest_.plan;
  const CellSpace cells(plan, plan.marginals.front());
  privacy::noise::Tally tally(plan);
  for (size_t cell = 0; cell < cells.size(); ++cell) {
    Answer answer;
    for (const size_t value : cells.ValuesOf(cell)) {
      answer.value_indexes.push_back(static_cast<uint16_t>(value));
    }
    answer.minor_units.resize(1);
    for (int64_t worker = 0; worker < truth_.workers[cell]; ++worker) {
      answer.minor_units[0] = DrawWage(cell);
      COMMONWAGE_CHECK(tally.Add(answer).ok());
    }
  }
  return tally;
}

}  // namespace commonwage::testing
