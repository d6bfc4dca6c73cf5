#!/usr/bin/env bash
# The long runs, each of which has a short form among the tests. Prints what it
# measures; ends with the first that fails. Three hours or four on two cores.
#
#   deploy/soak.sh              all of them
#   deploy/soak.sh NAME...      some: quickstart kills fuzz coverage wages bench mutants lint sanitizers
#
# COMMONWAGE_FUZZ_SECONDS sets how long each parser is fuzzed (300).
set -euo pipefail

case "${1-}" in
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
cd "$(dirname "$0")/.."
all=(quickstart kills fuzz coverage wages bench mutants lint sanitizers)
runs=("$@")
[ ${#runs[@]} -gt 0 ] || runs=("${all[@]}")
for run in "${runs[@]}"; do
  case " ${all[*]} " in
    *" $run "*) ;;
    *) printf 'soak.sh: unknown run; see --help\n' >&2; exit 2 ;;
  esac
done
tests=build/release/tests
seconds="${COMMONWAGE_FUZZ_SECONDS:-300}"
work="$(mktemp -d)"
serving=
stop() {
  if [ -n "$serving" ]; then
    kill "$serving" 2>/dev/null || true
    wait "$serving" || true
  fi
  rm -rf "$work"
}
trap stop EXIT

deploy/install-deps.sh
cmake --preset release
cmake --build --preset release

# Once, again, and beside one that serves.
run_quickstart() {
  deploy/quickstart.sh
  deploy/quickstart.sh
  deploy/quickstart.sh --serve >"$work/serving" 2>&1 &
  serving=$!
  until grep -q '^The servers stay up' "$work/serving"; do
    kill -0 "$serving" || { cat "$work/serving" >&2; return 1; }
    sleep 1
  done
  deploy/quickstart.sh
  kill "$serving"
  wait "$serving" || true
  serving=
}

# The parsers of what comes from outside, with clang's libFuzzer where it is;
# and everywhere by random changes of good bytes.
run_fuzz() {
  COMMONWAGE_FUZZ_SECONDS="$seconds" "$tests/survey.hostile_bytes_test"
  local compiler fuzzer
  compiler="$(command -v clang++-14 || command -v clang++ || true)"
  if [ -z "$compiler" ]; then
    printf 'SKIPPED: libFuzzer: there is no clang++ here (deploy/install-deps.sh --lint).\n'
    return
  fi
  cmake --preset fuzz -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_C_COMPILER="${compiler/clang++/clang}"
  cmake --build --preset fuzz
  for fuzzer in build/fuzz/fuzz/*_fuzzer; do
    printf '\n%s\n' "$(basename "$fuzzer")"
    mkdir -p "$work/corpus/$(basename "$fuzzer")"
    # What makes one fail stays in build/fuzz.
    "$fuzzer" -max_total_time="$seconds" -max_len=8192 -print_final_stats=1 \
      -verbosity=0 -artifact_prefix="build/fuzz/$(basename "$fuzzer")-" \
      "$work/corpus/$(basename "$fuzzer")" tests/golden
  done
}

for run in "${runs[@]}"; do
  printf '\n== %s (%s s)\n' "$run" "$SECONDS"
  case "$run" in
    quickstart) run_quickstart ;;
    kills) COMMONWAGE_KILLS=200 "$tests/integration.kill_test" ;;
    fuzz) run_fuzz ;;
    coverage)
      "$tests/coverage_study"
      "$tests/position_study"
      ;;
    wages)
      "$tests/open_wages"
      "$tests/open_wages_accuracy"
      "$tests/modelled_accuracy"
      ;;
    bench)
      "$tests/service_bench"
      "$tests/publish_bench"
      "$tests/noise_bench"
      ;;
    mutants) tests/mutation/run.py ;;
    lint)
      # Debian 12 alone has the versions that it asks for.
      if [ -n "$(apt-cache show clang-tidy-14 2>/dev/null)" ]; then
        deploy/lint.sh
      else
        printf 'SKIPPED: lint: no clang-tidy 14 in this Debian.\n'
      fi
      ;;
    sanitizers)
      deploy/sanitize.sh asan
      deploy/sanitize.sh tsan
      ;;
  esac
done
printf '\nAll done (%s s).\n' "$SECONDS"
