#!/usr/bin/env bash
# Formatter and linter, version 14, over the tree; changes nothing.
#
#   deploy/lint.sh              all files
#   deploy/lint.sh FILE...      these
set -euo pipefail

case "${1-}" in
  -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
cd "$(dirname "$0")/.."

deploy/install-deps.sh --lint
if ! command -v clang-tidy-14 >/dev/null; then
  printf 'lint.sh: clang-tidy 14 is not in this Debian; run this on Debian 12.\n' >&2
  exit 1
fi
if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files < <(git ls-files '*.h' '*.cc')
fi
clang-format-14 --dry-run --Werror "${files[@]}"
shellcheck deploy/*.sh .ci/run
cmake --preset clang >/dev/null
cmake --build --preset clang --target commonwage_proto_messages commonwage_proto_services \
  commonwage_wallet_records >/dev/null
sources=()
for file in "${files[@]}"; do
  [[ "$file" == *.cc ]] && sources+=("$file")
done
[ ${#sources[@]} -eq 0 ] ||
  printf '%s\n' "${sources[@]}" |
  xargs --max-procs="$(nproc)" --max-args=1 clang-tidy-14 -p build/clang --quiet
