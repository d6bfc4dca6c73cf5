#!/usr/bin/env python3
"""What `cmake --install` puts in place works there: programs, protocols, manual
pages, completion, licence.

  install_test.py CMAKE BUILD PROTOC
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CMAKE, BUILD, PROTOC = sys.argv[1:4]
PROGRAMS = {"commonwage": 1, "commonwage-admin": 1, "commonwage-issuer": 1,
            "commonwage-steward": 1, "commonwaged": 8}


def run(*command):
    return subprocess.run([str(word) for word in command], check=True,
                          capture_output=True, text=True).stdout


def subcommands(text):
    names, inside = [], False
    for line in text.splitlines():
        if line == "Subcommands:":
            inside = True
        elif not line.startswith(" "):
            inside = False
        elif inside and line[2] != " ":
            names.append(line.split()[0])
    return names


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.prefix = pathlib.Path(cls.directory.name)
        run(CMAKE, "--install", BUILD, "--component", "programs", "--prefix", cls.prefix)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def complete(self, *words):
        """What bash offers for the last of the words."""
        program = self.prefix / "bin" / words[0]
        completions = self.prefix / "share/bash-completion/completions" / words[0]
        quoted = " ".join(f"'{word}'" for word in (program, *words[1:]))
        return run("bash", "-c", f"source {completions}; COMP_WORDS=({quoted}); "
                   f"COMP_CWORD={len(words) - 1}; _commonwage; "
                   "printf '%s\\n' \"${COMPREPLY[@]}\"").split()

    def test_programs_run_and_say_their_version(self):
        self.assertEqual({path.name for path in (self.prefix / "bin").iterdir()},
                         set(PROGRAMS))
        versions = {run(self.prefix / "bin" / name, "--version") for name in PROGRAMS}
        self.assertEqual(len(versions), 1)
        self.assertRegex(versions.pop(), r"^\d+\.\d+\.\d+\n$")

    def test_manual_pages_name_every_command(self):
        for name, section in PROGRAMS.items():
            page = (self.prefix / f"share/man/man{section}" / f"{name}.{section}").read_text()
            self.assertIn(f".TH {name.upper()}", page.replace("\\-", "-"))
            program = self.prefix / "bin" / name
            named = page.replace("\\-", "-")
            for command in subcommands(run(program, "--help")):
                self.assertIn(f'.SS "{name} {command}"', named)
                for below in subcommands(run(program, command, "--help")):
                    self.assertIn(f'.SS "{name} {command} {below}"', named)
            self.assertNotIn(BUILD, page)

    def test_protocols_compile_where_they_are(self):
        protos = self.prefix / "share/commonwage/proto"
        with tempfile.TemporaryDirectory() as out:
            run(PROTOC, f"--proto_path={protos}", f"--python_out={out}",
                *sorted(protos.rglob("*.proto")))
            self.assertTrue((pathlib.Path(out) / "commonwage/v1/round_pb2.py").is_file())

    def test_licence_is_there(self):
        licence = self.prefix / "share/doc/commonwage/LICENSE"
        self.assertIn("Apache License", licence.read_text())

    def test_bash_completes_commands_and_options(self):
        self.assertEqual(self.complete("commonwage", "sta"), ["stats"])
        self.assertIn("--round", self.complete("commonwage", "stats", "--r"))
        self.assertIn("create", self.complete("commonwage-steward", "round", ""))
        self.assertIn("--json", self.complete("commonwage-admin", "round", "status", "--"))
        # What an option is given is no option.
        self.assertEqual(self.complete("commonwage", "stats", "--csv", ""), [])
        self.assertEqual(self.complete("commonwage", "no-such-command", ""), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
