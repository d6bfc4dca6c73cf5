// SPDX-License-Identifier: Apache-2.0
// One estimate as people read it. Texts of one estimate stand side by side in
// tables and one after the other in sentences.

#ifndef COMMONWAGE_CLIENT_CLI_TEXT_ESTIMATE_TEXT_H_
#define COMMONWAGE_CLIENT_CLI_TEXT_ESTIMATE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

#include "client/cli/text/page.h"
#include "commonwage/v1/statistics.pb.h"

namespace commonwage::client::cli {

// How amounts of a table are written.
struct Unit {
  int minor_unit_exponent = 0;
};

// Whether a figure is off the grid, so that its value is no estimate.
bool IsBound(const v1::Estimate& estimate);

// Return its interval and value: "15.76 – 16.59", "16.15". "…", "<" and ">"
// say what lies beyond the grid; a value in brackets is too uncertain to quote.
std::string IntervalText(const v1::Estimate& estimate, const Unit& unit);
std::string ValueText(const v1::Estimate& estimate, const Unit& unit);

// The count's interval in whole answers, rounded outward: "407 – 465".
std::string AnswersText(const v1::Estimate& count);

// How much of the variance the privacy noise is: "30 %"; of a modelled figure
// also how much the model is: "20, 30 %". What is left to 100 comes from who
// answered. Empty if none is known.
std::string NoiseText(const v1::Estimate& estimate);

// The same as words: "uncertainty from privacy noise 6 %, from who answered
// 94 %". Empty if none is known.
std::string UncertaintyInWords(const v1::Estimate& estimate);

// "good", "fair" or "poor", and how they are shown.
std::string QualityWord(const v1::Estimate& estimate);
Tone ToneOf(const v1::Estimate& estimate);

// What the three words mean, as a sentence.
std::string QualitiesInWords();

}  // namespace commonwage::client::cli

#endif  // COMMONWAGE_CLIENT_CLI_TEXT_ESTIMATE_TEXT_H_
