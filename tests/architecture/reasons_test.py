# SPDX-License-Identifier: Apache-2.0
"""Reasons are one list: used, documented, and never compared by their letters.

Run as: reasons_test.py ROOT
"""

import pathlib
import re
import sys
import unittest

import layers
import reasons

ROOT = pathlib.Path(sys.argv[1])
PRODUCT = sorted({part.split("/")[0] for part in layers.MAY_INCLUDE} - {"protos", "services"})
CODES = ("INVALID_ARGUMENT|NOT_FOUND|ALREADY_EXISTS|FAILED_PRECONDITION|"
         "PERMISSION_DENIED|RESOURCE_EXHAUSTED|UNAVAILABLE|DATA_LOSS|INTERNAL|"
         "UNIMPLEMENTED|DEADLINE_EXCEEDED")
NAME = r"[A-Z]+(?:_[A-Z]+)+"
# What a text says of a code: "CODE (A, B if it is so), (C)", "CODE: A if it is
# so, B", "CODE / A, B;" and "CODE, reason A".
IN_BRACKETS = re.compile(rf"\b({CODES})\b((?:(?:,| or|, or)? \({NAME}[^)]*\))+)")
IN_A_ROW = re.compile(rf"\b({CODES}): (.*?)(?=\b(?:{CODES})\b|[.;]|$)")
IN_SLASHES = re.compile(rf"\b({CODES}) / ([^;]*)")
IN_WORDS = re.compile(rf"\b({CODES}), reason ({NAME})")
# A reason by its letters where one of the list belongs.
BY_LETTERS = [
    re.compile(r'\b(?:Refusal|RefusalOfFields|HasReason)\(\s*"'),
    re.compile(r'\bRefusal(?:OfFields)?\(\s*(?:absl::)?StatusCode::'),
    re.compile(r'\bReason(?:Name)?Of\([^;{}"]*[=!]=\s*"[A-Z]'),
    re.compile(r'\bEXPECT_(?:EQ|NE)\(\s*Reason(?:Name)?Of\([^;"]*"[A-Z]'),
    re.compile(r'\breason\w* [=!]= "[A-Z]'),
]
# Where letters come in from outside, and the tests of just that.
OF_A_PEER = {"base/error.cc", "client/connection/rpc.cc"}
TESTS_OF_LETTERS = {"tests/base/error_test.cc", "tests/base/reasons_test.cc"}


def sources(*folders):
    """Each C++ source below `folders`, its path and its text."""
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".h", ".cc"):
                yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


def comments(text):
    """The comments of a text, each paragraph as one line."""
    blocks, block = [], []
    for line in text.splitlines() + [""]:
        words = line.strip()
        if words.startswith("//") and words.strip("/ "):
            block.append(words.strip("/ "))
        elif block:
            blocks.append(" ".join(block))
            block = []
    return blocks


def faults_by_letters(text):
    """The places in `text` where a reason stands by its letters."""
    return [match.group(0) for pattern in BY_LETTERS for match in pattern.finditer(text)]


def faults_of_codes(block, listed):
    """What a comment says of codes and reasons that the list says otherwise."""
    said = [pair for pattern in (IN_BRACKETS, IN_A_ROW, IN_SLASHES, IN_WORDS)
            for pair in pattern.findall(block)]
    return [f"{code} ({name})" for code, rest in said for name in re.findall(NAME, rest)
            if not re.fullmatch(CODES, name)
            and (name not in listed or listed[name].code != code)]


