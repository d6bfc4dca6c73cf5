// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/plan_text.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "client/cli/text/columns.h"
#include "client/cli/text/words.h"

namespace commonwage::client::cli {

std::string QuestionsText(const Plan& plan) {
  std::string text;
  for (const Dimension& dimension : plan.dimensions) {
    absl::StrAppend(&text, "  ", dimension.id, ": ",
                    absl::StrJoin(dimension.values, ", "));
    if (!dimension.base.empty()) {
      absl::StrAppend(&text, " (usually compared with: ", dimension.base, ")");
    }
    absl::StrAppend(&text, "\n");
  }
  for (const Measure& measure : plan.measures) {
    absl::StrAppend(&text, "  ", measure.id, ": ", PayInWords(measure), "\n");
  }
  return text;
}

std::string TablesText(const Plan& plan) {
  std::vector<std::pair<std::string, std::string>> tables;
  size_t widest = 0;
  for (const Marginal& marginal : plan.marginals) {
    std::string options =
        marginal.by.empty()
            ? ""
            : absl::StrCat("--by ", absl::StrJoin(marginal.by, ","));
    if (plan.measures.size() > 1) {
      absl::StrAppend(&options, options.empty() ? "" : " ", "--measure ",
                      marginal.measure);
    }
    tables.emplace_back(marginal.by.empty()
                            ? "everybody together"
                            : absl::StrJoin(marginal.by, " and "),
                        options.empty() ? "no further option" : options);
    widest = std::max(widest, Columns(tables.back().first));
  }
  std::string text = absl::StrCat("Tables, by `commonwage stats --round ",
                                  RoundIdOf(plan), "` with:\n");
  for (const auto& [name, options] : tables) {
    absl::StrAppend(&text, "  ", PadRight(name, widest), "  ", options, "\n");
  }
  return text;
}

}  // namespace commonwage::client::cli
