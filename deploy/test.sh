#!/usr/bin/env bash
# Set-up, build, every test; ends with ctest's own summary.
#
#   deploy/test.sh            all tests, in their short forms
#
# The long forms live in deploy/soak.sh.
set -euo pipefail

case "${1-}" in
  "") ;;
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) printf 'test.sh: unknown argument; see --help\n' >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

step "Installing what is missing"
deploy/install-deps.sh
step "Looking it over"
deploy/lint.sh --quick
step "Building"
cmake --preset release
cmake --build --preset release
step "Under sanitizers, in short"
deploy/sanitize.sh asan-core 'survey\.(hostile_bytes|inbox_file|frame)_test'
deploy/sanitize.sh tsan 'storage\.inbox_test'
step "Testing"
shared="${COMMONWAGE_SHARED:-../shared}"
for part in vectors data/open_wages.csv examples/plan.json; do
  [ -e "$shared/$part" ] || printf \
    'SKIPPED: what reads %s: it is not in %s (set COMMONWAGE_SHARED).\n' "$part" "$shared"
done
ctest --preset release --parallel "$(nproc)"