class Reasons(unittest.TestCase):
    def setUp(self):
        self.listed = reasons.read_all(ROOT)

    def test_are_many_and_each_is_on_one_list(self):
        self.assertGreater(len(self.listed), 200)
        self.assertEqual(len(self.listed),
                         sum(len(reasons.read_list(ROOT, name)) for name in reasons.LISTS))

    def test_are_documented_as_they_are_listed(self):
        text = (ROOT / reasons.DOCUMENT).read_text(encoding="utf-8")
        self.assertEqual(text, reasons.document_of(ROOT),
                         "run python3 tests/architecture/reasons.py")

    def test_are_each_used(self):
        used = set()
        for path, text in sources(*PRODUCT):
            if not path.startswith("base/reasons"):
                used.update(re.findall(r"\bReason::(k\w+)", text))
        listed = {reason.enumerator for reason in self.listed.values()}
        self.assertEqual(listed - used, set())

    def test_are_never_made_or_compared_by_their_letters(self):
        for path, text in sources(*PRODUCT, "tests"):
            if path in TESTS_OF_LETTERS:
                continue
            with self.subTest(path=path):
                self.assertEqual(faults_by_letters(text), [])

    def test_stand_nowhere_else_in_the_product(self):
        for path, text in sources(*PRODUCT):
            code = re.sub(r"//.*", "", text)
            with self.subTest(path=path):
                self.assertEqual([name for name in re.findall(r'"([A-Z_]+)"', code)
                                  if name in self.listed], [])
                if path != "base/error.h" and "RefusalOfPeer(" in code:
                    self.assertIn(path, OF_A_PEER)

    def test_have_the_codes_that_contracts_name(self):
        read = 0
        protos = [(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8"))
                  for p in sorted((ROOT / "proto" / "commonwage").rglob("*.proto"))]
        for path, text in [*sources(*PRODUCT), *protos]:
            for block in comments(text):
                read += len(IN_BRACKETS.findall(block)) + len(IN_SLASHES.findall(block))
                with self.subTest(path=path):
                    self.assertEqual(faults_of_codes(block, self.listed), [])
        self.assertGreater(read, 100)

    def test_of_calls_are_all_on_the_list_of_servers(self):
        on_the_list = {r.name for r in reasons.read_list(ROOT, "servers")}
        for proto in sorted((ROOT / "proto" / "commonwage").rglob("*_service.proto")):
            for block in comments(proto.read_text(encoding="utf-8")):
                for _, rest in IN_SLASHES.findall(block):
                    named = {n for n in re.findall(NAME, rest) if not re.fullmatch(CODES, n)}
                    with self.subTest(proto=proto.name):
                        self.assertEqual(named - on_the_list, set())


class Checks(unittest.TestCase):
    """What the checks above would notice."""

    def test_letters_are_found(self):
        for planted in ('Refusal(absl::StatusCode::kNotFound, "UNKNOWN_ROUND", x)',
                        'RefusalOfFields(\n    StatusCode::kInternal, reason, x, {})',
                        'if (ReasonOf(status) == "ROUND_CLOSED") {',
                        'ReasonNameOf(a.status()) !=\n    "ROUND_CLOSED"',
                        'return reason == "ROUND_CLOSED";',
                        'EXPECT_EQ(ReasonOf(status), "ROUND_CLOSED");',
                        'EXPECT_THAT(status, HasReason("ROUND_CLOSED"));'):
            with self.subTest(planted=planted):
                self.assertNotEqual(faults_by_letters(planted), [])

    def test_reasons_of_the_list_are_let_be(self):
        for planted in ('Refusal(Reason::kUnknownRound, "There is none.")',
                        'if (ReasonOf(status) == Reason::kRoundClosed) {',
                        'EXPECT_THAT(log, HasSubstr("ROUND_CLOSED"));'):
            with self.subTest(planted=planted):
                self.assertEqual(faults_by_letters(planted), [])

    def test_false_codes_are_found(self):
        listed = reasons.read_all(ROOT)
        for planted in ("Fails with NOT_FOUND (ROUND_CLOSED).",
                        "NOT_FOUND (UNKNOWN_ROUND) or (ROUND_CLOSED) if so.",
                        "NOT_FOUND: UNKNOWN_ROUND if there is none, ROUND_CLOSED.",
                        "NOT_FOUND / UNKNOWN_ROUND, ROUND_CLOSED; and so on",
                        "Fails with INVALID_ARGUMENT, reason UNKNOWN_ROUND.",
                        "Fails with NOT_FOUND (ROUND_FORGOTTEN_BY_ALL)."):
            with self.subTest(planted=planted):
                self.assertNotEqual(faults_of_codes(planted, listed), [])
        self.assertEqual(faults_of_codes("NOT_FOUND (UNKNOWN_ROUND) if so.", listed), [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
