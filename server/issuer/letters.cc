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

#include "base/error.h"
#include "base/status_macros.h"
#include "base/typed_text.h"
#include "command/qr_code.h"
#include "command/report.h"
#include "server/issuer/issuer_store.h"
#include "server/issuer/letter_texts.h"
#include "survey/invitation.h"

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
.invited { font-size: 9.5pt; line-height: 1.3; }
.invited h1 { margin-bottom: 3mm; }
.invited h2 { font-size: 11pt; margin: 3mm 0 1mm; }
.invited p, .invited ol { margin-bottom: 2mm; }
.invited .code { margin: 2mm 0; padding: 4mm 0; }
.invitation { border: 0.75pt dashed #000; padding: 2mm 3mm;
  break-inside: avoid; }
.invitation h2 { margin-top: 0; }
.invitation svg { float: right; width: 34mm; height: 34mm; margin-left: 4mm; }
.invitation code { font: 7.5pt/1.25 "Liberation Mono", "DejaVu Sans Mono",
  monospace; overflow-wrap: anywhere; }
.invitation::after { content: ""; display: block; clear: both; }
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

std::string Paragraph(absl::string_view text) {
  return absl::StrCat("<p>", Escaped(text), "</p>\n");
}

std::string ListItem(absl::string_view text) {
  return absl::StrCat("<li>", Escaped(text), "</li>\n");
}

// The same on every letter, in a box of its own below all that is about the
// code.
std::string InvitationBox(const LetterTerms& terms, const LetterTexts& texts) {
  if (terms.invitation.empty()) {
    return "";
  }
  return absl::StrCat(
      "<section class=\"invitation\">\n<h2>", Escaped(texts.invitation_title),
      "</h2>\n", terms.invitation_svg, Paragraph(texts.invitation), "<p><code>",
      Escaped(terms.invitation), "</code></p>\n</section>\n");
}

}  // namespace

absl::Status AddInvitation(absl::string_view content, LetterTerms& terms) {
  COMMONWAGE_ASSIGN_OR_RETURN(const Invitation invitation,
                              ParseInvitation(content));
  if (invitation.admission == Admission::kOpen) {
    return Refusal(Reason::kInvitationIsOpen,
                   "This invitation is to a survey in which anybody can "
                   "answer: members need no code there. Ask the steward for "
                   "the right one.");
  }
  terms.invitation = WriteInvitation(invitation);
  COMMONWAGE_ASSIGN_OR_RETURN(const command::QrCode code,
                              command::EncodeQr(terms.invitation));
  terms.invitation_svg = command::QrSvg(code);
  return absl::OkStatus();
}

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
                    .until = {},
                    .invitation = {},
                    .invitation_svg = {}};
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
  return absl::StrCat(
      "<article class=\"letter", terms.invitation.empty() ? "" : " invited",
      "\">\n<p class=\"to\"><bdi>", Escaped(code.reference), "</bdi></p>\n<h1>",
      Escaped(TitleOf(terms)), "</h1>\n", Paragraph(texts.purpose),
      Paragraph(texts.secrecy), Paragraph(texts.code), "<p class=\"code\">",
      Escaped(code.code), "</p>\n", Paragraph(texts.typing), "<h2>",
      Escaped(texts.steps), "</h2>\n<ol>\n", ListItem(texts.own_device),
      terms.invitation.empty() ? "" : ListItem(texts.join), "<li>",
      Escaped(texts.office), " <span class=\"office\">", Escaped(terms.office),
      "</span></li>\n", ListItem(texts.type_code), "</ol>\n<p class=\"until\">",
      Escaped(texts.until), DayInWords(texts, terms.until), ".</p>\n",
      Paragraph(texts.keep), InvitationBox(terms, texts), "</article>\n");
}

std::string LetterFoot() { return "</body>\n</html>\n"; }

}  // namespace commonwage::server::issuer
