// SPDX-License-Identifier: Apache-2.0
#include "privacy/model/parent_cells.h"

#include <algorithm>
#include <set>

#include "base/check.h"

namespace commonwage::privacy::model {
namespace {

// Effects of single values and of pairs: tables of triples have cells hardly
// larger than those that need help.
constexpr size_t kMostDimensions = 2;

bool IsParent(const Marginal& few, const Marginal& many) {
  return few.measure == many.measure && !few.by.empty() &&
         few.by.size() <= kMostDimensions && few.by.size() < many.by.size() &&
         std::all_of(few.by.begin(), few.by.end(), [&many](const auto& id) {
           return std::find(many.by.begin(), many.by.end(), id) !=
                  many.by.end();
         });
}

}  // namespace

ParentTable::ParentTable(const MarginalView& table, const MarginalView& parent,
                         size_t index)
    : parent_(&parent), index_(index) {
  const std::vector<std::string>& by = table.marginal().by;
  for (const std::string& id : parent.marginal().by) {
    const auto place = std::find(by.begin(), by.end(), id);
    COMMONWAGE_CHECK(place != by.end());
    places_.push_back(static_cast<size_t>(place - by.begin()));
  }
}

size_t ParentTable::CellOver(absl::Span<const size_t> values) const {
  std::vector<size_t> kept;
  for (const size_t place : places_) {
    kept.push_back(values[place]);
  }
  return parent_->cells().CellOf(kept);
}

std::vector<ParentTable> FindParentTables(absl::Span<const MarginalView> views,
                                          size_t index) {
  std::vector<ParentTable> parents;
  std::set<std::set<std::string>> seen;
  for (size_t m = 0; m < views.size(); ++m) {
    const std::vector<std::string>& by = views[m].marginal().by;
    if (IsParent(views[m].marginal(), views[index].marginal()) &&
        // What tables say is added up; the same said twice would count twice.
        seen.emplace(by.begin(), by.end()).second) {
      parents.emplace_back(views[index], views[m], m);
    }
  }
  return parents;
}

}  // namespace commonwage::privacy::model
