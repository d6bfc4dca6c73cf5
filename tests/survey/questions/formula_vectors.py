#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The values of formulas, computed a second time, by Python's fractions.

formula_vectors.py FILE              checks every value of FILE
formula_vectors.py --sentences FILE  computes with the numbers that FILE's sentences say
formula_vectors.py --make FILE       makes FILE anew, from a fixed seed
"""

import json
import random
import re
import sys
from fractions import Fraction

LIMIT = 10**15


def rounded(value):
    """The nearest whole number; of two the one further from 0."""
    magnitude = abs(value)
    whole = (2 * magnitude.numerator + magnitude.denominator) // (2 * magnitude.denominator)
    return -whole if value < 0 else whole


def values_of(vector):
    """What each measure seals: a text, None, or "BEYOND"."""
    answers = {q["id"]: vector["answers"].get(q["id"], q.get("default"))
               for q in vector.get("questions", [])}
    exact, sealed = {}, {}

    def sum_of(terms):
        total = Fraction(0)
        for term in terms:
            if "constant" in term:
                named = term["constant"]
            elif "measure" in term:
                named = exact[term["measure"]]
            else:
                named = answers[term["question"]]
            if named is None:
                return None
            total += Fraction(named) * Fraction(term.get("times", "1"))
        return total

    for measure in vector["measures"]:
        scale = 10 ** measure.get("minor_unit_exponent", 0)
        if measure.get("kind") == "CHOICE":
            exact[measure["id"]] = None
            sealed[measure["id"]] = str(measure["options"].index(vector["answers"][measure["id"]]))
            continue
        if "numerator" not in measure:
            value = Fraction(vector["answers"][measure["id"]])
        else:
            over = sum_of(measure["numerator"])
            under = sum_of(measure["denominator"]) if "denominator" in measure else Fraction(1)
            missing = over is None or under is None or under <= 0
            value = None if missing else over / under
        exact[measure["id"]] = value
        units = None if value is None else rounded(value * scale)
        sealed[measure["id"]] = (None if units is None else
                                 "BEYOND" if abs(units) > LIMIT else str(units))
    return sealed


def outcome_of(vector):
    """The part of a vector that is computed from the rest of it."""
    sealed = values_of(vector)
    beyond = [name for name, value in sealed.items() if value == "BEYOND"]
    return {"refused": beyond} if beyond else {"values": sealed}


def money(name, currency="EUR", **more):
    return {"id": name, "kind": "MONEY", "currency": currency, "decimals": 2, **more}


def number(name, unit, decimals=0, **more):
    return {"id": name, "kind": "NUMBER", "unit": unit, "decimals": decimals, **more}


def pay(name, numerator, denominator=None, period="HOUR", exponent=2, currency="EUR"):
    formula = {"numerator": numerator}
    if denominator:
        formula["denominator"] = denominator
    return {"id": name, "kind": "PAY", "currency": currency, "period": period,
            "minor_unit_exponent": exponent, **formula}


def ratio(name, numerator, denominator=None, exponent=3):
    formula = {"numerator": numerator}
    if denominator:
        formula["denominator"] = denominator
    return {"id": name, "kind": "RATIO", "minor_unit_exponent": exponent, **formula}


def q(name, times=None):
    return {"question": name, **({"times": times} if times else {})}


def m(name, times=None):
    return {"measure": name, **({"times": times} if times else {})}


def c(value, times=None):
    return {"constant": value, **({"times": times} if times else {})}


COURIERS = {
    "questions": [
        money("paid", plausible=["20", "2500"]), money("tips", default="0"),
        money("expenses", default="0"),
        number("km", "km", default="0", plausible=["0", "1500"]),
        number("hours_online", "hour", 1, plausible=["1", "90"]),
        money("before", carried_from="net_hourly", optional=True),
        money("customers_paid", optional=True),
        number("engaged", "hour", 2, optional=True),
    ],
    "measures": [
        pay("net_hourly", [q("paid"), q("tips"), q("expenses", "-1"), q("km", "-0.30")],
            [q("hours_online")]),
        ratio("growth", [m("net_hourly"), q("before", "-1")], [q("before")]),
        ratio("take_rate", [q("customers_paid"), q("paid", "-1")], [q("customers_paid")]),
        pay("engaged_hourly", [q("paid"), q("tips")], [q("engaged")]),
        ratio("of_floor", [q("paid")], [q("km", "0.35"), q("engaged", "15.90")]),
        {"id": "first_demand", "kind": "CHOICE",
         "options": ["pay_per_minute", "waiting_time", "insurance", "undisclosed"]},
    ],
}
OFFICE = {
    "questions": [money("monthly"), number("weekly_hours", "hour", 2),
                  money("bonus", default="0")],
    "measures": [
        pay("yearly", [q("monthly", "12"), q("bonus")], period="YEAR", exponent=0),
        pay("hourly", [q("monthly", "12"), q("bonus")], [q("weekly_hours", "52")]),
        ratio("full_time", [q("weekly_hours")], [c("40")], 2),
        ratio("bonus_share", [q("bonus")], [q("monthly", "12"), q("bonus")], 4),
    ],
}
HALVES = {
    "questions": [money("a", plausible=["-1000", "1000"]), number("n", "hour", 0)],
    "measures": [pay("cents", [q("a")], [q("n")]), pay("whole", [q("a")], exponent=0),
                 ratio("mills", [q("a", "0.001")], [q("n", "1")], 3)],
}
DEEP = {
    "questions": [money("sum", plausible=["-1", "1"]), number("y", "hour", 4),
                  number("z", "hour", 4)],
    "measures": [
        pay("one", [q("sum")], [q("y")], exponent=4),
        pay("two", [m("one"), q("sum", "0.000001")], [q("z"), q("y")], exponent=4),
        pay("three", [m("two"), m("one", "-3.141592")], [q("y", "7"), q("z", "0.000001")],
            exponent=4),
        ratio("four", [m("two"), m("one")], [m("one"), m("two", "0.5")], 4),
    ],
}


def vector(name, plan, answers, hostile=False):
    made = {"name": name, "hostile": hostile, **plan, "answers": answers}
    return {**made, **outcome_of(made)}


def chosen(demand="waiting_time", **answers):
    return {**{k: v for k, v in answers.items() if v is not None}, "first_demand": demand}


def written(units, decimals):
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(decimals + 1, "0")
    return sign + (digits[:-decimals] + "." + digits[-decimals:] if decimals else digits)


def random_plan(random_source, number_of):
    """A plan in which every term says how it is converted, so that any fits."""
    questions, measures = [], []
    for i in range(random_source.randint(1, 6)):
        decimals = random_source.randint(0, 4)
        kind = random_source.random()
        question = (money(f"q{i}") if kind < 0.5 else number(f"q{i}", "piece"))
        question["decimals"] = decimals
        if random_source.random() < 0.3:
            question["default"] = written(random_source.randint(0, 10**4), decimals)
        elif random_source.random() < 0.3:
            question["optional"] = True
        if random_source.random() < 0.5:
            question["plausible"] = ["-5", "5"]
        questions.append(question)

    def terms(index, most):
        picked = []
        for _ in range(random_source.randint(1, most)):
            times = written(random_source.choice([1, -1]) * random_source.randint(1, 10**7),
                            random_source.randint(0, 6))
            draw = random_source.random()
            if draw < 0.15:
                picked.append(c(written(random_source.randint(-10**5, 10**6), 3), times))
            elif draw < 0.35 and index > 0:
                picked.append(m(f"m{random_source.randrange(min(index, 2))}", times))
            else:
                picked.append(q(f"q{random_source.randrange(len(questions))}", times))
        if not any("question" in term for term in picked):
            picked.append(q("q0", "3.7"))
        return picked

    for i in range(random_source.randint(1, 4)):
        divides = random_source.random() < 0.7
        over = terms(i, 5)
        under = terms(i, 3) if divides else None
        if under:
            for term in under:
                if random_source.random() < 0.85:
                    term["times"] = term["times"].lstrip("-")
            # Now it can be above 0, and the quotient vary.
            under.insert(0, q("q0", "1.5"))
            over.append(c("1.25"))
        make = pay if random_source.random() < 0.5 else ratio
        measures.append(make(f"m{i}", over, under,
                             exponent=random_source.randint(0, 4)))
    answers = {}
    for question in questions:
        may_be_empty = "default" in question or question.get("optional")
        if may_be_empty and random_source.random() < 0.4:
            continue
        low = -10**6 if "plausible" in question else 0
        high = 10 ** random_source.randint(1, 12)
        answers[question["id"]] = written(random_source.randint(low, high),
                                          question["decimals"])
    return vector(f"any {number_of}", {"questions": questions, "measures": measures}, answers)


def people(random_source):
    """Answers as people give them, and at the edges."""
    made = []
    for i in range(40):
        paid = random_source.randint(2_000, 150_000)
        fields = {
            "paid": written(paid, 2), "hours_online": written(random_source.randint(1, 900), 1)}
        if i % 3:
            fields["tips"] = written(random_source.randint(0, 9_000), 2)
        if i % 4:
            fields["expenses"] = written(random_source.randint(0, 40_000), 2)
        if i % 5:
            fields["km"] = str(random_source.randint(0, 900))
        if i % 2:
            fields["before"] = written(random_source.randint(-900, 4_000), 2)
        if i % 7:
            fields["customers_paid"] = written(paid + random_source.randint(0, 90_000), 2)
        if i % 6:
            fields["engaged"] = written(random_source.randint(0, 6_000), 2)
        options = COURIERS["measures"][-1]["options"]
        made.append(vector(f"courier {i}", COURIERS, chosen(options[i % 4], **fields)))
    for i in range(25):
        fields = {"monthly": written(random_source.randint(50_000, 900_000), 2),
                  "weekly_hours": written(random_source.randint(100, 6_000), 2)}
        if i % 2:
            fields["bonus"] = written(random_source.randint(0, 2_000_000), 2)
        made.append(vector(f"office {i}", OFFICE, fields))
    for a, n in [("0.01", "2"), ("-0.01", "2"), ("0.03", "2"), ("-0.03", "2"), ("0.05", "10"),
                 ("0.04", "10"), ("-0.05", "10"), ("0.50", "1"), ("-0.50", "1"), ("1.50", "1"),
                 ("2.50", "1"), ("-2.50", "1"), ("0.49", "1"), ("999.99", "3"),
                 ("-999.99", "7"), ("0", "1"), ("1", "3"), ("2", "3"), ("-2", "3")]:
        made.append(vector(f"half {a} over {n}", HALVES, {"a": a, "n": n}))
    for i in range(16):
        made.append(vector(f"deep {i}", DEEP, {
            "sum": written(random_source.randint(-10**5, 10**5), 2),
            "y": written(random_source.randint(1, 10**6), 4),
            "z": written(random_source.randint(1, 10**6), 4)}))
    return made


def hostile_answers():
    most = "9999999999999.99"  # 10^15 - 1 units of two decimals
    return [
        vector("nothing to divide by", COURIERS, chosen(paid="310.00", hours_online="0"), True),
        vector("before was 0", COURIERS,
               chosen(paid="310.00", hours_online="20.6", before="0"), True),
        vector("before was below 0", COURIERS,
               chosen(paid="310.00", hours_online="20.6", before="-0.01"), True),
        vector("costs beyond pay", COURIERS,
               chosen(paid="0", hours_online="0.1", expenses="9999.99"), True),
        vector("the most that can be answered", COURIERS,
               chosen(paid=most, hours_online="1.0"), True),
        vector("the most over the least time", COURIERS,
               chosen(paid=most, hours_online="0.1"), True),
        vector("the least of the most", COURIERS,
               chosen(paid="0", expenses=most, hours_online="0.1"), True),
        vector("beyond by one", {"questions": [money("a"), money("b")],
                                 "measures": [pay("sum", [q("a"), q("b")])]},
               {"a": "9999999999999.99", "b": "0.02"}, True),
        vector("at the limit", {"questions": [money("a"), money("b")],
                                "measures": [pay("sum", [q("a"), q("b")])]},
               {"a": "9999999999999.99", "b": "0.01"}, True),
        vector("beyond 64 bits", {"questions": [money("a")],
                                  "measures": [pay("big", [q("a", "1000000000")])]},
               {"a": most}, True),
        vector("beyond 128 bits on the way", {
            "questions": [money("a"), number("n", "hour", 4)],
            "measures": [pay("one", [q("a", "999999999.999999")], [q("n", "0.000001")], exponent=0),
                         pay("two", [m("one", "999999999.999999")], [q("n", "0.000001")]),
                         ratio("back", [m("two")], [m("one")], 0)]},
               {"a": most, "n": "0.0001"}, True),
        vector("great numbers that cancel", {
            "questions": [money("a"), money("b"), number("n", "hour", 4)],
            "measures": [pay("gap", [q("a", "1000000000"), q("b", "-1000000000")],
                             [q("n", "1000000000")])]},
               {"a": most, "b": "9999999999999.98", "n": "0.0003"}, True),
        vector("a half that rounding on the way would miss", {
            "questions": [number("a", "piece", 4, plausible=["0", "1"]), number("n", "piece", 4)],
            "measures": [ratio("r", [q("a", "0.000001"), c("0.5")], [q("n", "0.000001"), c("1")],
                               0)]},
               {"a": "0.0002", "n": "0.0004"}, True),
        vector("below a half by 10^-10", {
            "questions": [number("a", "piece", 4, plausible=["0", "1"]), number("n", "piece", 4)],
            "measures": [ratio("r", [q("a", "0.000001"), c("0.5")], [q("n", "0.000001"), c("1")],
                               0)]},
               {"a": "0.0001", "n": "0.0004"}, True),
    ]


def widest():
    """Three levels of five measures, every sum full: the longest numbers there are."""
    source = random.Random(4)
    questions = [number(f"q{i}", "piece", 4) for i in range(16)]

    def full(level, step):
        named = [q(f"q{i * step % 16}") if level == 0 else m(f"m{level * 5 - 5 + i % 5}")
                 for i in range(16)]
        for term in named:
            term["times"] = written(source.randint(10**13, 10**15), 6)
        return named

    measures = [ratio(f"m{level * 5 + i}", full(level, 1), full(level, 3))
                for level in range(3) for i in range(5)]
    answers = {f"q{i}": written(source.randint(10**13, 10**15), 4) for i in range(16)}
    return vector("the widest and deepest", plan_of(questions, *measures), answers, True)


def faulty(name, plan, *places):
    return {"name": name, "hostile": True, **plan, "faults": list(places)}


def plan_of(questions, *measures):
    return {"questions": questions, "measures": list(measures)}


def hostile_plans():
    a, b, hours = money("a"), money("b"), number("h", "hour", 1)
    usd = money("d", "USD")
    chain = [pay("m0", [q("a")], [q("h")])] + [
        pay(f"m{i}", [m(f"m{i - 1}")], [q("h")]) for i in range(1, 6)]
    return [
        faulty("a question that is not there", plan_of([a], pay("x", [q("a"), q("nobody")])),
               "measures[0].numerator[1].question"),
        faulty("a measure that is not there", plan_of([a], pay("x", [q("a"), m("nobody")])),
               "measures[0].numerator[1].measure"),
        faulty("a measure of itself", plan_of([a], pay("x", [q("a"), m("x")])),
               "measures[0].numerator[1].measure"),
        faulty("a measure further down",
               plan_of([a], pay("x", [q("a"), m("y")]), pay("y", [q("a")])),
               "measures[0].numerator[1].measure"),
        faulty("a circle of two",
               plan_of([a], pay("x", [q("a"), m("y")]), pay("y", [q("a"), m("x")])),
               "measures[0].numerator[1].measure"),
        faulty("a circle of three", plan_of([a, hours], pay("x", [m("z")]), pay("y", [m("x")]),
                                            pay("z", [q("a")], [q("h"), m("y", "1")])),
               "measures[0].numerator[0].measure"),
        faulty("computing with a choice", plan_of(
            [a], {"id": "y", "kind": "CHOICE", "options": ["one", "two"]},
            pay("x", [q("a"), m("y", "1")])), "measures[1].numerator[1].measure"),
        faulty("six levels deep", plan_of([a, hours], *chain), "measures[3]", "measures[4]",
               "measures[5]"),
        faulty("euros and hours", plan_of([a, hours], pay("x", [q("a"), q("h")])),
               "measures[0].numerator[1]"),
        faulty("euros and dollars", plan_of([a, usd], pay("x", [q("a"), q("d")])), "measures[0]"),
        faulty("euros and dollars by a rate", plan_of([a, usd], pay("x", [q("a"), q("d", "0.9")])),
               "measures[0]"),
        faulty("dollars that are called euros", plan_of([usd], pay("x", [q("d")])), "measures[0]"),
        faulty("euros over dollars", plan_of([a, usd], ratio("x", [q("a")], [q("d")])),
               "measures[0]"),
        faulty("pay that is hours", plan_of([hours], pay("x", [q("h")])),
               "measures[0].numerator"),
        faulty("pay over pay", plan_of([a, b], pay("x", [q("a")], [q("b")])),
               "measures[0].denominator"),
        faulty("pay for an hour over weeks",
               plan_of([a, number("w", "week")], pay("x", [q("a")], [q("w")])),
               "measures[0].denominator"),
        faulty("a ratio of euros and hours", plan_of([a, hours], ratio("x", [q("a")], [q("h")])),
               "measures[0]"),
        faulty("a ratio that is euros", plan_of([a], ratio("x", [q("a")])), "measures[0]"),
        faulty("constants alone", plan_of([a], ratio("x", [c("3")], [c("4")])), "measures[0]"),
        faulty("a minus a", plan_of([a], pay("x", [q("a"), q("a", "-1")])), "measures[0]"),
        faulty("a over a", plan_of([a], ratio("x", [q("a", "3")], [q("a")])), "measures[0]"),
        faulty("one by way of two measures", plan_of(
            [a, hours], pay("x", [q("a")], [q("h")]), pay("y", [q("a", "2")], [q("h")]),
            ratio("z", [m("x")], [m("y")])), "measures[2]"),
        faulty("over 0", plan_of([a], pay("x", [q("a")], [c("0")])), "measures[0].denominator"),
        faulty("over b minus b", plan_of([a, hours], pay("x", [q("a")], [q("h"), q("h", "-1")])),
               "measures[0].denominator"),
        faulty("over minus hours", plan_of([a, hours], pay("x", [q("a")], [q("h", "-1")])),
               "measures[0].denominator"),
        faulty("0 times", plan_of([a], pay("x", [q("a"), q("a", "0.000000")])),
               "measures[0].numerator[1].times"),
        faulty("7 decimals", plan_of([a], pay("x", [q("a", "0.1234567")])),
               "measures[0].numerator[0].times"),
        faulty("a factor that is code", plan_of([a], pay("x", [q("a", "1e9")])),
               "measures[0].numerator[0].times"),
        faulty("a factor beyond 64 bits",
               plan_of([a], pay("x", [q("a", "99999999999999999999")])),
               "measures[0].numerator[0].times"),
        faulty("a term of two things", plan_of([a], pay("x", [{"question": "a", "constant": "1"}])),
               "measures[0].numerator[0]"),
        faulty("a term of nothing", plan_of([a], pay("x", [q("a"), {"times": "2"}])),
               "measures[0].numerator[1]"),
        faulty("17 terms", plan_of([a], pay("x", [q("a")] * 17)), "measures[0].numerator"),
        faulty("65 questions", plan_of([money(f"q{i}") for i in range(65)], pay("x", [q("q0")])),
               "questions"),
        faulty("a question asked twice", plan_of([a, a], pay("x", [q("a")])), "questions[1].id"),
        faulty("carried from nowhere",
               plan_of([money("a", carried_from="y")], pay("x", [q("a")])),
               "questions[0].carried_from"),
        faulty("carried from another currency",
               plan_of([a, money("d", "USD", carried_from="x", optional=True)], pay("x", [q("a")])),
               "questions[1].carried_from"),
        faulty("help of 3,000 bytes", plan_of(
            [money("a", help=[{"language": "en", "text": "x" * 3000}])], pay("x", [q("a")])),
            "questions[0].help[0].text"),
        faulty("help that is written backwards", plan_of(
            [money("a", help=[{"language": "en", "text": "pay \u202e0001"}])],
            pay("x", [q("a")])), "questions[0].help[0].text"),
        faulty("a plausible range upside down",
               plan_of([money("a", plausible=["5", "1"])], pay("x", [q("a")])),
               "questions[0].plausible"),
        faulty("a default and optional",
               plan_of([money("a", default="1", optional=True)], pay("x", [q("a")])),
               "questions[0].optional"),
    ]


def make():
    source = random.Random(12)
    vectors = people(source)
    while len(vectors) < 200:
        made = random_plan(source, len(vectors))
        if made.get("refused") is None or source.random() < 0.5:
            vectors.append(made)
    return vectors + hostile_answers() + [widest()] + hostile_plans()


OVER = re.compile(r", (?:over|geteilt durch|divisé par|entre) ")
NUMBER = re.compile(r"-?[0-9\u202f]+(?:[.,][0-9]+)?")


def sum_in_words(words, above):
    """What "paid 310.00 - 120 km x 0.30" is; `above` has what was said before."""
    total = Fraction(0)
    for term in re.split(r" (?=[+-] )", words):
        sign = -1 if term.startswith("- ") else 1
        term = re.sub(r"^[+-] ", "", term)
        earlier = [value for name, value in above.items() if term.startswith(name + " ")]
        if re.search(r"\((?:as above|wie oben|comme ci-dessus|como arriba)\)", term):
            factors = [max(earlier)]
            term = term[term.index(")") + 1:]
        else:
            factors = []
        for found in NUMBER.findall(term):
            factors.append(Fraction(found.replace("\u202f", "").replace(",", ".")))
        product = Fraction(1)
        for factor in factors:
            product *= factor
        total += sign * product
    return total


def check_sentences(vectors):
    wrong, computed = [], 0
    for vector in vectors:
        if outcome_of(vector) != {"values": vector["values"]}:
            wrong.append(vector["name"])
        above = {}
        for measure, sentence in zip(vector["measures"], vector["said"]):
            sealed = vector["values"][measure["id"]]
            if sealed is None or "numerator" not in measure:
                continue
            parts = OVER.split(sentence[sentence.index("(") + 1:sentence.rindex(")")])
            value = sum_in_words(parts[0], above)
            value /= sum_in_words(parts[1], above) if len(parts) > 1 else 1
            above[vector["labels"].get(measure["id"], measure["id"])] = value
            computed += 1
            if str(rounded(value * 10 ** measure["minor_unit_exponent"])) != sealed:
                wrong.append(sentence)
    print(f"{len(vectors)} answers, {computed} sentences computed with; wrong: {wrong}")
    return 0 if not wrong and computed >= 10 else 1


def main():
    if sys.argv[1] == "--make":
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            lines = ",\n".join(json.dumps(v, ensure_ascii=True) for v in make())
            file.write('{"vectors": [\n' + lines + "\n]}\n")
        return 0
    with open(sys.argv[-1], encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    if sys.argv[1] == "--sentences":
        return check_sentences(vectors)
    wrong = [v["name"] for v in vectors
             if "faults" not in v and outcome_of(v) != {k: v[k] for k in ("values", "refused") if k in v}]
    computed = sum("faults" not in v for v in vectors)
    hostile = sum(v["hostile"] for v in vectors)
    print(f"{len(vectors)} vectors, {computed} computed again, {hostile} hostile; wrong: {wrong}")
    return 0 if not wrong and computed >= 200 and hostile >= 20 else 1


if __name__ == "__main__":
    sys.exit(main())
