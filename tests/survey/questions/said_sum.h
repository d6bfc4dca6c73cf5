// SPDX-License-Identifier: Apache-2.0
// Computes with the numbers of an English sentence that says back what was
// computed, as a careful person would.

#ifndef COMMONWAGE_TESTS_SURVEY_QUESTIONS_SAID_SUM_H_
#define COMMONWAGE_TESTS_SURVEY_QUESTIONS_SAID_SUM_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include <boost/multiprecision/cpp_int.hpp>

namespace commonwage::testing {

using SaidNumber = boost::multiprecision::cpp_rational;
using boost::multiprecision::cpp_int;

// Returns the number that `text` is, such as "1 234.50" or "(-3.20)".
inline SaidNumber NumberIn(absl::string_view text) {
  cpp_int units = 0;
  cpp_int scale = 1;
  bool decimals = false;
  for (const char c : text) {
    decimals = decimals || c == '.';
    if (c >= '0' && c <= '9') {
      units = units * 10 + (c - '0');
      scale *= decimals ? 10 : 1;
    }
  }
  const SaidNumber magnitude(units, scale);
  return absl::StrContains(text, "-") ? SaidNumber(-magnitude) : magnitude;
}

// Returns what a sum is; `above` has the exact values of sentences before.
inline SaidNumber SumIn(absl::string_view words,
                        const std::map<std::string, SaidNumber>& above) {
  SaidNumber sum = 0;
  SaidNumber term = 0;
  int sign = 1;
  bool factor = false;
  std::string name;
  for (const absl::string_view word : absl::StrSplit(words, ' ')) {
    const bool digit = word.find_first_of("0123456789") != word.npos &&
                       !absl::StartsWith(word, "q") &&
                       !absl::StartsWith(word, "m");
    if (word == "+" || word == "-") {
      sum += sign * term;
      sign = word == "-" ? -1 : 1;
      term = 0;
    } else if (word == "x") {
      factor = true;
    } else if (word == "above)") {
      term = above.at(name);
    } else if (digit) {
      term = factor ? SaidNumber(term * NumberIn(word)) : NumberIn(word);
      factor = false;
    } else if (above.contains(std::string(word))) {
      name = std::string(word);
    }
  }
  return sum + sign * term;
}

// Returns the exact value that the parts of a sentence give.
inline SaidNumber ValueSaid(absl::string_view sentence,
                            const std::map<std::string, SaidNumber>& above) {
  const size_t begin = sentence.find('(') + 1;
  const absl::string_view parts =
      sentence.substr(begin, sentence.rfind(')') - begin);
  const std::vector<absl::string_view> sums = absl::StrSplit(parts, ", over ");
  const SaidNumber over = SumIn(sums[0], above);
  return sums.size() > 1 ? SaidNumber(over / SumIn(sums[1], above)) : over;
}

}  // namespace commonwage::testing

#endif  // COMMONWAGE_TESTS_SURVEY_QUESTIONS_SAID_SUM_H_
