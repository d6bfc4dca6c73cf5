// SPDX-License-Identifier: Apache-2.0
#include "privacy/estimate/kinship.h"

#include <algorithm>

#include "base/check.h"

namespace commonwage::privacy::estimate {
namespace {

// Whether all of `few` are in `many`, which has more.
bool IsCoarser(const Marginal& few, const Marginal& many) {
  return few.measure == many.measure && few.by.size() < many.by.size() &&
         std::all_of(few.by.begin(), few.by.end(), [&many](const auto& id) {
           return std::find(many.by.begin(), many.by.end(), id) !=
                  many.by.end();
         });
}

// The cell of `coarse` that `cell` of `fine` is part of.
size_t CellOver(const MarginalView& fine, const MarginalView& coarse,
                size_t cell) {
  const std::vector<size_t> values = fine.cells().ValuesOf(cell);
  std::vector<size_t> kept;
  for (const std::string& id : coarse.marginal().by) {
    const auto& by = fine.marginal().by;
    const auto place = std::find(by.begin(), by.end(), id) - by.begin();
    kept.push_back(values[static_cast<size_t>(place)]);
  }
  return coarse.cells().CellOf(kept);
}

std::optional<LogQuantile> QuantileIn(const MarginalView& view,
                                      absl::Span<const size_t> cells,
                                      double p) {
  const std::optional<CellSum> sum = view.SumOf(cells);
  if (!sum.has_value()) {
    return std::nullopt;
  }
  return FindQuantile(sum->cdf, p,
                      CriticalFor(kMiss, view.marginal().mechanism));
}

}  // namespace

Kinship::Kinship(absl::Span<const MarginalView> views, size_t index, double p)
    : views_(views), table_(views[index]), p_(p) {
  for (size_t m = 0; m < views.size(); ++m) {
    if (IsCoarser(views[m].marginal(), table_.marginal())) {
      coarser_.push_back(m);
    }
  }
  std::stable_sort(
      coarser_.begin(), coarser_.end(), [&views](size_t a, size_t b) {
        return views[a].marginal().by.size() > views[b].marginal().by.size();
      });
  std::vector<size_t> shown;
  for (size_t cell = 0; cell < table_.cells().size(); ++cell) {
    if (table_.IsShown(cell)) {
      shown.push_back(cell);
    }
  }
  if (shown.size() >= kFewestKin) {
    everybody_ = QuantileIn(table_, shown, p);
  }
  std::vector<Kin> all;
  for (const size_t cell : shown) {
    const LogQuantile own = *QuantileIn(table_, {cell}, p);
    const std::optional<LogQuantile> parent = ParentOf(cell);
    if (parent.has_value()) {
      kin_[cell] = {own, *parent};
      all.push_back(kin_[cell]);
    } else {
      orphans_[cell] = own;
    }
  }
  spread_ =
      SpreadAroundParents(all, CriticalFor(kMiss, table_.marginal().mechanism));
}

std::optional<LogQuantile> Kinship::ParentOf(size_t cell) {
  for (const size_t m : coarser_) {
    const size_t over = CellOver(table_, views_[m], cell);
    const auto [place, is_new] = parents_.try_emplace({m, over});
    if (is_new) {
      place->second = QuantileIn(views_[m], {over}, p_);
    }
    if (place->second.has_value()) {
      return place->second;
    }
  }
  return everybody_;
}

LogQuantile Kinship::QuantileOf(size_t cell) const {
  const auto orphan = orphans_.find(cell);
  if (orphan != orphans_.end()) {
    return orphan->second;
  }
  const auto kin = kin_.find(cell);
  COMMONWAGE_CHECK(kin != kin_.end());
  if (!spread_.has_value()) {
    return kin->second.cell;
  }
  return Shrunk(kin->second, *spread_, table_.model().grid,
                CriticalFor(kMiss, table_.marginal().mechanism));
}

}  // namespace commonwage::privacy::estimate
