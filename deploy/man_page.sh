#!/usr/bin/env bash
# Writes a program's manual page from what its --help and --version say.
#
#   deploy/man_page.sh PROGRAM SECTION FILE
#
# With Debian's help2man; every subcommand's own help becomes a part of the page.
set -euo pipefail

[ "${1-}" != --help ] || { sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0; }
[ $# -eq 3 ] || { printf 'man_page.sh: PROGRAM SECTION FILE are needed; see --help\n' >&2; exit 2; }
program="$1" section="$2" file="$3"
name="$(basename "$program")"
commands="$(mktemp)"
trap 'rm -f "$commands"' EXIT

# Text as it stands, for roff.
verbatim() { sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"; }

subcommands() { # HELP: the names under "Subcommands:"
  awk '/^Subcommands:/ { inside = 1; next } /^[^ ]/ { inside = 0 }
    inside && /^  [^ ]/ { print $1 }' <<<"$1"
}

# Prints a part for each subcommand of the words given, and for those below it.
describe() {
  local help word
  help="$("$program" "$@" --help)"
  if [ $# -gt 0 ]; then
    printf '.SS "%s"\n.nf\n' "$name $*"
    verbatim <<<"$help"
    printf '.fi\n'
  fi
  for word in $(subcommands "$help"); do
    describe "$@" "$word"
  done
}

{
  # The first words of the help are the page's description.
  printf '[name]\n%s \\- %s\n' "$name" \
    "$("$program" --help | head -n 1 | sed -e 's/\.$//' | verbatim)"
  printf '[commands]\n'
  describe
} >"$commands"
help2man --section="$section" --no-info --include="$commands" --output="$file" "$program"
