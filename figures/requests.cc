// SPDX-License-Identifier: Apache-2.0
#include "figures/requests.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/status_macros.h"
#include "figures/registry.h"
#include "figures/request/faults.h"

namespace commonwage::figures {
namespace {

using google::protobuf::RepeatedPtrField;
using privacy::estimate::ValuesByDimension;

// What is told when nothing in particular is asked for.
v1::StatisticsSelection CountAndQuartiles() {
  v1::StatisticsSelection usual;
  usual.set_count(true);
  for (const double p : {0.25, 0.5, 0.75}) {
    usual.add_quantiles(p);
  }
  return usual;
}

void CheckMeasureAndBy(const std::string& measure,
                       const RepeatedPtrField<std::string>& by,
                       Faults& faults) {
  if (!measure.empty()) {
    faults.CheckIdentifier("measure", measure);
  }
  if (by.size() > static_cast<int>(kMaxDimensions)) {
    faults.Add("by", "Must not have more entries than a plan has dimensions.");
  }
  faults.CheckIdentifiers("by", by);
}

// Whether an entry may list no value, meaning all.
bool MayBeEmpty(const v1::CellFilter& filter) { return filter.combine(); }
bool MayBeEmpty(const v1::CellCoordinate& /*coordinate*/) { return false; }

// Reads filters or coordinates: entries of a dimension and its values.
template <typename Entry>
ValuesByDimension ToValues(absl::string_view place,
                           const RepeatedPtrField<Entry>& entries,
                           const RepeatedPtrField<std::string>& by,
                           Faults& faults) {
  ValuesByDimension values;
  for (int i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const std::string at = absl::StrCat(place, "[", i, "]");
    const std::string dimension_at = absl::StrCat(at, ".dimension");
    faults.CheckIdentifier(dimension_at, entry.dimension());
    if (std::find(by.begin(), by.end(), entry.dimension()) == by.end()) {
      faults.Add(dimension_at, "Must be one of \"by\".");
    }
    if (entry.values().empty() && !MayBeEmpty(entry)) {
      faults.Add(absl::StrCat(at, ".values"), "Must have one value or more.");
    }
    if (entry.values_size() > static_cast<int>(kMaxValuesPerDimension)) {
      faults.Add(absl::StrCat(at, ".values"), "Has too many values.");
    }
    faults.CheckIdentifiers(absl::StrCat(at, ".values"), entry.values());
    const bool is_new =
        values
            .try_emplace(entry.dimension(), entry.values().begin(),
                         entry.values().end())
            .second;
    if (!is_new) {
      faults.Add(dimension_at, "Must not be listed twice.");
    }
  }
  return values;
}

}  // namespace

absl::StatusOr<SummaryQuestion> ToQuestion(
    const v1::SummarizeRequest& request) {
  Faults faults;
  CheckMeasureAndBy(request.measure(), request.by(), faults);
  for (const Statistic& statistic : Statistics()) {
    statistic.check(request.statistics(), faults);
  }

  SummaryQuestion question;
  question.measure = request.measure();
  question.by = {request.by().begin(), request.by().end()};
  question.where = ToValues("where", request.where(), request.by(), faults);
  for (const v1::CellFilter& filter : request.where()) {
    if (filter.combine()) {
      question.add.push_back(filter.dimension());
    }
  }
  question.statistics = FiguresPerCell(request.statistics(), /*bins=*/1) > 0
                            ? request.statistics()
                            : CountAndQuartiles();
  question.modelled = request.modelled();
  question.simultaneous = request.simultaneous();
  if (question.modelled && question.simultaneous) {
    faults.Add("simultaneous",
               "Does not go with modelled figures, which hold one by one "
               "only.");
  }
  COMMONWAGE_RETURN_IF_ERROR(faults.ToStatus());
  return question;
}

absl::StatusOr<privacy::estimate::CompareRequest> ToQuestion(
    const v1::CompareRequest& request) {
  Faults faults;
  CheckMeasureAndBy(request.measure(), request.by(), faults);
  privacy::estimate::CompareRequest question;
  question.measure = request.measure();
  question.by = {request.by().begin(), request.by().end()};
  question.a = ToValues("a", request.a(), request.by(), faults);
  question.base = ToValues("base", request.base(), request.by(), faults);
  if (request.has_quantile()) {
    question.p = request.quantile();
    faults.CheckProbability("quantile", question.p);
  }
  COMMONWAGE_RETURN_IF_ERROR(faults.ToStatus());
  return question;
}

absl::StatusOr<privacy::estimate::TrendRequest> ToQuestion(
    const v1::TrendRequest& request) {
  Faults faults;
  faults.CheckIdentifier("survey", request.survey());
  CheckMeasureAndBy(request.measure(), request.by(), faults);
  privacy::estimate::TrendRequest question;
  question.measure = request.measure();
  question.by = {request.by().begin(), request.by().end()};
  question.where = ToValues("cell", request.cell(), request.by(), faults);
  if (request.has_quantile()) {
    question.p = request.quantile();
    faults.CheckProbability("quantile", question.p);
  }
  COMMONWAGE_RETURN_IF_ERROR(faults.ToStatus());
  return question;
}

absl::Status CheckReplySize(const SummaryQuestion& question, const Plan& plan) {
  size_t bins = 0;
  for (const Measure& measure : plan.measures) {
    if (question.measure.empty() || question.measure == measure.id) {
      bins = std::max(bins, BinCount(measure));
    }
  }
  size_t figures = FiguresPerCell(question.statistics, bins);
  for (const std::string& id : question.by) {
    const Dimension* dimension = FindDimension(plan, id);
    const auto kept = question.where.find(id);
    const bool is_added = std::find(question.add.begin(), question.add.end(),
                                    id) != question.add.end();
    if (dimension == nullptr || is_added) {
      continue;
    }
    figures *= kept == question.where.end() ? dimension->values.size()
                                            : kept->second.size();
    if (figures > kMaxFigures) {
      return FaultyField("where",
                         "Leaves too many figures for one answer. Keep fewer "
                         "cells, or ask for fewer statistics.");
    }
  }
  return absl::OkStatus();
}

}  // namespace commonwage::figures
