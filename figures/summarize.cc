// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "figures/registry.h"
#include "figures/replies.h"
#include "figures/reply_parts.h"
#include "privacy/estimate/modelled_quantiles.h"
#include "privacy/estimate/selection.h"
#include "privacy/model/critical.h"
#include "privacy/model/marginal_view.h"

namespace commonwage::figures {
namespace {

namespace estimate = privacy::estimate;
namespace model = privacy::model;
using estimate::ChosenValues;

// A row of the table that is asked for.
struct Row {
  ChosenValues values;
  std::vector<size_t> cells;          // Taken together.
  std::optional<model::CellSum> sum;  // nullopt: withheld.
};

// Returns the rows in plan order: each a choice of values taken together.
std::vector<ChosenValues> ChoicesOf(const Marginal& marginal,
                                    const ChosenValues& chosen,
                                    const std::vector<std::string>& add) {
  std::vector<ChosenValues> rows = {{}};
  for (size_t d = 0; d < chosen.size(); ++d) {
    const bool together =
        std::find(add.begin(), add.end(), marginal.by[d]) != add.end();
    std::vector<ChosenValues> finer;
    for (const ChosenValues& row : rows) {
      if (together) {
        finer.push_back(row);
        finer.back().push_back(chosen[d]);
        continue;
      }
      for (const size_t value : chosen[d]) {
        finer.push_back(row);
        finer.back().push_back({value});
      }
    }
    rows = std::move(finer);
  }
  return rows;
}

std::vector<Row> RowsOf(const model::MarginalView& view,
                        const ChosenValues& chosen,
                        const std::vector<std::string>& add) {
  std::vector<Row> rows;
  for (ChosenValues& values : ChoicesOf(view.marginal(), chosen, add)) {
    std::vector<size_t> cells = estimate::CellsOf(view.cells(), values);
    std::optional<model::CellSum> sum = view.AddUp(cells);
    rows.push_back({std::move(values), std::move(cells), std::move(sum)});
  }
  return rows;
}

// Says how many intervals hold at once, if they are to, and with what
// confidence each holds. Returns the share of rounds that each may miss.
double ShareOutMisses(const SummaryQuestion& question,
                      const model::MarginalView& view,
                      const std::vector<Row>& rows,
                      v1::SummarizeResponse& reply) {
  double miss = model::kMiss;
  if (question.simultaneous) {
    const auto shown = static_cast<size_t>(
        std::count_if(rows.begin(), rows.end(),
                      [](const Row& row) { return row.sum.has_value(); }));
    const size_t at_once =
        shown * FiguresPerCell(question.statistics, view.model().grid.bins());
    reply.set_simultaneous(true);
    reply.set_intervals_at_once(static_cast<int64_t>(at_once));
    miss /= static_cast<double>(std::max(at_once, size_t{1}));
  }
  reply.set_confidence(1 - miss);
  return miss;
}

}  // namespace

absl::StatusOr<v1::SummarizeResponse> Summarize(
    const SummaryQuestion& question, const estimate::Figures& figures,
    const ReleaseIdentity& identity) {
  const Plan& plan = figures.manifest().plan;
  COMMONWAGE_ASSIGN_OR_RETURN(
      const size_t index,
      estimate::FindMarginalBy(plan, question.measure, question.by));
  const model::MarginalView& view = figures.marginals()[index];
  const Marginal& marginal = view.marginal();
  COMMONWAGE_ASSIGN_OR_RETURN(
      const ChosenValues chosen,
      estimate::ChooseValues(plan, marginal, question.where, "where"));
  const std::vector<Row> rows = RowsOf(view, chosen, question.add);

  v1::SummarizeResponse reply;
  *reply.mutable_release() =
      ReferenceTo(figures, identity, view.measure(), marginal.id);
  if (const auto coarser =
          estimate::FindCoarserTable(plan, marginal, rows.front().values);
      coarser.has_value()) {
    *reply.mutable_coarser_table() = ToProto(*coarser);
  }
  const model::Critical critical = model::FindCritical(
      ShareOutMisses(question, view, rows, reply), marginal.mechanism);
  std::optional<estimate::ModelledQuantiles> modelled;
  if (question.modelled) {
    modelled.emplace(figures.marginals(), index);
  }
  for (const Row& row : rows) {
    v1::CellSummary* cell = reply.add_cells();
    const CellValues names = estimate::NamesOf(plan, marginal, row.values);
    FillKey(marginal.by, names, cell->mutable_key());
    if (row.sum.has_value()) {
      const bool is_modelled = modelled.has_value() && row.cells.size() == 1;
      *cell->mutable_figures() =
          TellFigures(question.statistics,
                      {*row.sum, view.measure(), plan.k, critical,
                       row.cells.front(), is_modelled ? &*modelled : nullptr});
    } else {
      cell->mutable_withheld();
    }
    cell->set_citation(Cite(figures.release().round_id, identity, marginal.id,
                            CellText(marginal.by, names)));
  }
  return reply;
}

}  // namespace commonwage::figures
