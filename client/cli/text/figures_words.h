// SPDX-License-Identifier: Apache-2.0
// What figures are said with, whichever command says them.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_WORDS_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"

#include "client/cli/text/page.h"
#include "commonwage/v1/statistics.pb.h"
#include "commonwage/v1/statistics_service.pb.h"

namespace commonwage::client::cli {

// Text of a server cannot play tricks with the terminal: identifiers and
// citations are plain ASCII.
std::string Plain(absl::string_view text);

// Returns the round of "releases/<survey>.<round>".
std::string RoundOf(absl::string_view release_name);

// Returns a cell's values: "woman, north + south".
std::string LabelOf(
    const google::protobuf::RepeatedPtrField<v1::CellCoordinate>& key);

// Returns a fraction's interval: "9.1 % to 24.0 %".
std::string RangeText(const v1::Estimate& estimate);

// Returns the same of a difference, with its sign: "-9.1 % to +4.0 %".
std::string SignedRangeText(const v1::Estimate& relative);

// Returns what can be said of a gap or a change, the interval before the best
// guess; of a bound "at least 65.0 % less", and never a best guess.
std::string DifferenceText(const v1::Estimate& relative);

// Returns why a sum may be withheld, and which table, if the plan had it, would
// not need its parts. It follows from the plan, not from what people said.
std::string CoarserText(const v1::CoarserTable& table);

// Returns how a figure changed since `round`: "+7.6 % since 2026-q1 (-3.3 % to
// +22.2 %)"; of a bound "at least 12.0 % more since 2026-q1", and never a best
// guess.
std::string ChangeText(const v1::Estimate& relative, absl::string_view round);

// How a verdict is shown: a clear one stands out.
Tone ToneOfVerdict(v1::Verdict verdict);

// Returns what the figures stand on, in lines that fit `page`.
std::string SourceOf(const v1::ReleaseReference& release, const Page& page);

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_FIGURES_WORDS_H_
