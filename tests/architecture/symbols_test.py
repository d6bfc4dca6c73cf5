# SPDX-License-Identifier: Apache-2.0
"""Only the steward's program can open a submission or draw noise.

Run as: symbols_test.py BIN, the folder of the unstripped programs. Reads their
symbols with nm.
"""

import pathlib
import subprocess
import sys
import unittest

BIN = pathlib.Path(sys.argv[1])
STEWARDS_OWN = ("commonwage::crypto::opening::", "commonwage::privacy::noise::")
EVERYBODY_ELSE = ("commonwaged", "commonwage-admin", "commonwage-issuer", "commonwage")


def symbols(program):
    return subprocess.run(["nm", "--demangle", BIN / program], check=True,
                          capture_output=True, text=True).stdout


class TheSteward(unittest.TestCase):
    def test_can_open_submissions_and_draw_noise(self):
        text = symbols("commonwage-steward")
        for namespace in STEWARDS_OWN:
            self.assertIn(namespace, text)


class TheSimulator(unittest.TestCase):
    """It draws noise over tables, and is no part of an installation."""

    def test_cannot_open_submissions(self):
        text = symbols("commonwage-release-sim")
        self.assertIn("commonwage::privacy::noise::", text)
        self.assertNotIn("commonwage::crypto::opening::", text)


class NobodyElse(unittest.TestCase):
    def test_is_there(self):
        known = {*EVERYBODY_ELSE, "commonwage-steward", "commonwage-release-sim"}
        self.assertEqual({path.name for path in BIN.iterdir()}, known)

    def test_can(self):
        for program in EVERYBODY_ELSE:
            text = symbols(program)
            # The programs are unstripped, or this test would prove nothing.
            self.assertIn("commonwage::crypto::", text, program)
            for namespace in STEWARDS_OWN:
                self.assertNotIn(namespace, text, program)

    def test_can_make_credentials_but_the_issuer(self):
        signing = "commonwage::crypto::BlindRsaPrivateKey::"
        self.assertIn(signing, symbols("commonwage-issuer"))
        for program in ("commonwaged", "commonwage-admin", "commonwage", "commonwage-steward"):
            self.assertNotIn(signing, symbols(program), program)


class WhoeverHoldsWhatPeopleEntrust(unittest.TestCase):
    def test_overwrites_memory_as_it_is_let_go(self):
        for program in (*EVERYBODY_ELSE, "commonwage-steward", "commonwage-release-sim"):
            text = symbols(program)
            if "__asan_init" in text:
                self.skipTest("the sanitizer brings its own")
            # A free of its own, in place of the C library's.
            self.assertRegex(text, r"(?m) T free$", program)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
