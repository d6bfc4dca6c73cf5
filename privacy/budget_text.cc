// SPDX-License-Identifier: Apache-2.0
#include "privacy/budget_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace commonwage::privacy {
namespace {

std::string NumberInWords(int64_t number) {
  constexpr std::array<absl::string_view, 13> kWords = {
      "no",    "one",   "two",  "three", "four",   "five",  "six",
      "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  return number < static_cast<int64_t>(kWords.size())
             ? std::string(kWords.at(static_cast<size_t>(number)))
             : absl::StrCat(number);
}

}  // namespace

std::string PartInWords(int64_t part, int64_t whole) {
  constexpr std::array<std::pair<int64_t, absl::string_view>, 6> kParts = {
      {{1, "all"},
       {2, "half"},
       {3, "a third"},
       {4, "a quarter"},
       {5, "a fifth"},
       {10, "a tenth"}}};
  for (const auto& [parts, word] : kParts) {
    if (whole % parts == 0 && part == whole / parts) {
      return std::string(word);
    }
  }
  const absl::int128 cases = absl::int128(part) * 100 + whole - 1;
  return absl::StrCat(static_cast<int64_t>(cases / whole), " %");
}

std::string BudgetInWords(int64_t loss, int64_t cap, int64_t left) {
  if (loss == 0) {
    return "nothing of the survey's privacy budget";
  }
  const int64_t more = std::max<int64_t>(left, 0) / loss;
  return absl::StrCat(PartInWords(loss, cap),
                      " of the survey's privacy budget; ", NumberInWords(more),
                      more == 1 ? " more round fits" : " more rounds fit");
}

}  // namespace commonwage::privacy
