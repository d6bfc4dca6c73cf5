# SPDX-License-Identifier: Apache-2.0
"""Documents point at what is there: links at files, test names at tests.

Run as: documents_test.py ROOT
"""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv[1])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
LABEL = re.compile(r'"commonwage/v1/([a-z-]+)"')
# A label as FORMATS.md shortens it.
SHORT_LABEL = re.compile(r'"([a-z]+(?:-[a-z]+)*)"')
# A CTest name such as `attacks.seizure_test`, or `folder.test: Suite.Case`.
TEST_NAME = re.compile(r"`((?:[a-z_]+\.)+[a-z0-9_]+_test)(?:: (\w+)\.(\w+))?`")


def documents():
    found = sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md"))
    return found + sorted(p for p in ROOT.glob("*/**/*.md")
                          if "build" not in p.parts and "docs" not in p.parts
                          and "node_modules" not in p.parts)


def source_of(name):
    """The file of a CTest case, or None."""
    stem = ROOT / "tests" / name.replace(".", "/")
    for suffix in (".cc", ".py", ".cmake", ".sh", ".mjs"):
        if stem.with_suffix(suffix).exists():
            return stem.with_suffix(suffix)
    return None


class Documents(unittest.TestCase):
    def test_link_to_files_that_exist(self):
        links = 0
        for document in documents():
            for target in LINK.findall(document.read_text(encoding="utf-8")):
                if re.match(r"[a-z]+:", target):
                    continue
                links += 1
                with self.subTest(document=document.name, target=target):
                    self.assertTrue((document.parent / target).exists())
        self.assertGreater(links, 40)

    def test_name_tests_that_exist(self):
        names = 0
        for document in documents():
            for name, suite, case in TEST_NAME.findall(
                    document.read_text(encoding="utf-8")):
                names += 1
                with self.subTest(document=document.name, test=name, case=case):
                    source = source_of(name)
                    self.assertIsNotNone(source)
                    if case:
                        pattern = rf"\b{suite},\s*{case}\b|class {suite}\b[\s\S]*def {case}\b"
                        self.assertRegex(source.read_text(encoding="utf-8"), pattern)
        self.assertGreater(names, 10)

    def test_name_the_labels_that_the_code_uses(self):
        used = set()
        for folder in ("artefacts", "survey", "crypto", "storage", "client", "server"):
            for source in [*(ROOT / folder).rglob("*.h"), *(ROOT / folder).rglob("*.cc")]:
                used.update(LABEL.findall(source.read_text(encoding="utf-8")))
        text = (ROOT / "docs" / "FORMATS.md").read_text(encoding="utf-8")
        named = set(SHORT_LABEL.findall(text))
        self.assertGreater(len(used), 20)
        self.assertEqual(used - named, set())
        self.assertEqual({label for label in named if "-" in label} - used, set())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
