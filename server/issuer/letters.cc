// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/letters.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "base/typed_text.h"
#include "server/command/report.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/letter_texts.h"

namespace commonwage::server::issuer {
namespace {

constexpr size_t kMaxTextLength = 200;  // Characters.

// The margins put the member's name where a window envelope shows it.
constexpr absl::string_view kStyle = R"css(
@page { margin: 20mm 22mm 12mm; }
body { margin: 0; color: #000; background: #fff;
  font: 10.5pt/1.4 system-ui, "Liberation Sans", "DejaVu Sans", sans-serif; }
.letter { max-width: 166mm; margin: 0 auto; break-after: page; }
.letter:last-child { break-after: auto; }
.to { min-height: 34mm; padding-top: 30mm; font-size: 12pt;
  overflow-wrap: anywhere; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 5mm; }
h2 { font-size: 12pt; margin: 5mm 0 2mm; }
p, ol { margin: 0 0 3mm; }
.code { font: bold 27pt/1 "Liberation Mono", "DejaVu Sans Mono", monospace;
  white-space: nowrap; text-align: center; margin: 4mm 0; padding: 5mm 0;
  border: 1.5pt solid #000; }
.office { font-weight: bold; overflow-wrap: anywhere; }
.until { font-weight: bold; }
@media screen { .letter { padding: 0 6mm 12mm; } }
)css";

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"\"", "&quot;"},
                                    {"'", "&#39;"}});
}

absl::string_view TitleOf(const LetterTerms& terms) {
  return terms.title.empty() ? LetterTextsIn(terms.language).title
                             : absl::string_view(terms.title);
}

// Whether a letter can show it on one line.
bool IsPrintableLine(absl::string_view text) {
  return IsUtf8(text) && CountCharacters(text) <= kMaxTextLength &&
         std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

}  // namespace

absl::StatusOr<LetterTerms> ParseLetterTerms(absl::string_view language,
                                             absl::string_view title,
                                             absl::string_view office,
                                             absl::string_view until) {
  const std::vector<std::string> languages = LetterLanguages();
  if (std::find(languages.begin(), languages.end(), language) ==
      languages.end()) {
    return command::WrongUse(absl::StrCat("--language takes one of ",
                                          absl::StrJoin(languages, ", "), "."));
  }
  if (!IsPrintableLine(title)) {
    return command::WrongUse("--title takes up to 200 characters on one line.");
  }
  if (office.empty() || !IsPrintableLine(office) ||
      SplitTyped(office, IsBlank).size() != 1) {
    return command::WrongUse(
        "--office takes the address that members go to, such as "
        "https://office.example/enrol, without spaces.");
  }
  LetterTerms terms{.language = std::string(language),
                    .title = std::string(title),
                    .office = std::string(office),
                    .until = {}};
  if (!absl::ParseCivilTime(until, &terms.until)) {
    return command::WrongUse("--until takes a day such as 2026-12-31.");
  }
  return terms;
}

std::string LetterHead(const LetterTerms& terms) {
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"", terms.language,
      "\">\n<head>\n<meta charset=\"utf-8\">\n"
      // A browser that is told so fetches nothing, whatever a name contains.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>",
      Escaped(TitleOf(terms)), "</title>\n<style>", kStyle,
      "</style>\n</head>\n<body>\n");
}

std::string LetterBody(const LetterTerms& terms, const LetterCode& code) {
  const LetterTexts& texts = LetterTextsIn(terms.language);
  const auto paragraph = [](absl::string_view text) {
    return absl::StrCat("<p>", Escaped(text), "</p>\n");
  };
  return absl::StrCat(
      "<article class=\"letter\">\n<p class=\"to\"><bdi>",
      Escaped(code.reference), "</bdi></p>\n<h1>", Escaped(TitleOf(terms)),
      "</h1>\n", paragraph(texts.purpose), paragraph(texts.secrecy),
      paragraph(texts.code), "<p class=\"code\">", Escaped(code.code), "</p>\n",
      paragraph(texts.typing), "<h2>", Escaped(texts.steps),
      "</h2>\n<ol>\n<li>", Escaped(texts.own_device), "</li>\n<li>",
      Escaped(texts.office), " <span class=\"office\">", Escaped(terms.office),
      "</span></li>\n<li>", Escaped(texts.type_code),
      "</li>\n</ol>\n<p class=\"until\">", Escaped(texts.until),
      DayInWords(texts, terms.until), ".</p>\n", paragraph(texts.keep),
      "</article>\n");
}

std::string LetterFoot() { return "</body>\n</html>\n"; }

}  // namespace commonwage::server::issuer
