#!/usr/bin/env bash
# Builds and runs the tests under sanitizers.
#
#   deploy/sanitize.sh asan [TESTS]       AddressSanitizer and UBSan
#   deploy/sanitize.sh asan-core [TESTS]  the same without what links gRPC
#   deploy/sanitize.sh tsan [TESTS]       ThreadSanitizer, without what links gRPC
#
# TESTS is a regular expression over the names of tests; only these are built.
set -euo pipefail

case "${1-}" in
  asan | asan-core | tsan) preset="$1" ;;
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) printf 'sanitize.sh: which preset? See --help\n' >&2; exit 2 ;;
esac
wanted="${2-.}"
cd "$(dirname "$0")/.."

deploy/install-deps.sh
cmake --preset "$preset" >/dev/null
if [ "$wanted" = . ]; then
  cmake --build --preset "$preset"
else
  # A test's target has the test's name.
  mapfile -t targets < <(ctest --preset "$preset" --show-only --tests-regex "$wanted" |
    sed -n 's/^ *Test *#[0-9]*: //p')
  [ ${#targets[@]} -gt 0 ] || { printf 'sanitize.sh: no test of that name.\n' >&2; exit 1; }
  cmake --build --preset "$preset" --target "${targets[@]}"
fi
# ThreadSanitizer maps its shadow at fixed places, which newer kernels'
# randomisation of addresses can hit; without it the same programs run.
run=()
[ "$preset" = tsan ] && run=(setarch "$(uname -m)" --addr-no-randomize)
"${run[@]}" ctest --preset "$preset" --parallel "$(nproc)" \
  --tests-regex "$wanted"
