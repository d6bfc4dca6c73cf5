// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "survey/plan/plan.h"
#include "survey/plan/plan_fields.h"
#include "survey/text/json.h"
#include "survey/text/json_fields.h"

namespace commonwage {
namespace {

// 2^8 is the most bins, so no tree has more levels below its root.
constexpr size_t kMaxFanouts = 8;

// Reads one marginal and keeps what its checks share.
class MarginalReader {
 public:
  MarginalReader(const JsonValue& value, const std::string& place,
                 const Plan& plan, FaultList& faults)
      : fields_(value, place, faults), plan_(plan), faults_(faults) {}

  Marginal Read(std::set<std::string>& ids);

  // Returns how many nodes the marginal has in all, or 0 if it is faulty.
  [[nodiscard]] int64_t node_count() const {
    return cell_count_ * nodes_per_cell_;
  }

 private:
  void ReadMeasure();
  void ReadBy();
  void RefuseSecond();
  void ReadMechanism();
  void ReadFanouts();
  void ReadMicroLoss();

  FieldReader fields_;
  const Plan& plan_;
  FaultList& faults_;
  Marginal marginal_;
  const Measure* measure_ = nullptr;
  bool mechanism_known_ = false;
  int64_t cell_count_ = 0;
  int64_t nodes_per_cell_ = 0;
};

Marginal MarginalReader::Read(std::set<std::string>& ids) {
  marginal_.id = fields_.Identifier("id");
  if (!marginal_.id.empty() && !ids.insert(marginal_.id).second) {
    faults_.Add(fields_.PlaceOf("id"), "Another marginal has this id.");
  }
  ReadMeasure();
  ReadBy();
  RefuseSecond();
  ReadMechanism();
  ReadFanouts();
  ReadMicroLoss();
  fields_.RefuseOthers();
  return marginal_;
}

void MarginalReader::ReadMeasure() {
  marginal_.measure = fields_.Identifier("measure");
  measure_ = FindMeasure(plan_, marginal_.measure);
  if (!marginal_.measure.empty() && measure_ == nullptr) {
    faults_.Add(fields_.PlaceOf("measure"), "No measure has this id.");
  }
}

void MarginalReader::ReadBy() {
  const JsonValue* list = fields_.Optional("by");
  if (list != nullptr && list->kind == JsonValue::Kind::kList &&
      list->items.empty()) {
    cell_count_ = 1;
    return;
  }
  const std::string place = fields_.PlaceOf("by");
  marginal_.by = fields_.Identifiers("by", kMaxDimensions);
  int64_t cells = marginal_.by.empty() ? 0 : 1;
  for (size_t i = 0; i < marginal_.by.size(); ++i) {
    const Dimension* dimension = FindDimension(plan_, marginal_.by[i]);
    if (!marginal_.by[i].empty() && dimension == nullptr) {
      faults_.Add(ItemPlace(place, i), "No dimension has this id.");
    }
    if (marginal_.by[i].empty() || dimension == nullptr) {
      return;
    }
    cells *= static_cast<int64_t>(dimension->values.size());
    if (cells > kMaxCellsPerMarginal) {
      faults_.Add(
          place,
          absl::StrCat("These dimensions make more than ", kMaxCellsPerMarginal,
                       " cells; tabulate by fewer of them, or merge "
                       "values: cells with few people are withheld."));
      return;
    }
  }
  cell_count_ = cells;
}

// A request names measure and dimensions, so it reaches the first such only.
void MarginalReader::RefuseSecond() {
  if (measure_ == nullptr || cell_count_ == 0) {
    return;
  }
  for (const Marginal& earlier : plan_.marginals) {
    if (earlier.measure == marginal_.measure &&
        std::is_permutation(earlier.by.begin(), earlier.by.end(),
                            marginal_.by.begin(), marginal_.by.end())) {
      faults_.Add(fields_.PlaceOf("by"),
                  "Another marginal has this measure and these dimensions; a "
                  "second one costs privacy and cannot be asked for.");
      return;
    }
  }
}

void MarginalReader::ReadMechanism() {
  const JsonValue* field = fields_.Required("mechanism");
  if (field == nullptr) {
    return;
  }
  for (const Mechanism mechanism :
       {Mechanism::kDiscreteGaussian, Mechanism::kDiscreteLaplace}) {
    if (field->text == NameOf(mechanism)) {
      marginal_.mechanism = mechanism;
      mechanism_known_ = true;
    }
  }
  if (!mechanism_known_) {
    faults_.Add(fields_.PlaceOf("mechanism"),
                "This must be \"DISCRETE_GAUSSIAN\" or \"DISCRETE_LAPLACE\".");
  }
}

void MarginalReader::ReadFanouts() {
  marginal_.fanouts =
      fields_.Wholes("fanouts", kMaxFanouts, 2, static_cast<int64_t>(kMaxBins));
  if (marginal_.fanouts.empty()) {
    return;
  }
  int64_t product = 1;
  int64_t nodes = 1;
  for (const int64_t fanout : marginal_.fanouts) {
    // 256^7 fits, and nothing is gained by counting on.
    if (product <= std::numeric_limits<int32_t>::max()) {
      product *= fanout;
      nodes += product;
    }
  }
  if (measure_ == nullptr || measure_->inner_edges.empty()) {
    return;
  }
  const auto bins = static_cast<int64_t>(BinCount(*measure_));
  if (product != bins) {
    faults_.Add(fields_.PlaceOf("fanouts"),
                product > static_cast<int64_t>(kMaxBins)
                    ? absl::StrCat("The product is greater than ", kMaxBins,
                                   ", but the measure has ", bins, " bins.")
                    : absl::StrCat("The product is ", product,
                                   ", but the measure has ", bins, " bins."));
    return;
  }
  nodes_per_cell_ = nodes;
}

void MarginalReader::ReadMicroLoss() {
  const bool laplace = mechanism_known_
                           ? marginal_.mechanism == Mechanism::kDiscreteLaplace
                           : fields_.Optional(kMicroEpsilonField) != nullptr;
  const absl::string_view name = laplace ? kMicroEpsilonField : kMicroRhoField;
  const absl::string_view other = laplace ? kMicroRhoField : kMicroEpsilonField;
  if (fields_.Optional(other) != nullptr) {
    faults_.Add(fields_.PlaceOf(other),
                absl::StrCat("The mechanism of this marginal takes ", name,
                             " instead."));
    if (fields_.Optional(name) == nullptr) {
      return;
    }
  }
  marginal_.micro_loss_per_level = fields_.Wholes(
      name, kMaxFanouts + 1, 1, laplace ? kMaxMicroEpsilon : kMaxMicroRho);
  const size_t levels = marginal_.fanouts.size() + 1;
  if (!marginal_.micro_loss_per_level.empty() && !marginal_.fanouts.empty() &&
      marginal_.micro_loss_per_level.size() != levels) {
    faults_.Add(
        fields_.PlaceOf(name),
        absl::StrCat("There are ", marginal_.micro_loss_per_level.size(),
                     " entries, but there must be ", levels,
                     ": one for the root and one per fanout."));
  }
}

}  // namespace

void ReadMarginals(FieldReader& fields, FaultList& faults, Plan& plan) {
  std::set<std::string> ids;
  int64_t nodes = 0;
  fields.RequiredItems("marginals", kMaxMarginals,
                       [&](const JsonValue& item, const std::string& place) {
                         MarginalReader reader(item, place, plan, faults);
                         plan.marginals.push_back(reader.Read(ids));
                         nodes += reader.node_count();
                       });
  if (nodes > kMaxNodesPerPlan) {
    faults.Add(fields.PlaceOf("marginals"),
               absl::StrCat("All cells together have ", nodes,
                            " nodes, and at most ", kMaxNodesPerPlan,
                            " can be released; use fewer cells or bins."));
  }
}

}  // namespace commonwage
