# SPDX-License-Identifier: Apache-2.0
"""The reasons of base/reasons.h, and docs/ERRORS.md, which is made of them.

Run as: python3 tests/architecture/reasons.py, to write the tables anew.
"""

import pathlib
import re
import typing

# Each list, in the order of the document.
LISTS = ("servers", "clients", "programs")
DOCUMENT = "docs/ERRORS.md"
SEPARATOR = re.compile(r'"\s*"')
ENTRY = re.compile(
    r'COMMONWAGE_REASON\(\s*(k\w+),\s*"(\w+)",\s*k(\w+),\s*((?:"[^"]*"\s*)+)\)')
TABLE = "<!-- made of base/reasons_of_{}.inc -->\n"
TABLE_END = "<!-- end -->\n"


class Reason(typing.NamedTuple):
    enumerator: str
    name: str
    code: str  # Such as "FAILED_PRECONDITION".
    sentence: str


def read_list(root, name):
    """The reasons of one list, in its order."""
    text = pathlib.Path(root, f"base/reasons_of_{name}.inc").read_text(encoding="utf-8")
    found = [Reason(enumerator, reason,
                    re.sub(r"(?<!^)(?=[A-Z])", "_", code).upper(),
                    SEPARATOR.sub("", sentence.strip())[1:-1])
             for enumerator, reason, code, sentence in ENTRY.findall(text)]
    if len(found) != text.count("\nCOMMONWAGE_REASON("):
        raise ValueError(f"reasons_of_{name}.inc has lines of another form")
    return found


def read_all(root):
    """Every reason, by its name."""
    return {reason.name: reason for name in LISTS for reason in read_list(root, name)}


def table_of(reasons):
    """One list as the document shows it."""
    rows = [f"| `{r.name}` | {r.code} | {r.sentence} |\n" for r in reasons]
    return "| reason | code | what it means, and what to do |\n|---|---|---|\n" + "".join(rows)


def document_of(root):
    """docs/ERRORS.md as it should be: its own words, and the tables of today."""
    text = pathlib.Path(root, DOCUMENT).read_text(encoding="utf-8")
    for name in LISTS:
        head, start, rest = text.partition(TABLE.format(name))
        _, end, tail = rest.partition(TABLE_END)
        if not start or not end:
            raise ValueError(f"{DOCUMENT} has no place for the list of {name}")
        text = head + start + table_of(read_list(root, name)) + end + tail
    return text


if __name__ == "__main__":
    ROOT = pathlib.Path(__file__).resolve().parents[2]
    (ROOT / DOCUMENT).write_text(document_of(ROOT), encoding="utf-8")
