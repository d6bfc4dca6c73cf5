// SPDX-License-Identifier: Apache-2.0
#include "server/release_sim/records.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "base/error.h"
#include "base/status_macros.h"
#include "survey/answer.h"

namespace commonwage::server::release_sim {
namespace {

absl::Status Faulty(int64_t line, absl::string_view what) {
  return Refusal(Reason::kRecordsFaulty,
                 absl::StrCat("Line ", line, " of the records: ", what));
}

// Returns the only place of `id` in `header`.
absl::StatusOr<size_t> ColumnOf(const std::vector<std::string>& header,
                                const std::string& id, int64_t line) {
  const auto found = std::find(header.begin(), header.end(), id);
  if (found == header.end()) {
    return Faulty(line, absl::StrCat("there is no column \"", id, "\"."));
  }
  if (std::find(found + 1, header.end(), id) != header.end()) {
    return Faulty(line, absl::StrCat("column \"", id, "\" is there twice."));
  }
  return static_cast<size_t>(found - header.begin());
}

// Turns rows into answers.
class RowReader {
 public:
  static absl::StatusOr<RowReader> Create(
      const Plan& plan, const std::vector<std::string>& header, int64_t line) {
    RowReader reader(plan, header.size());
    for (const Dimension& dimension : plan.dimensions) {
      COMMONWAGE_ASSIGN_OR_RETURN(const size_t column,
                                  ColumnOf(header, dimension.id, line));
      reader.dimension_columns_.push_back(column);
    }
    for (const Measure& measure : plan.measures) {
      COMMONWAGE_ASSIGN_OR_RETURN(const size_t column,
                                  ColumnOf(header, measure.id, line));
      reader.measure_columns_.push_back(column);
    }
    return reader;
  }

  absl::StatusOr<Answer> Read(const std::vector<std::string>& fields,
                              int64_t line) const {
    if (fields.size() != column_count_) {
      return Faulty(line, "it has more or fewer fields than the first line.");
    }
    Answer answer;
    for (size_t i = 0; i < dimension_columns_.size(); ++i) {
      const Dimension& dimension = plan_.dimensions[i];
      const std::optional<size_t> value =
          ValueIndex(dimension, fields[dimension_columns_[i]]);
      if (!value.has_value()) {
        return Faulty(line, absl::StrCat("the value in column \"", dimension.id,
                                         "\" is not in the plan's list."));
      }
      answer.value_indexes.push_back(static_cast<uint16_t>(*value));
    }
    for (size_t i = 0; i < measure_columns_.size(); ++i) {
      int64_t minor_units = 0;
      if (!absl::SimpleAtoi(fields[measure_columns_[i]], &minor_units)) {
        return Faulty(
            line, absl::StrCat("the value in column \"", plan_.measures[i].id,
                               "\" is not a whole number of minor units."));
      }
      answer.minor_units.push_back(minor_units);
    }
    return answer;
  }

 private:
  RowReader(const Plan& plan, size_t column_count)
      : plan_(plan), column_count_(column_count) {}

  const Plan& plan_;
  size_t column_count_;
  std::vector<size_t> dimension_columns_;
  std::vector<size_t> measure_columns_;
};

}  // namespace

absl::StatusOr<privacy::noise::Tally> TallyOfRecords(const Plan& plan,
                                                     CsvReader::Source source) {
  CsvReader csv(std::move(source));
  std::vector<std::string> fields;
  COMMONWAGE_ASSIGN_OR_RETURN(const bool has_header, csv.ReadRow(fields));
  if (!has_header) {
    return Faulty(1, "it must name the columns, but there is nothing.");
  }
  COMMONWAGE_ASSIGN_OR_RETURN(const RowReader rows,
                              RowReader::Create(plan, fields, csv.row_line()));
  privacy::noise::Tally tally(plan);
  for (;;) {
    COMMONWAGE_ASSIGN_OR_RETURN(const bool has_row, csv.ReadRow(fields));
    if (!has_row) {
      return tally;
    }
    COMMONWAGE_ASSIGN_OR_RETURN(const Answer answer,
                                rows.Read(fields, csv.row_line()));
    if (absl::Status added = tally.Add(answer); !added.ok()) {
      return added;
    }
  }
}

}  // namespace commonwage::server::release_sim
