// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/typed_marks.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace commonwage {
namespace {

// Words, and what each can mean; in lower case.
struct Meaning {
  absl::string_view words;
  absl::string_view means;
};

constexpr std::array kCurrencyWords = {
    Meaning{"€ euro euros", "EUR"},
    Meaning{"£", "GBP EGP FKP GIP LBP SDG SHP SSP SYP"},
    Meaning{"$",
            "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP CVE DOP FJD GYD "
            "HKD JMD KYD LRD MXN NAD NIO NZD SBD SGD SRD TTD TWD UYU XCD ZWL"},
    Meaning{"us$ dollar dollars", "USD"},
    Meaning{"c$ ca$", "CAD"},
    Meaning{"a$ au$", "AUD"},
    Meaning{"nz$", "NZD"},
    Meaning{"r$ reais real", "BRL"},
    Meaning{"¥", "JPY CNY"},
    Meaning{"円", "JPY"},
    Meaning{"元", "CNY TWD HKD"},
    Meaning{"₹ rs", "INR PKR LKR NPR MUR"},
    Meaning{"fr sfr", "CHF"},
    Meaning{"zł zl", "PLN"},
    Meaning{"kr", "SEK NOK DKK ISK"},
    Meaning{"kč kc", "CZK"},
    Meaning{"ft", "HUF"},
    Meaning{"lei leu", "RON MDL"},
    Meaning{"лв", "BGN"},
    Meaning{"₺ tl", "TRY"},
    Meaning{"₴ грн", "UAH"},
    Meaning{"₽ руб", "RUB"},
    Meaning{"₪", "ILS"},
    Meaning{"₩", "KRW KPW"},
    Meaning{"₫", "VND"},
    Meaning{"₦", "NGN"},
    Meaning{"₱", "PHP"},
    Meaning{"฿", "THB"},
    Meaning{"₵", "GHS"},
    Meaning{"₡", "CRC SVC"},
    Meaning{"₸", "KZT"},
    Meaning{"₾", "GEL"},
};

constexpr std::array kUnitWords = {
    Meaning{"h hr hrs hour hours std stunde stunden heure heures hora horas "
            "ora ore uur godz ساعة ساعات",
            "hour"},
    Meaning{"min mins minute minutes minuten minuto minutos دقيقة دقائق",
            "minute"},
    Meaning{"d day days tag tage jour jours día días dia dias", "day"},
    Meaning{"wk week weeks woche wochen semaine semaines semana semanas",
            "week"},
    Meaning{"month months monat monate mois mes meses", "month"},
    Meaning{"yr year years jahr jahre an ans año años", "year"},
    Meaning{"km kms kilometer kilometers kilometre kilometres kilomètre "
            "kilomètres kilómetro kilómetros كم",
            "km"},
    Meaning{"mi mile miles meile meilen", "mile"},
};

// The codes of ISO 4217 that money is paid in.
constexpr absl::string_view kCodes =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND "
    "BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF "
    "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW "
    "KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES "
    "VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL";

bool IsWordOf(absl::string_view words, absl::string_view word) {
  const std::vector<absl::string_view> each = absl::StrSplit(words, ' ');
  return std::find(each.begin(), each.end(), word) != each.end();
}

}  // namespace

std::vector<std::string> CurrenciesOf(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(word);
  for (const Meaning& meaning : kCurrencyWords) {
    if (IsWordOf(meaning.words, lower)) {
      return absl::StrSplit(meaning.means, ' ');
    }
  }
  const std::string upper = absl::AsciiStrToUpper(word);
  return IsWordOf(kCodes, upper) ? std::vector<std::string>{upper}
                                 : std::vector<std::string>();
}

std::string UnitOfWord(absl::string_view word) {
  const std::string lower = absl::AsciiStrToLower(word);
  for (const Meaning& meaning : kUnitWords) {
    if (IsWordOf(meaning.words, lower)) {
      return std::string(meaning.means);
    }
  }
  return "";
}

}  // namespace commonwage
