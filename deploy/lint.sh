#!/usr/bin/env bash
# Formatters and linters over the tree; changes nothing.
#
#   deploy/lint.sh              all files
#   deploy/lint.sh --quick      all files, but without clang-tidy, which is slow;
#                               what is not installed is skipped aloud
#   deploy/lint.sh FILE...      clang-format and clang-tidy over these
#
# The versions are 14, Debian 12's: others format differently.
set -euo pipefail

quick=no
case "${1-}" in
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
  --quick) quick=yes; shift ;;
esac
cd "$(dirname "$0")/.."

[ "$quick" = yes ] || deploy/install-deps.sh --lint
# Whether a tool is there; without it the long form fails.
there() {
  command -v "$1" >/dev/null && return
  [ "$quick" = yes ] || { printf 'lint.sh: no %s; run this on Debian 12.\n' "$1" >&2; exit 1; }
  printf 'SKIPPED: %s is not installed (deploy/install-deps.sh --lint).\n' "$1"
  return 1
}

if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(git ls-files '*.h' '*.cc')
  mapfile -t scripts < <(git ls-files '*.sh' '*.bash' .ci/run)
  if there shellcheck; then
    shellcheck "${scripts[@]}"
  fi
  if there npx; then
    buf=(npx --yes @bufbuild/buf)
    if "${buf[@]}" --version >/dev/null 2>&1; then
      "${buf[@]}" lint
      "${buf[@]}" format --diff --exit-code
    elif [ "$quick" = yes ]; then
      printf 'SKIPPED: npm gives no @bufbuild/buf here.\n'
    else
      printf 'lint.sh: npm gives no @bufbuild/buf.\n' >&2
      exit 1
    fi
  fi
fi
if there clang-format-14; then
  printf '%s\n' "${files[@]}" |
    xargs --max-procs="$(nproc)" --max-args=50 clang-format-14 --dry-run --Werror
fi
[ "$quick" = no ] || exit 0

there clang-tidy-14
# Without precompiled headers, so that it also sees what a file forgot to include.
cmake --preset clang >/dev/null
cmake --build --preset clang --target commonwage_proto_messages commonwage_proto_services \
  commonwage_proto_standard commonwage_wallet_records >/dev/null
sources=()
for file in "${files[@]}"; do
  [[ "$file" == *.cc ]] && sources+=("$file")
done
[ ${#sources[@]} -eq 0 ] ||
  printf '%s\n' "${sources[@]}" |
  xargs --max-procs="$(nproc)" --max-args=1 clang-tidy-14 -p build/clang --quiet
