// SPDX-License-Identifier: Apache-2.0
#include "survey/questions/internal/wording.h"

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace commonwage {
namespace {

constexpr std::array kWordings = {
    Wording{
        .language = "en",
        .decimal_mark = ".",
        .periods = {"an hour", "a week", "a month", "a year", "a task"},
        .after_costs = "after costs",
        .that_is = "That is $0.",
        .over = "over $0",
        .as_above = "as above",
        .right = "Right?",
        .not_answered = "$0: this is not counted, as \"$1\" was left empty.",
        .not_above_0 =
            "$0: this is not counted, as what it is divided by is not above 0.",
        .rests_on_nothing = "$0: this is not counted, as \"$1\" is not.",
        .which = "$0: we can read this in two ways. Is it $1, or $2?",
        .slip_low = "$0: $1? We ask once, because a slip is easy. If it is "
                    "right, it counts: low pay is what this survey is for.",
        .slip_high = "$0: $1? We ask once, because a slip is easy. If it is "
                     "right, it counts.",
        .empty = "$0: please give $1.",
        .unreadable = "$0: this is no text that we can read. Please give $1.",
        .unknown = "$0: we read $2, and something that we do not know. Please "
                   "give $1.",
        .unknown_alone = "$0: we found no number. Please give $1.",
        .marks = "$0: its points and commas make no number that we know. "
                 "Please give $1.",
        .two_numbers = "$0: we read more than one number: $2. Please give one: "
                       "$1.",
        .other = "$0: we read $2. Please give $1.",
        .decimals = "$0: we read $2, which has more decimals than are asked "
                    "for. Please give $1.",
        .negative =
            "$0: we read $2. This is not asked below 0. Please give $1.",
        .too_large = "$0: this number is longer than any amount. Please give "
                     "$1.",
        .money = "an amount in $0, such as $1",
        .number = "a number of $0, such as $1",
        .share = "a share in per cent, such as $1",
        .and_word = "and",
    },
    Wording{
        .language = "de",
        .decimal_mark = ",",
        .periods = {"pro Stunde", "pro Woche", "pro Monat", "pro Jahr",
                    "pro Auftrag"},
        .after_costs = "nach Kosten",
        .that_is = "Das sind $0.",
        .over = "geteilt durch $0",
        .as_above = "wie oben",
        .right = "Stimmt das?",
        .not_answered = "$0: Das zählt nicht mit, denn „$1“ blieb leer.",
        .not_above_0 = "$0: Das zählt nicht mit, denn das, wodurch geteilt "
                       "wird, liegt nicht über 0.",
        .rests_on_nothing =
            "$0: Das zählt nicht mit, denn auch „$1“ zählt nicht mit.",
        .which = "$0: Das können wir auf zwei Arten lesen. Sind es $1 oder $2?",
        .slip_low =
            "$0: $1? Wir fragen einmal nach, weil man sich leicht vertippt. "
            "Wenn es stimmt, zählt es: Gerade niedriger Lohn soll hier "
            "sichtbar werden.",
        .slip_high =
            "$0: $1? Wir fragen einmal nach, weil man sich leicht vertippt. "
            "Wenn es stimmt, zählt es.",
        .empty = "$0: Bitte gib $1 an.",
        .unreadable = "$0: Diesen Text können wir nicht lesen. Bitte gib $1 "
                      "an.",
        .unknown = "$0: Wir lesen $2 und etwas, das wir nicht kennen. Bitte "
                   "gib $1 an.",
        .unknown_alone = "$0: Wir finden keine Zahl. Bitte gib $1 an.",
        .marks = "$0: Die Punkte und Kommas ergeben keine Zahl, die wir "
                 "kennen. Bitte gib $1 an.",
        .two_numbers = "$0: Wir lesen mehr als eine Zahl: $2. Bitte gib eine "
                       "an: $1.",
        .other = "$0: Wir lesen $2. Bitte gib $1 an.",
        .decimals = "$0: Wir lesen $2. Das hat mehr Stellen hinter dem Komma "
                    "als gefragt. Bitte gib $1 an.",
        .negative = "$0: Wir lesen $2. Unter 0 wird hier nicht gefragt. Bitte "
                    "gib $1 an.",
        .too_large = "$0: Diese Zahl ist länger als jeder Betrag. Bitte gib "
                     "$1 an.",
        .money = "einen Betrag in $0, zum Beispiel $1,",
        .number = "eine Zahl in der Einheit $0, zum Beispiel $1,",
        .share = "einen Anteil in Prozent, zum Beispiel $1,",
        .and_word = "und",
    },
    Wording{
        .language = "fr",
        .decimal_mark = ",",
        .periods = {"de l’heure", "par semaine", "par mois", "par an",
                    "par tâche"},
        .after_costs = "frais déduits",
        .that_is = "Cela fait $0.",
        .over = "divisé par $0",
        .as_above = "comme ci-dessus",
        .right = "Est-ce exact ?",
        .not_answered =
            "$0 : cela n’est pas compté, car « $1 » est resté vide.",
        .not_above_0 = "$0 : cela n’est pas compté, car le diviseur n’est pas "
                       "au-dessus de 0.",
        .rests_on_nothing =
            "$0 : cela n’est pas compté, car « $1 » ne l’est pas.",
        .which = "$0 : cela peut se lire de deux façons. Est-ce $1 ou $2 ?",
        .slip_low =
            "$0 : $1 ? Nous le demandons une fois, car une faute de frappe est "
            "vite faite. Si c’est juste, cela compte : un bas salaire est "
            "justement ce qu’il faut montrer.",
        .slip_high = "$0 : $1 ? Nous le demandons une fois, car une faute de "
                     "frappe est vite faite. Si c’est juste, cela compte.",
        .empty = "$0 : veuillez indiquer $1.",
        .unreadable = "$0 : ce texte est illisible pour nous. Veuillez "
                      "indiquer $1.",
        .unknown = "$0 : nous lisons $2, et quelque chose que nous ne "
                   "connaissons pas. Veuillez indiquer $1.",
        .unknown_alone = "$0 : nous ne trouvons aucun nombre. Veuillez "
                         "indiquer $1.",
        .marks = "$0 : les points et les virgules ne forment aucun nombre que "
                 "nous connaissons. Veuillez indiquer $1.",
        .two_numbers = "$0 : nous lisons plus d’un nombre : $2. Veuillez en "
                       "indiquer un : $1.",
        .other = "$0 : nous lisons $2. Veuillez indiquer $1.",
        .decimals = "$0 : nous lisons $2, qui a plus de décimales qu’il n’en "
                    "faut. Veuillez indiquer $1.",
        .negative = "$0 : nous lisons $2. Rien n’est demandé au-dessous de 0. "
                    "Veuillez indiquer $1.",
        .too_large = "$0 : ce nombre est plus long que tout montant. Veuillez "
                     "indiquer $1.",
        .money = "un montant en $0, par exemple $1",
        .number = "un nombre dans l’unité $0, par exemple $1",
        .share = "une part en pour cent, par exemple $1",
        .and_word = "et",
    },
    Wording{
        .language = "es",
        .decimal_mark = ",",
        .periods = {"por hora", "por semana", "por mes", "por año",
                    "por tarea"},
        .after_costs = "descontados los gastos",
        .that_is = "Son $0.",
        .over = "entre $0",
        .as_above = "como arriba",
        .right = "¿Es correcto?",
        .not_answered = "$0: esto no cuenta, porque «$1» quedó vacío.",
        .not_above_0 = "$0: esto no cuenta, porque aquello entre lo que se "
                       "divide no está por encima de 0.",
        .rests_on_nothing = "$0: esto no cuenta, porque «$1» tampoco cuenta.",
        .which = "$0: esto se puede leer de dos maneras. ¿Es $1 o $2?",
        .slip_low =
            "$0: ¿$1? Preguntamos una vez, porque es fácil equivocarse. Si es "
            "correcto, cuenta: un salario bajo es justo lo que hay que "
            "mostrar.",
        .slip_high = "$0: ¿$1? Preguntamos una vez, porque es fácil "
                     "equivocarse. Si es correcto, cuenta.",
        .empty = "$0: indica $1.",
        .unreadable = "$0: no podemos leer este texto. Indica $1.",
        .unknown = "$0: leemos $2 y algo que no conocemos. Indica $1.",
        .unknown_alone = "$0: no encontramos ningún número. Indica $1.",
        .marks = "$0: los puntos y las comas no forman ningún número que "
                 "conozcamos. Indica $1.",
        .two_numbers = "$0: leemos más de un número: $2. Indica uno: $1.",
        .other = "$0: leemos $2. Indica $1.",
        .decimals = "$0: leemos $2, que tiene más decimales de los que se "
                    "piden. Indica $1.",
        .negative = "$0: leemos $2. Aquí no se pide nada por debajo de 0. "
                    "Indica $1.",
        .too_large = "$0: este número es más largo que cualquier importe. "
                     "Indica $1.",
        .money = "un importe en $0, por ejemplo $1",
        .number = "un número en la unidad $0, por ejemplo $1",
        .share = "una parte en tanto por ciento, por ejemplo $1",
        .and_word = "y",
    },
};

// A unit's names: one and several, of each language above, in its order.
struct UnitNames {
  absl::string_view unit;
  std::array<absl::string_view, 2 * kWordings.size()> names;
};

constexpr std::array kUnits = {
    UnitNames{"hour",
              {"hour", "hours", "Stunde", "Stunden", "heure", "heures", "hora",
               "horas"}},
    UnitNames{"minute",
              {"minute", "minutes", "Minute", "Minuten", "minute", "minutes",
               "minuto", "minutos"}},
    UnitNames{"day",
              {"day", "days", "Tag", "Tage", "jour", "jours", "día", "días"}},
    UnitNames{"week",
              {"week", "weeks", "Woche", "Wochen", "semaine", "semaines",
               "semana", "semanas"}},
    UnitNames{
        "month",
        {"month", "months", "Monat", "Monate", "mois", "mois", "mes", "meses"}},
    UnitNames{"year",
              {"year", "years", "Jahr", "Jahre", "an", "ans", "año", "años"}},
    UnitNames{"km", {"km", "km", "km", "km", "km", "km", "km", "km"}},
    UnitNames{"mile",
              {"mile", "miles", "Meile", "Meilen", "mile", "miles", "milla",
               "millas"}},
};

}  // namespace

const Wording& WordingFor(absl::string_view language) {
  const absl::string_view first =
      language.substr(0, language.find_first_of("-_."));
  for (const Wording& wording : kWordings) {
    if (absl::EqualsIgnoreCase(wording.language, first)) {
      return wording;
    }
  }
  return kWordings.front();
}

std::string UnitInWords(const Wording& wording, absl::string_view unit,
                        bool one) {
  for (const UnitNames& names : kUnits) {
    if (names.unit == unit) {
      for (size_t i = 0; i < kWordings.size(); ++i) {
        if (kWordings[i].language == wording.language) {
          return std::string(names.names[2 * i + (one ? 0 : 1)]);
        }
      }
    }
  }
  return std::string(unit);
}

}  // namespace commonwage
