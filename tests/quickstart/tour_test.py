#!/usr/bin/env python3
"""The README's tour works as it is written: `deploy/quickstart.sh --serve` is
started, and every line of the tour that begins with "$ " is run, in order, in a
shell that has sourced what it printed.

  tour_test.py SOURCE_DIRECTORY
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
SECONDS_PER_COMMAND = 120


def commands():
    readme = (ROOT / "README.md").read_text()
    tour = readme[readme.index("## A five-minute tour"):readme.index("## The programs")]
    return [line[2:] for line in tour.splitlines() if line.startswith("$ ")]


def serve(log):
    """Starts the quickstart; returns it and the line that its users source."""
    process = subprocess.Popen([ROOT / "deploy/quickstart.sh", "--serve"], stdout=log,
                               stderr=subprocess.STDOUT, start_new_session=True,
                               env={**os.environ, "COMMONWAGE_PEOPLE": "600"})
    while process.poll() is None:
        found = re.search(r"^  (source \S+)$", pathlib.Path(log.name).read_text(), re.M)
        if found:
            return process, found.group(1)
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            pass
    sys.exit("The quickstart ended:\n" + pathlib.Path(log.name).read_text())


def run_tour(source, directory):
    """Runs the tour; returns what went wrong, or None."""
    script = [source, "set -o pipefail"]
    for number, command in enumerate(commands()):
        script.append(f"echo {number} >reached")
        script.append(f"{command} || exit 1")
    result = subprocess.run(["bash", "-c", "\n".join(script)], cwd=directory, text=True,
                            capture_output=True, check=False, stdin=subprocess.DEVNULL,
                            timeout=SECONDS_PER_COMMAND * len(commands()))
    if result.returncode == 0:
        return None
    reached = int((pathlib.Path(directory) / "reached").read_text())
    return f"{commands()[reached]}\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}"


def main():
    if len(commands()) < 12:
        sys.exit("The tour has lost its commands.")
    with tempfile.TemporaryDirectory() as directory, \
            tempfile.NamedTemporaryFile("w") as log:
        process, source = serve(log)
        try:
            failure = run_tour(source, directory)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
    if failure:
        sys.exit("A command of the tour failed:\n" + failure)


if __name__ == "__main__":
    main()
