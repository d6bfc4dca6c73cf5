#!/usr/bin/env python3
"""Breaks the code on purpose, one line at a time, and expects the tests to notice.

  tests/mutation/run.py                 all known mutants (mutants.toml)
  tests/mutation/run.py --only REGEX    those whose file or reason matches
  tests/mutation/run.py --list          only check that every mutant still applies

Works on a copy of the tree, which it removes again; --keep DIR keeps copy and
build there, so that the next run is quicker. Exit code: 0 all were noticed, 1
one was not or does not apply, 2 wrong use.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).with_name("mutants.toml")
FEWEST = 80
SECONDS_PER_TEST = 300


def known_mutants():
    with LIST.open("rb") as file:
        return tomllib.load(file)["mutant"]


def fault_of(mutant, root):
    """Why the mutant does not apply to the tree, or None."""
    path = root / mutant["file"]
    if not path.is_file():
        return "the file is gone"
    count = path.read_text().count(mutant["old"])
    if count != 1:
        return f"its text stands {count} times in the file"
    return "it changes nothing" if mutant["old"] == mutant["new"] else None


def check_list(mutants):
    """Prints what is wrong with the list; returns whether anything is."""
    faults = []
    if len(mutants) < FEWEST:
        faults.append(f"the list has {len(mutants)} mutants; {FEWEST} at least")
    for mutant in mutants:
        fault = fault_of(mutant, ROOT)
        if fault:
            faults.append(f"{mutant['file']}: {mutant['why']}: {fault}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return bool(faults)


def copy_tree(to):
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True,
                           capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, to / name
        if not source.is_file():
            continue
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # With a new time: what was built of another is built again.
        shutil.copy(source, target)


class Workshop:
    """A copy of the tree with a build of its own."""

    def __init__(self, directory):
        self.tree = directory / "tree"
        # As deep in its tree as a preset's, so that a compiler cache knows both.
        self.build = self.tree / "build" / "release"
        copy_tree(self.tree)
        subprocess.run(["cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja",
                        "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                        f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY={self.build}/bin"],
                       check=True, capture_output=True)
        listed = subprocess.run(["ctest", "--test-dir", self.build, "-N"],
                                check=True, capture_output=True, text=True).stdout
        self.names = re.findall(r"Test +#\d+: (\S+)", listed)

    def tests(self, pattern):
        return [name for name in self.names if re.fullmatch(pattern, name)]

    def make(self, targets):
        return subprocess.run(["cmake", "--build", self.build, "--target", *targets],
                              capture_output=True, text=True, check=False)

    def green(self, names):
        chosen = "|".join(re.escape(name) for name in names)
        return subprocess.run(
            ["ctest", "--test-dir", self.build, "-R", f"^({chosen})$",
             "--timeout", str(SECONDS_PER_TEST), "--stop-on-failure"],
            capture_output=True, check=False).returncode == 0

    def try_mutant(self, mutant):
        """Returns 'noticed', or what is wrong with the mutant or its tests."""
        tests = self.tests(mutant["tests"])
        if not tests:
            return "no such tests"
        path = self.tree / mutant["file"]
        whole = path.read_text()
        path.write_text(whole.replace(mutant["old"], mutant["new"]))
        try:
            if self.make(tests).returncode != 0:
                return "does not build"
            return "NOT NOTICED" if self.green(tests) else "noticed"
        finally:
            path.write_text(whole)


def check_green(workshop, mutants):
    """What is red without a mutant says nothing with one."""
    names = sorted({name for mutant in mutants
                    for name in workshop.tests(mutant["tests"])})
    print(f"Building and running {len(names)} tests as they are", flush=True)
    if workshop.make(names).returncode != 0 or not workshop.green(names):
        sys.exit("The tests are not green without any mutant.")


def run(mutants, directory):
    workshop = Workshop(directory)
    check_green(workshop, mutants)
    bad = 0
    for number, mutant in enumerate(mutants, start=1):
        began = time.monotonic()
        outcome = workshop.try_mutant(mutant)
        bad += outcome != "noticed"
        print(f"{number}/{len(mutants)} {outcome} "
              f"({time.monotonic() - began:.0f} s): "
              f"{mutant['file']}: {mutant['why']}", flush=True)
    print(f"{len(mutants) - bad} of {len(mutants)} mutants were noticed.")
    return bad


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="REGEX", default="")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--keep", metavar="DIR", type=pathlib.Path)
    options = parser.parse_args()
    mutants = known_mutants()
    if check_list(mutants):
        return 1
    if options.list:
        return 0
    chosen = [mutant for mutant in mutants
              if re.search(options.only, mutant["file"] + " " + mutant["why"])]
    if not chosen:
        parser.error("no mutant matches --only")
    if options.keep:
        return min(run(chosen, options.keep.resolve()), 1)
    with tempfile.TemporaryDirectory() as directory:
        return min(run(chosen, pathlib.Path(directory)), 1)


if __name__ == "__main__":
    sys.exit(main())
