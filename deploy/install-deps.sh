#!/usr/bin/env bash
# Installs what the build and the tests need and is not there yet, from Debian's
# own packages. Quiet when nothing is missing; run it as often as you like.
#
#   deploy/install-deps.sh            compilers, libraries, what the tests run
#   deploy/install-deps.sh --lint     also clang, clang-format and clang-tidy 14
#
# Debian 12 and 13. Debian 12's SQLCipher is 3.x and too old: there SQLCipher,
# and nothing else, comes from backports, at the mirror this machine already uses.
set -euo pipefail

die() { printf 'install-deps: %s\n' "$*" >&2; exit 1; }

case "${1-}" in
  "") lint=no ;;
  --lint) lint=yes ;;
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) printf 'install-deps: unknown argument; see --help\n' >&2; exit 2 ;;
esac

[ -r /etc/os-release ] || die "no /etc/os-release: Debian 12 or 13 is needed."
# shellcheck source=/dev/null
. /etc/os-release
suite="${VERSION_CODENAME-}"
case "$suite" in
  bookworm | trixie) ;;
  *) die "this is ${PRETTY_NAME-an unknown system}; Debian 12 (bookworm) or 13 (trixie) is needed." ;;
esac

packages=(
  g++ cmake ninja-build pkg-config git ca-certificates
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  libabsl-dev libsodium-dev libssl-dev libicu-dev libqrencode-dev libboost-dev libcli11-dev libspdlog-dev
  libgtest-dev libgmock-dev libbenchmark-dev
  e2fsprogs help2man util-linux python3 python3-grpcio python3-protobuf nodejs npm
)
# The formatter and the linter are pinned: another version formats differently.
# Debian 13 has no clang 14; there the lint step says so and does not run.
if [ "$lint" = yes ] && [ "$suite" = bookworm ]; then
  packages+=(clang-14 clang-format-14 clang-tidy-14 shellcheck)
fi

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
# A package counts as there when what we use of it is there: a machine may have
# Node.js from elsewhere, whose package brings npm along.
present() {
  case "$1" in
    nodejs) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
    *) installed "$1" ;;
  esac
}

missing=()
for package in "${packages[@]}"; do
  present "$package" || missing+=("$package")
done

new_enough_sqlcipher() {
  installed libsqlcipher-dev &&
    dpkg --compare-versions "$(dpkg-query -W -f '${Version}' libsqlcipher-dev)" ge 4.6
}
sqlcipher=yes
new_enough_sqlcipher && sqlcipher=no
[ ${#missing[@]} -gt 0 ] || [ "$sqlcipher" = yes ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || die "needs root to install: ${missing[*]-} (run it as root, or install sudo)."
  as_root=(sudo)
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 -qq "$@"; }

# The mirror that already serves this suite, from either format of apt's sources.
mirror_of() {
  local files=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list)
  awk -v suite="$1" '$1 == "deb" { for (i = 2; i < NF; i++)
      if ($i ~ /^https?:/ && $(i + 1) == suite) { print $i; exit } }' \
    "${files[@]}" 2>/dev/null | grep . && return
  awk -v suite="$1" '
    /^[[:space:]]*$/ || FNR == 1 { uri = ""; has = 0 }
    /^URIs:/ { uri = $2 }
    /^Suites:/ { for (i = 2; i <= NF; i++) if ($i == suite) has = 1 }
    uri != "" && has { print uri; exit }' /etc/apt/sources.list.d/*.sources 2>/dev/null | grep .
}

printf 'Installing what is missing: %s%s\n' "${missing[*]-}" \
  "$([ "$sqlcipher" = yes ] && printf ' libsqlcipher-dev')"

if [ "$sqlcipher" = yes ] && [ "$suite" = bookworm ]; then
  if ! apt-cache policy 2>/dev/null | grep -q 'a=.*bookworm-backports\|n=bookworm-backports'; then
    mirror="$(mirror_of bookworm)" || die "found no mirror for bookworm in apt's sources."
    printf 'deb %s bookworm-backports main\n' "$mirror" |
      "${as_root[@]}" tee /etc/apt/sources.list.d/bookworm-backports.list >/dev/null
  fi
fi
apt update
[ ${#missing[@]} -eq 0 ] || apt install --no-install-recommends -y "${missing[@]}" >/dev/null
if [ "$sqlcipher" = yes ]; then
  if [ "$suite" = bookworm ]; then
    # By version, not with -t: so no other package can slip in from backports.
    version="$(apt-cache madison libsqlcipher-dev | awk -F ' *[|] *' '/bookworm-backports/ { print $2; exit }')"
    [ -n "$version" ] || die "bookworm-backports at this machine's mirror has no libsqlcipher-dev."
    apt install --no-install-recommends -y "libsqlcipher-dev=$version" "libsqlcipher1=$version" >/dev/null
  else
    apt install --no-install-recommends -y libsqlcipher-dev >/dev/null
  fi
fi
new_enough_sqlcipher || die "SQLCipher 4.6 or newer could not be installed."
