// SPDX-License-Identifier: Apache-2.0
#include "client/cli/text/figures_words.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "client/cli/text/columns.h"
#include "client/cli/text/estimate_text.h"
#include "client/cli/text/words.h"

namespace commonwage::client::cli {
namespace {

// "at least 65.0 % less" of a bound in one direction, `is_less` being whether
// the truth is below it.
std::string BoundText(double bound, bool is_less) {
  const bool at_least = is_less ? bound < 0 : bound > 0;
  return absl::StrCat(at_least ? "at least " : "at most ",
                      Percent(bound < 0 ? -bound : bound),
                      is_less == at_least ? " less" : " more");
}

constexpr const char* kUnknownDistance =
    "no number can be given, because how far they lie outside the pay grid is "
    "not known";

}  // namespace

std::string Plain(absl::string_view text) {
  std::string plain(text);
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return c < ' ' || c > '~'; },
      '?');
  return plain;
}

std::string RoundOf(absl::string_view release_name) {
  return Plain(absl::StripPrefix(release_name, "releases/"));
}

std::string LabelOf(
    const google::protobuf::RepeatedPtrField<v1::CellCoordinate>& key) {
  const std::string label =
      absl::StrJoin(key, ", ", [](std::string* out, const auto& coordinate) {
        out->append(absl::StrJoin(coordinate.values(), " + "));
      });
  return label.empty() ? "all workers" : Plain(label);
}

std::string RangeText(const v1::Estimate& estimate) {
  const v1::Interval& interval = estimate.interval();
  return absl::StrCat(interval.open_low() ? "…" : Percent(interval.low()),
                      " to ",
                      interval.open_high() ? "…" : Percent(interval.high()));
}

std::string SignedRangeText(const v1::Estimate& relative) {
  const v1::Interval& interval = relative.interval();
  return absl::StrCat(
      interval.open_low() ? "…" : SignedPercent(interval.low()), " to ",
      interval.open_high() ? "…" : SignedPercent(interval.high()));
}

std::string ChangeText(const v1::Estimate& relative, absl::string_view round) {
  switch (relative.position()) {
    case v1::POSITION_BELOW:
    case v1::POSITION_ABOVE:
      return absl::StrCat(
          BoundText(relative.value(),
                    relative.position() == v1::POSITION_BELOW),
          " since ", round,
          " (95 %; no best guess, because one of the two lies outside the pay "
          "grid)");
    case v1::POSITION_UNKNOWN:
      return absl::StrCat("since ", round, " ", kUnknownDistance);
    default:
      return absl::StrCat(SignedPercent(relative.value()), " since ", round,
                          " (", SignedRangeText(relative), ")");
  }
}

std::string DifferenceText(const v1::Estimate& relative) {
  switch (relative.position()) {
    case v1::POSITION_BELOW:
    case v1::POSITION_ABOVE:
      return absl::StrCat(
          BoundText(relative.value(),
                    relative.position() == v1::POSITION_BELOW),
          " (95 %); there is no best guess, because one of the two lies "
          "outside the pay grid");
    case v1::POSITION_UNKNOWN:
      return kUnknownDistance;
    default:
      return absl::StrCat(SignedRangeText(relative), " (95 %), best guess ",
                          SignedPercent(relative.value()), ", ",
                          QualityWord(relative));
  }
}

std::string CoarserText(const v1::CoarserTable& table) {
  const std::string by = Plain(absl::StrJoin(table.by(), ","));
  return absl::StrCat(
      "A sum is withheld as soon as one of its parts is. A table ",
      by.empty()
          ? "of everybody together"
          : absl::StrCat("by ", Plain(absl::StrJoin(table.by(), " and ")),
                         table.by_size() == 1 ? " alone" : ""),
      " would not need the parts; this round's plan has ",
      table.marginal().empty() ? "none."
      : by.empty()             ? "it: leave out --by."
                               : absl::StrCat("it: --by ", by, "."));
}

Tone ToneOfVerdict(v1::Verdict verdict) {
  return verdict == v1::VERDICT_CLEAR ? Tone::kStrong : Tone::kQuiet;
}

std::string SourceOf(const v1::ReleaseReference& release, const Page& page) {
  return absl::StrCat(
      Folded(absl::StrCat("Source: ", Plain(release.name()), ", sha256 ",
                          absl::BytesToHexString(release.release_digest()),
                          ", k = ", release.k(),
                          release.closed_early() ? ", closed early." : "."),
             "", page.width),
      Folded(
          absl::StrCat(
              release.admission() == v1::ADMISSION_CREDENTIAL
                  ? "Members only, one answer each. "
                  : "Unverified: anybody could answer, any number of times, so "
                    "counts, k and privacy are per answer. ",
              "Answers are what people said, not a sample of all."),
          "", page.width));
}

}  // namespace commonwage::client::cli
