#!/usr/bin/env bash
# Builds and runs the tests under sanitizers.
#
#   deploy/sanitize.sh asan         everything, AddressSanitizer and UBSan
#   deploy/sanitize.sh asan-core    the same without what links gRPC: quicker
#   deploy/sanitize.sh tsan         ThreadSanitizer, without what links gRPC
set -euo pipefail

case "${1-}" in
  asan | asan-core | tsan) preset="$1" ;;
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) printf 'sanitize.sh: which preset? See --help\n' >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."

deploy/install-deps.sh
cmake --preset "$preset"
cmake --build --preset "$preset"
# ThreadSanitizer maps its shadow at fixed places, which newer kernels'
# randomisation of addresses can hit; without it the same programs run.
run=()
[ "$preset" = tsan ] && run=(setarch "$(uname -m)" --addr-no-randomize)
"${run[@]}" ctest --preset "$preset" --parallel "$(nproc)" --label-exclude "no-sanitizer"
