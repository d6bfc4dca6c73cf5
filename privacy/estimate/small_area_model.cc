// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/small_area_model.h"

#include "privacy/estimate/parent_effects.h"
#include "privacy/model/additive_fit.h"
#include "privacy/model/parent_cells.h"

namespace commonwage::privacy::estimate {
namespace {

// Per cell of a parent table; 0 where it says nothing.
std::vector<double> GatherMainEffects(const model::MarginalView& parent,
                                      double p) {
  const std::vector<CellQuantiles> cells = FindCellQuantiles(parent, p);
  const std::vector<double> effects =
      FitMainEffects(MakeDirectEstimates(cells, p));
  std::vector<double> by_cell(parent.cells().size());
  for (size_t i = 0; i < cells.size(); ++i) {
    by_cell[cells[i].cell] = effects[i];
  }
  return by_cell;
}

std::vector<double> GatherInteractions(
    absl::Span<const model::MarginalView> views, size_t index, double p) {
  const SmallAreaModel model = ModelTable(views, index, p);
  std::vector<PairValue> pairs;
  for (size_t i = 0; i < model.cells.size(); ++i) {
    const CellQuantiles& cell = model.cells[i];
    const SmallAreaEstimate& estimate = model.estimates[i];
    // As drawn: the noise of a pair would come back as an interaction.
    pairs.push_back({cell.values[0], cell.values[1],
                     estimate.direct.value + estimate.Move(), cell.workers});
  }
  const std::vector<double> effects = FitInteractions(pairs);
  std::vector<double> by_cell(views[index].cells().size());
  for (size_t i = 0; i < effects.size(); ++i) {
    by_cell[model.cells[i].cell] = effects[i];
  }
  return by_cell;
}

// What all parents say of each of `cells`.
std::vector<double> GatherEffects(absl::Span<const model::MarginalView> views,
                                  size_t index,
                                  absl::Span<const CellQuantiles> cells,
                                  double p) {
  std::vector<double> effects(cells.size());
  // A parent has fewer dimensions than its table, so that this ends.
  for (const model::ParentTable& parent :
       model::FindParentTables(views, index)) {
    const std::vector<double> by_cell =
        parent.dimensions() == 1 ? GatherMainEffects(views[parent.index()], p)
                                 : GatherInteractions(views, parent.index(), p);
    for (size_t i = 0; i < cells.size(); ++i) {
      effects[i] += by_cell[parent.CellOver(cells[i].values)];
    }
  }
  return effects;
}

}  // namespace

SmallAreaModel ModelTable(absl::Span<const model::MarginalView> views,
                          size_t index, double p) {
  SmallAreaModel model;
  model.cells = FindCellQuantiles(views[index], p);
  if (model.cells.empty()) {
    return model;
  }
  const std::vector<DirectEstimate> direct =
      MakeDirectEstimates(model.cells, p);
  const std::vector<double> effects =
      GatherEffects(views, index, model.cells, p);
  std::vector<model::ModelCell> cells;
  for (size_t i = 0; i < direct.size(); ++i) {
    const Deviations& deviations = direct[i].deviations;
    cells.push_back(
        {model.cells[i].values, direct[i].value - effects[i],
         deviations.Variance() + deviations.sampling * deviations.sampling});
  }
  const model::AdditiveFit fit = model::FitAdditively(cells);
  // On real wages a caution of 2 made ninth deciles worse (docs/FIGURES.md).
  const double caution = p == kMedian ? kMedianCaution : kDistanceCaution;
  for (size_t i = 0; i < direct.size(); ++i) {
    SmallAreaEstimate estimate;
    estimate.direct = direct[i];
    const Deviations& deviations = direct[i].deviations;
    estimate.model_variance =
        fit.spread_variance + fit.spread_error + fit.variances[i];
    estimate.expected = {
        effects[i] + fit.predictions[i],
        estimate.model_variance + deviations.sampling * deviations.sampling};
    estimate.borrowed =
        deviations.Variance() /
        (deviations.Variance() + caution * estimate.expected.variance);
    model.estimates.push_back(estimate);
  }
  return model;
}

}  // namespace commonwage::privacy::estimate
