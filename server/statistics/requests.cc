// SPDX-License-Identifier: Apache-2.0
#include "server/statistics/requests.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "server/resource_name.h"
#include "survey/text/identifier.h"

namespace commonwage::server::statistics {
namespace {

using google::protobuf::RepeatedPtrField;
using privacy::estimate::ValuesByDimension;

constexpr int kMaxStatistics = 32;

// Collects what is wrong with a request.
class Faults {
 public:
  void Add(std::string place, absl::string_view sentence) {
    faults_.push_back({std::move(place), std::string(sentence)});
  }

  void CheckIdentifier(absl::string_view place, absl::string_view text) {
    if (!IsIdentifier(text)) {
      Add(std::string(place),
          "Must be an identifier: 1 to 64 of A-Z, a-z, 0-9, _, +, . and -.");
    }
  }

  // Checks that each of `list` is an identifier, and none is there twice.
  void CheckIdentifiers(absl::string_view place,
                        const RepeatedPtrField<std::string>& list) {
    std::set<absl::string_view> seen;
    for (int i = 0; i < list.size(); ++i) {
      const std::string entry = absl::StrCat(place, "[", i, "]");
      CheckIdentifier(entry, list[i]);
      if (!seen.insert(list[i]).second) {
        Add(entry, "Must not be listed twice.");
      }
    }
  }

  [[nodiscard]] absl::Status ToStatus() const {
    if (faults_.empty()) {
      return absl::OkStatus();
    }
    return RefusalOfFields(absl::StatusCode::kInvalidArgument, "REQUEST_FAULTY",
                           "The request is faulty; see the fields listed.",
                           faults_);
  }

 private:
  std::vector<Fault> faults_;
};

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

bool IsProbability(double p) { return std::isfinite(p) && p > 0 && p < 1; }

void CheckQuantile(double p, Faults& faults) {
  if (!IsProbability(p)) {
    faults.Add("quantile", "Must be above 0 and below 1.");
  }
}

void CheckStatistics(const v1::StatisticsSelection& selection, Faults& faults) {
  if (selection.quantiles_size() > kMaxStatistics) {
    faults.Add("statistics.quantiles", "Must have at most 32 entries.");
  }
  for (int i = 0; i < selection.quantiles_size(); ++i) {
    if (!IsProbability(selection.quantiles(i))) {
      faults.Add(absl::StrCat("statistics.quantiles[", i, "]"),
                 "Must be above 0 and below 1.");
    }
  }
  if (selection.shares_below_size() > kMaxStatistics) {
    faults.Add("statistics.shares_below", "Must have at most 32 entries.");
  }
  for (int i = 0; i < selection.shares_below_size(); ++i) {
    const int64_t rate = selection.shares_below(i);
    if (rate <= 0 || rate > kMaxMinorUnits) {
      faults.Add(absl::StrCat("statistics.shares_below[", i, "]"),
                 "Must be a positive number of minor units, at most 10^15.");
    }
  }
}

}  // namespace

absl::StatusOr<privacy::estimate::SummaryRequest> ToQuestion(
    const v1::SummarizeRequest& request) {
  Faults faults;
  CheckMeasureAndBy(request.measure(), request.by(), faults);
  const v1::StatisticsSelection& selection = request.statistics();
  CheckStatistics(selection, faults);

  privacy::estimate::SummaryRequest question;
  question.measure = request.measure();
  question.by = {request.by().begin(), request.by().end()};
  question.where = ToValues("where", request.where(), request.by(), faults);
  for (const v1::CellFilter& filter : request.where()) {
    if (filter.combine()) {
      question.add.push_back(filter.dimension());
    }
  }
  question.count = selection.count();
  question.quantiles = {selection.quantiles().begin(),
                        selection.quantiles().end()};
  question.histogram = selection.histogram();
  question.trimmed_mean = selection.trimmed_mean();
  question.shares_below = {selection.shares_below().begin(),
                           selection.shares_below().end()};
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
    CheckQuantile(question.p, faults);
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
    CheckQuantile(question.p, faults);
  }
  COMMONWAGE_RETURN_IF_ERROR(faults.ToStatus());
  return question;
}

absl::Status CheckAnswerSize(const privacy::estimate::SummaryRequest& question,
                             const Plan& plan) {
  size_t bins = 0;
  for (const Measure& measure : plan.measures) {
    if (question.measure.empty() || question.measure == measure.id) {
      bins = std::max(bins, BinCount(measure));
    }
  }
  size_t figures = question.quantiles.size() + question.shares_below.size() +
                   (question.count ? 1 : 0) + (question.trimmed_mean ? 1 : 0) +
                   (question.histogram ? bins : 0);
  if (figures == 0) {
    figures = 4;  // Count and quartiles.
  }
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

}  // namespace commonwage::server::statistics
