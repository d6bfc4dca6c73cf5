// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/release_line.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "base/check.h"
#include "survey/cells.h"

namespace commonwage::server::release_sim {
namespace {

// Returns {"key":{"industry":"law",...},"released":
std::string CellHead(const Plan& plan, const Marginal& marginal,
                     const std::vector<size_t>& values) {
  std::string head = "{\"key\":{";
  absl::string_view separator;
  for (size_t i = 0; i < values.size(); ++i) {
    const Dimension* dimension = FindDimension(plan, marginal.by[i]);
    COMMONWAGE_CHECK(dimension != nullptr);
    absl::StrAppend(&head, separator, "\"", dimension->id, "\":\"",
                    dimension->values[values[i]], "\"");
    separator = ",";
  }
  absl::StrAppend(&head, "},\"released\":");
  return head;
}

void AppendNumber(int64_t number, std::string& out) {
  std::array<char, 24> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void AppendCell(const std::string& head, const ReleasedCell& cell,
                std::string& out) {
  out += head;
  if (!cell.has_value()) {
    out += "false}";
    return;
  }
  out += "true,\"nodes\":[";
  for (size_t i = 0; i < cell->size(); ++i) {
    if (i > 0) {
      out += ',';
    }
    AppendNumber((*cell)[i], out);
  }
  out += "]}";
}

}  // namespace

ReleaseLine::ReleaseLine(const Plan& plan) {
  for (const Marginal& marginal : plan.marginals) {
    MarginalText text;
    text.head = absl::StrCat("{\"id\":\"", marginal.id, "\",\"cells\":[");
    const CellSpace cells(plan, marginal);
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      text.cells.push_back(CellHead(plan, marginal, cells.ValuesOf(cell)));
    }
    marginals_.push_back(std::move(text));
  }
}

void ReleaseLine::Append(int64_t run, const Release& release,
                         std::string& out) const {
  COMMONWAGE_CHECK(release.marginals.size() == marginals_.size());
  out += "{\"run\":";
  AppendNumber(run, out);
  out += ",\"marginals\":[";
  for (size_t i = 0; i < marginals_.size(); ++i) {
    if (i > 0) {
      out += ',';
    }
    const MarginalText& text = marginals_[i];
    const std::vector<ReleasedCell>& cells = release.marginals[i].cells;
    COMMONWAGE_CHECK(cells.size() == text.cells.size());
    out += text.head;
    for (size_t cell = 0; cell < cells.size(); ++cell) {
      out += cell > 0 ? "," : "";
      AppendCell(text.cells[cell], cells[cell], out);
    }
    out += "]}";
  }
  out += "]}\n";
}

}  // namespace commonwage::server::release_sim
