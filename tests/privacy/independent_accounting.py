#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Thresholds, deltas and odds of 30 plans, computed by other ways than the
product's, against what the product says.

    independent_accounting.py PLAN_ACCOUNTS

PLAN_ACCOUNTS is the program of plan_accounts.cc. Prints a table of the exact
odds and of those that the product states, and fails if anything is on the unsafe
side, or off by more than its last digit.

tau and delta come from sums in decimal arithmetic of 50 digits. The odds come
from an integral: of two laws P and Q that are mirror images of each other, what
they have in common is
    C E[exp(-|L| / 2)] = C / pi * integral over t of phi(t) (1/2) / (1/4 + t^2),
with C = sum sqrt(P Q), and L the loss under the law sqrt(P Q) / C, whose
characteristic function phi is a product over the nodes: of theta functions for
Gaussian noise, of cosines for Laplace noise. The sum at steps of 2 pi / D is off
by 2 exp(-D / 2) at most. Where there are but two laws of noise, or all losses lie
on one coarse lattice, it is a finite sum instead.
"""

import bisect
import decimal
import itertools
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile

D = decimal.Decimal
decimal.getcontext().prec = 50

GAUSS, LAPLACE = "DISCRETE_GAUSSIAN", "DISCRETE_LAPLACE"
SPAN = 40.0          # D of the text above: 2 exp(-20) < 5e-9.
FINEST = 30_000      # Points of a lattice that are still summed one by one.
ACCURACY = 2e-7      # Of the odds computed here.
HALVES = [i + 0.5 for i in range(20)]


# --- Thresholds and deltas ---------------------------------------------------

def tail(mechanism, loss):
    """Returns t -> P[Z >= t] for t >= 1."""
    spent = D(loss) / 1_000_000
    if mechanism == LAPLACE:
        q = (-spent).exp()
        return lambda t: q ** t / (1 + q)
    # exp(-x^2 rho), by the quotient of neighbours.
    q = (-spent).exp()
    weights, quotient = [D(1)], q
    while weights[-1] > D("1e-45"):
        weights.append(weights[-1] * quotient)
        quotient *= q * q
    tails = list(itertools.accumulate(reversed(weights)))[::-1]
    whole = 2 * tails[0] - 1
    return lambda t: tails[t] / whole if t < len(tails) else D(0)


def threshold(mechanism, loss, bound):
    """Returns the least t with P[Z >= t] <= bound, and that probability."""
    at = tail(mechanism, loss)
    low, high = 0, 1
    while at(high) > bound:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at(middle) > bound else (low, middle)
    return high, at(high)


# --- Odds --------------------------------------------------------------------

def theta(t, s2):
    """Sum over half-integers y of exp(-y^2 / (2 s2)) cos(t y / s2)."""
    if s2 < 4:
        return 2 * sum(math.exp(-y * y / (2 * s2)) * math.cos(t * y / s2)
                       for y in HALVES[:int(9 * math.sqrt(s2)) + 2])
    # Poisson's sum: a peak at each multiple of the period, in turn up and down.
    # Of any t only the two nearest ones matter: the third is below exp(-78).
    period = 2 * math.pi * s2
    near = round(t / period)
    past = abs(t - period * near)
    other = period - past
    total = math.exp(-past * past / (2 * s2)) - math.exp(
        -other * other / (2 * s2))
    return math.sqrt(period) * (-total if near % 2 else total)


def theta_of_whole(s2):
    """Sum over integers x of exp(-x^2 / (2 s2))."""
    return 1 + 2 * math.fsum(math.exp(-x * x / (2 * s2))
                             for x in range(int(12 * math.sqrt(s2)) + 6, 0, -1))


class Law:
    """So many nodes of one law."""

    def __init__(self, mechanism, loss, count):
        self.gauss = mechanism == GAUSS
        self.loss, self.count = loss, count
        if self.gauss:
            self.s2 = 500_000 / loss
            self.peak = theta(0.0, self.s2)
            common = (math.exp(-1 / (8 * self.s2)) * self.peak /
                      theta_of_whole(self.s2))
        else:
            common = 1 / math.cosh(loss / 2e6)
        self.log_common = count * math.log(common)

    def phi(self, t):
        if self.gauss:
            return theta(t, self.s2) / self.peak
        return math.cos(t * self.loss / 1e6)

    def atoms(self, power):
        """Returns {loss in millionths: P} for `power` times as many nodes."""
        count = self.count * power
        if not self.gauss:
            p = 1 / (1 + math.exp(-self.loss / 1e6))
            log_p, log_q = math.log(p), math.log1p(-p)
            return {self.loss * (2 * i - count): math.exp(
                math.lgamma(count + 1) - math.lgamma(i + 1) -
                math.lgamma(count - i + 1) + i * log_p + (count - i) * log_q)
                for i in range(count + 1)}
        if self.s2 > 4:
            # The sum of such draws is one draw of the summed variance, to one
            # part in exp(2 pi^2 s2).
            s2 = self.s2 * count
            reach = int(8 * math.sqrt(s2)) + 3
            whole = theta_of_whole(s2)
            return {self.loss * (count - 2 * x):
                    math.exp(-x * x / (2 * s2)) / whole
                    for x in range(-reach, reach + 1)}
        reach = int(9 * math.sqrt(self.s2)) + 3
        whole = theta_of_whole(self.s2)
        one = {self.loss * (1 - 2 * x):
               math.exp(-x * x / (2 * self.s2)) / whole
               for x in range(-reach, reach + 1)}
        total = {0: 1.0}
        for _ in range(count):
            total = together(total, one)
        return total


def together(a, b):
    total = {}
    for x, p in a.items():
        for y, q in b.items():
            if p * q > 1e-18:
                total[x + y] = total.get(x + y, 0.0) + p * q
    return total


def overlap_of_pair(first, second, power):
    """Exact sum over both laws: 2 P[L < 0] + P[L = 0]."""
    a, b = first.atoms(power), second.atoms(power)
    if len(a) > len(b):
        a, b = b, a
    losses = sorted(b)
    below = list(itertools.accumulate((b[x] for x in losses), initial=0.0))
    total = 0.0
    for x, p in a.items():
        total += p * (below[bisect.bisect_left(losses, -x)] +
                      below[bisect.bisect_right(losses, -x)])
    return total


def log_phi(laws, t):
    """Returns ln |phi(t)| and whether phi is negative; -inf if it is nothing."""
    log, negative = 0.0, False
    for law in laws:
        value = law.phi(t)
        if value == 0 or log < -45:
            return -math.inf, False
        log += law.count * math.log(abs(value))
        negative ^= value < 0 and law.count % 2 == 1
    return log, negative


def overlaps_by_integral(laws, powers):
    common = sum(law.log_common for law in laws)
    lattice = math.gcd(*(law.loss for law in laws)) / 1e6
    totals = [0.0] * len(powers)

    def add(t, weight):
        log, negative = log_phi(laws, t)
        for i, power in enumerate(powers):
            exponent = power * (log + common)
            if exponent > -60:
                sign = -1 if negative and power % 2 == 1 else 1
                totals[i] += sign * weight * math.exp(exponent)

    points = 2 * math.ceil(SPAN / lattice / 2)
    if points <= FINEST:
        # phi has a period: the kernel is folded into one.
        top, bottom = math.sinh(lattice / 2), math.cosh(lattice / 2)
        for k in range(points // 2 + 1):
            angle = 2 * math.pi * k / points
            add(angle / lattice,
                (1 if k in (0, points // 2) else 2) * top /
                (bottom - math.cos(angle)) / points)
        return totals
    step = 2 * math.pi / SPAN
    add(0.0, step / math.pi * 2)
    rho = sum(law.loss * law.count for law in laws if law.gauss) / 1e6
    end = max(10_000.0, 8 / math.sqrt(max(rho, 1e-9)))
    first = laws[0]
    k = 1
    while k * step < end:
        t = k * step
        if first.gauss and first.s2 > 1:
            # Between two peaks of the narrowest law there is nothing.
            period = 2 * math.pi * first.s2
            half = math.sqrt(64 * first.s2 / first.count)
            past = math.fmod(t, period)
            if half < past < period - half:
                k = int((t - past + period - half) / step) + 1
                continue
        add(t, step / math.pi / (0.25 + t * t))
        k += 1
    return totals


def shares(nodes, powers):
    """Returns the share of right guesses for nodes = {(mechanism, loss): count},
    `power` times each."""
    laws = [Law(mechanism, loss, count)
            for (mechanism, loss), count in nodes.items()]
    # What falls fastest first.
    laws.sort(key=lambda law: -law.loss * law.count if law.gauss else 0)
    if len(laws) == 2:
        return [1 - overlap_of_pair(*laws, power) / 2 for power in powers]
    return [1 - total / 2 for total in overlaps_by_integral(laws, powers)]


# --- The plans ---------------------------------------------------------------

def plan_json(name, marginals, k=10, delta="1e-7", rounds=1):
    """marginals: [(mechanism, dimensions, losses)]."""
    measures, tables = {}, []
    spent = 0
    for mechanism, by, losses in marginals:
        fanouts = {2: [16], 3: [4, 4], 4: [4, 4, 4]}.get(
            len(losses), [2] * (len(losses) - 1))
        bins = math.prod(fanouts)
        measures[bins] = {
            "id": f"pay{bins}", "currency": "EUR", "period": "HOUR",
            "minor_unit_exponent": 2,
            "inner_edges": [1000 + 10 * i for i in range(1, bins)]}
        field = "micro_rho" if mechanism == GAUSS else "micro_epsilon"
        tables.append({
            "id": f"t{len(tables)}", "measure": f"pay{bins}", "by": by,
            "mechanism": mechanism, "fanouts": fanouts,
            field + "_per_level": losses})
        spent += sum(losses) if mechanism == GAUSS else sum(
            -(-x * x // 2_000_000) for x in losses)
    return {
        "survey": "s", "round": name, "opens_at": "2026-01-01T00:00:00Z",
        "closes_at": "2026-02-01T00:00:00Z",
        "dimensions": [{"id": d, "values": ["0", "1"]} for d in "abcdef"],
        "measures": list(measures.values()), "k": k, "threshold_delta": delta,
        "survey_cap_micro_rho": spent * rounds, "marginals": tables}


SUBSETS = [list(c) for n in range(1, 7) for c in itertools.combinations(
    "abcdef", n)] + [[]]


def extreme_plans():
    g, l = GAUSS, LAPLACE
    yield plan_json("loudest-gauss", [(g, ["a"], [2**20, 1])], rounds=4)
    yield plan_json("loudest-laplace", [(l, ["a"], [2**24, 2**24])])
    yield plan_json("quietest-gauss", [(g, ["a"], [1, 1])], rounds=1000)
    yield plan_json("quietest-laplace", [(l, ["a"], [1, 1])], rounds=10**6)
    yield plan_json("64-alike", [(g, by, [1500] * 4) for by in SUBSETS],
                    rounds=4)
    yield plan_json("64-mixed", [
        (g if i % 2 else l, by, [900] * 4 if i % 2 else [30000] * 4)
        for i, by in enumerate(SUBSETS)], rounds=3)
    yield plan_json("64-all-different", [
        (g if i % 3 else l, by, [200 + 9 * i + j for j in range(9)])
        for i, by in enumerate(SUBSETS)], rounds=5)
    yield plan_json("root-of-everybody", [(g, [], [400000, 20000, 20000])],
                    rounds=2)
    yield plan_json("large-delta", [(g, ["a"], [50000] * 3),
                                    (l, ["b"], [200000, 200000])],
                    delta="0.001", rounds=6)
    yield plan_json("small-delta", [(g, ["a"], [50000] * 3)], k=2,
                    delta="1e-30", rounds=2)
    yield plan_json("two-scales", [(g, ["a"], [2**20, 3, 7])], rounds=3)
    yield plan_json("one-loud-laplace", [(l, ["a"], [2000000, 1000]),
                                         (g, ["b"], [10, 1000])], rounds=3)


def random_plans(count):
    choose = random.Random(20260101)
    for number in range(count):
        tables = []
        for by in choose.sample(SUBSETS, choose.choice([1, 2, 3, 5, 8])):
            mechanism = choose.choice([GAUSS, GAUSS, LAPLACE])
            top = 60_000 if mechanism == GAUSS else 300_000
            levels = choose.randint(2, 6)
            if choose.random() < 0.5:
                losses = [choose.randint(1, 12) * (top // 12)] * levels
            else:
                losses = [int(math.exp(choose.uniform(math.log(50),
                                                      math.log(top))))
                          for _ in range(levels)]
            if len(losses) == 2:
                losses = [losses[0], losses[1]]
            tables.append((mechanism, by, losses))
        yield plan_json(f"random-{number}", tables, k=choose.choice([2, 5, 20]),
                        delta=f"1e-{choose.randint(4, 12)}",
                        rounds=choose.choice([1, 2, 4, 12]))


def nodes_of(plan):
    """Returns what differs for the two questions."""
    took_part, which_answer = {}, {}
    for table in plan["marginals"]:
        mechanism = table["mechanism"]
        losses = table.get("micro_rho_per_level",
                           table.get("micro_epsilon_per_level"))
        for level, loss in enumerate(losses):
            key = (mechanism, loss)
            took_part[key] = took_part.get(key, 0) + 1
            if table["by"] or level > 0:
                which_answer[key] = which_answer.get(key, 0) + 2
    return took_part, which_answer


# --- The comparison ----------------------------------------------------------

class Comparison:
    def __init__(self):
        self.faults = []

    def expect(self, holds, plan, what):
        if not holds:
            self.faults.append(f"{plan['round']}: {what}")

    def delta(self, plan, what, said, text, exact):
        self.expect(exact <= D(said) <= exact * (1 + D("1e-12")), plan,
                    f"{what} is {exact:.20e}, said {said}")
        digit = D(10) ** (D(text).adjusted() - 1)
        self.expect(exact <= D(text) < exact * (1 + D("1e-12")) + digit, plan,
                    f"{what} is {exact:.5e}, shown as {text}")

    def thresholds(self, plan, said):
        bound, k = D(plan["threshold_delta"]), plan["k"]
        none = D(1)
        for i, table in enumerate(plan["marginals"]):
            losses = table.get("micro_rho_per_level",
                               table.get("micro_epsilon_per_level"))
            t, delta = threshold(table["mechanism"], losses[0], bound)
            self.expect(said["taus"][i] == k + t, plan,
                        f"tau {i} is {k + t}, said {said['taus'][i]}")
            self.expect(delta <= D(said["deltas"][i]) <=
                        delta * (1 + D("1e-12")), plan, f"delta {i}")
            none *= 1 - delta
        self.delta(plan, "delta", said["delta"], said["delta_text"], 1 - none)
        self.delta(plan, "delta of all rounds", said["all_delta"],
                   said["all_delta_text"], 1 - none ** said["rounds"])
        return none

    def odds(self, plan, said, none):
        rounds = said["rounds"]
        took_part, which_answer = nodes_of(plan)
        if which_answer == {law: 2 * n for law, n in took_part.items()}:
            values = shares(took_part, [1, 2, rounds, 2 * rounds])
        else:
            one, all_ = shares(took_part, [1, rounds])
            own, all_own = shares(which_answer, [1, rounds])
            values = [one, own, all_, all_own]
        shown = [float(x) for x in re.findall(r"at most ([0-9]+\.[0-9])",
                                              said["words"])]
        stated = said["one"] + said["all"]
        if rounds == 1:
            shown = shown + shown
        row = []
        for value, power, cases, text in zip(
                values, [1, 2, rounds, 2 * rounds], stated, shown):
            # What the rule's failure takes of what both cases have in common.
            exact = 1 - (1 - value) * float(none ** power)
            self.expect(cases >= 1e4 * (exact - ACCURACY), plan,
                        f"odds are {exact:.7f}, said {cases}: unsafe")
            self.expect(cases <= 1e4 * exact + 1, plan,
                        f"odds are {exact:.7f}, said {cases}")
            self.expect(100 * (exact - ACCURACY) <= text <= 100 * exact + 0.1,
                        plan, f"odds are {exact:.7f}, shown as {text}")
            row.append(f"{100 * exact:8.4f} {text:5.1f}")
        print(f"{plan['round']:18}{rounds:8}  " + "  ".join(row))


def main():
    plans = list(extreme_plans())
    plans += random_plans(30 - len(plans))
    with tempfile.TemporaryDirectory() as directory:
        paths = []
        for plan in plans:
            paths.append(os.path.join(directory, plan["round"]))
            with open(paths[-1], "w", encoding="ascii") as file:
                json.dump(plan, file)
        answer = subprocess.run([sys.argv[1], *paths], check=True,
                                capture_output=True, text=True)
    print("Right guesses of 100: exact, and as stated\n\n"
          f"{'plan':18}{'rounds':>8}  {'took part':16}{'which answer':16}"
          f"{'took part, all':16}{'which answer, all'}")
    comparison = Comparison()
    for plan, line in zip(plans, answer.stdout.splitlines(), strict=True):
        said = json.loads(line)
        none = comparison.thresholds(plan, said)
        comparison.odds(plan, said, none)
    for fault in comparison.faults:
        print(fault, file=sys.stderr)
    return 1 if comparison.faults else 0


if __name__ == "__main__":
    sys.exit(main())
