#!/usr/bin/env bash
# The long runs, each of which has a short form among the tests. Prints what it
# measures; ends with the first that fails. An hour or two on two cores.
#
#   deploy/soak.sh              all of them
#   deploy/soak.sh NAME...      some: kills coverage wages bench sanitizers
set -euo pipefail

case "${1-}" in
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
cd "$(dirname "$0")/.."
runs=("$@")
[ ${#runs[@]} -gt 0 ] || runs=(kills coverage wages bench sanitizers)
tests=build/release/tests

deploy/install-deps.sh
cmake --preset release
cmake --build --preset release

for run in "${runs[@]}"; do
  printf '\n== %s (%s s)\n' "$run" "$SECONDS"
  case "$run" in
    kills) COMMONWAGE_KILLS=200 "$tests/integration.kill_test" ;;
    coverage) "$tests/coverage_study" ;;
    wages)
      "$tests/open_wages"
      "$tests/open_wages_accuracy"
      ;;
    bench)
      "$tests/service_bench"
      "$tests/publish_bench"
      "$tests/noise_bench"
      ;;
    sanitizers)
      deploy/sanitize.sh asan
      deploy/sanitize.sh tsan
      ;;
    *) printf 'soak.sh: unknown run; see --help\n' >&2; exit 2 ;;
  esac
done
printf '\nAll done (%s s).\n' "$SECONDS"
