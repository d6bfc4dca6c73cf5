// SPDX-License-Identifier: Apache-2.0
// What figures are said with, whichever command says them.

#ifndef COMMONWAGE_CLIENT_CLI_FIGURES_WORDS_H_
#define COMMONWAGE_CLIENT_CLI_FIGURES_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"

#include "commonwage/v1/statistics.pb.h"

namespace commonwage::client::cli {

// Text of a server cannot play tricks with the terminal: identifiers and
// citations are plain ASCII.
std::string Plain(absl::string_view text);

// Returns the round of "releases/<survey>.<round>".
std::string RoundOf(absl::string_view release_name);

// Returns a cell's values: "woman, north + south".
std::string LabelOf(
    const google::protobuf::RepeatedPtrField<v1::CellCoordinate>& key);

// Returns a fraction's interval: "-9.1 % to 4.0 %".
std::string RangeText(const v1::Estimate& estimate);

// Returns what can be said of a gap or a change, the interval before the best
// guess; of a bound "at least 65.0 % less", and never a best guess.
std::string DifferenceText(const v1::Estimate& relative);

// Returns why a sum may be withheld, and which table, if the plan had it, would
// not need its parts. It follows from the plan, not from what people said.
std::string CoarserText(const v1::CoarserTable& table);

// Returns what the figures stand on.
std::string SourceOf(const v1::ReleaseReference& release);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_FIGURES_WORDS_H_
