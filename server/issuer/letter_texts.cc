// SPDX-License-Identifier: Apache-2.0
#include "server/issuer/letter_texts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "base/check.h"

namespace commonwage::server::issuer {
namespace {

constexpr LetterTexts kEnglish = {
    .language = "en",
    .title = "Your code for the pay survey",
    .purpose =
        "Your union asks its members what they are paid, so that it can "
        "negotiate with figures and not with guesses. Taking part is "
        "voluntary.",
    .secrecy =
        "Your answer is sealed on your own device before it is sent. It "
        "carries neither your name nor your membership number nor this code, "
        "and only figures about groups that are large enough are published.",
    .code =
        "This code shows the union office that you are a member. It gives you "
        "one voice in each round.",
    .typing =
        "Capitals, hyphens and spaces do not matter. No code has a letter O, I "
        "or L: what looks like one is a digit, 0 or 1.",
    .steps = "What to do",
    .own_device = "Take a device of your own, not one of your employer.",
    .join =
        "Give the invitation below to your survey program (\u201ccommonwage "
        "join\u201d), before anything else. From then on it talks to your "
        "union's survey and to no other.",
    .office = "Go to this address of the union office:",
    .type_code = "Type the code where you are asked for it, and nowhere else.",
    .until = "Please take part by ",
    .keep =
        "Keep this letter: the code is good for later rounds too. Show it to "
        "nobody, for whoever has it can take your place. If you lose it, ask "
        "the union office for a new one; the old one then works no more.",
    .invitation_title = "Invitation to the survey",
    .invitation =
        "The same for every member. It is no secret, and your code is not in "
        "it. Take it from this letter only: one from elsewhere can lead you to "
        "somebody who wants to read your answer.",
    .day_separator = " ",
    .months = {"January", "February", "March", "April", "May", "June", "July",
               "August", "September", "October", "November", "December"},
};

constexpr LetterTexts kGerman = {
    .language = "de",
    .title = "Ihr Code f\u00fcr die Lohnumfrage",
    .purpose =
        "Ihre Gewerkschaft fragt ihre Mitglieder, was sie verdienen, damit sie "
        "mit Zahlen verhandeln kann und nicht mit Vermutungen. Die Teilnahme "
        "ist freiwillig.",
    .secrecy =
        "Ihre Antwort wird auf Ihrem eigenen Ger\u00e4t verschl\u00fcsselt, "
        "bevor sie gesendet wird. Sie enth\u00e4lt weder Ihren Namen noch Ihre "
        "Mitgliedsnummer noch diesen Code, und ver\u00f6ffentlicht werden nur "
        "Zahlen \u00fcber Gruppen, die gro\u00df genug sind.",
    .code =
        "Dieser Code zeigt dem Gewerkschaftsb\u00fcro, dass Sie Mitglied sind. "
        "Er gibt Ihnen in jeder Runde eine Stimme.",
    .typing =
        "Gro\u00df- und Kleinschreibung, Bindestriche und Leerzeichen sind "
        "gleich. Kein Code hat einen Buchstaben O, I oder L: Was so aussieht, "
        "ist eine Ziffer, 0 oder 1.",
    .steps = "Was zu tun ist",
    .own_device =
        "Nehmen Sie ein eigenes Ger\u00e4t, keines Ihres Arbeitgebers.",
    .join =
        "Geben Sie Ihrem Umfrageprogramm zuerst die Einladung unten "
        "(\u201ecommonwage join\u201c). Von da an spricht es mit der Umfrage "
        "Ihrer Gewerkschaft und mit keiner anderen.",
    .office = "Gehen Sie zu dieser Adresse des Gewerkschaftsb\u00fcros:",
    .type_code =
        "Geben Sie den Code dort ein, wo Sie danach gefragt werden, und "
        "nirgends sonst.",
    .until = "Bitte nehmen Sie teil bis zum ",
    .keep =
        "Heben Sie diesen Brief auf: Der Code gilt auch in sp\u00e4teren "
        "Runden. Zeigen Sie ihn niemandem, denn wer ihn hat, kann an Ihrer "
        "Stelle teilnehmen. Wenn Sie ihn verlieren, bitten Sie das "
        "Gewerkschaftsb\u00fcro um einen neuen; der alte gilt dann nicht mehr.",
    .invitation_title = "Einladung zur Umfrage",
    .invitation =
        "F\u00fcr alle Mitglieder dieselbe. Sie ist nicht geheim, und Ihr Code "
        "steht nicht darin. Nehmen Sie nur die aus diesem Brief: Eine andere "
        "kann Sie zu jemandem f\u00fchren, der Ihre Antwort lesen will.",
    .day_separator = ". ",
    .months = {"Januar", "Februar", "M\u00e4rz", "April", "Mai", "Juni", "Juli",
               "August", "September", "Oktober", "November", "Dezember"},
};

constexpr std::array<const LetterTexts*, 2> kAll = {&kEnglish, &kGerman};

}  // namespace

std::vector<std::string> LetterLanguages() {
  std::vector<std::string> languages;
  for (const LetterTexts* texts : kAll) {
    languages.emplace_back(texts->language);
  }
  return languages;
}

const LetterTexts& LetterTextsIn(absl::string_view language) {
  const auto* const found = std::find_if(
      kAll.begin(), kAll.end(),
      [&](const LetterTexts* texts) { return texts->language == language; });
  COMMONWAGE_CHECK(found != kAll.end());
  return **found;
}

std::string DayInWords(const LetterTexts& texts, absl::CivilDay day) {
  return absl::StrCat(day.day(), texts.day_separator,
                      texts.months[static_cast<size_t>(day.month() - 1)], " ",
                      day.year());
}

}  // namespace commonwage::server::issuer
