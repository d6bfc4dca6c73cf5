#!/usr/bin/env bash
# Shows the whole product on made wages: set-up, build, one round from plan to
# published figures, on this machine only, in fresh directories.
#
#   deploy/quickstart.sh            prints a table and ends
#   deploy/quickstart.sh --serve    leaves the servers up, with a published round and an
#                                   open one, and prints how to go on from there
#
# COMMONWAGE_PEOPLE sets how many made people take part (3000).
set -euo pipefail

serve=no
case "${1-}" in
  "") ;;
  --serve) serve=yes ;;
  -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) printf 'quickstart: unknown argument; see --help\n' >&2; exit 2 ;;
esac
root="$(cd "$(dirname "$0")/.." && pwd)"
bin="$root/build/release/bin"
people="${COMMONWAGE_PEOPLE:-3000}"
survey=couriers
round_name=demo
round="$survey.$round_name"

bold() { if [ -t 1 ]; then printf '\033[1m%s\033[0m\n' "$1"; else printf '%s\n' "$1"; fi; }
step() { printf '\n'; bold "$1"; }
# Runs a command quietly; shows what it said only if it fails.
quietly() {
  "$@" >"$work/said" 2>&1 && return
  cat "$work/said" >&2
  printf 'quickstart: that did not work: %s\n' "$(basename "$1") ${2-}" >&2
  exit 1
}

cd "$root"
deploy/install-deps.sh
if [ -t 1 ]; then bold "Building (a few minutes the first time)"; else echo "Building"; fi
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
cmake --build --preset release --target \
  commonwaged commonwage-admin commonwage-steward commonwage-issuer commonwage quickstart-crowd

work="$(mktemp -d "${TMPDIR:-/tmp}/commonwage-quickstart.XXXXXX")"
chmod 700 "$work"
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM
began=$SECONDS

# Four parties, four directories; the key of the online data is with none of it.
vault=(--vault "$work/steward" --passphrase-file "$work/passphrase")
online=(--data "$work/online" --kek "$work/keys/online")
office=(--data "$work/office" --kek "$work/keys/office")
mkdir -m 700 "$work/keys"
(umask 077 && head -c 24 /dev/urandom | base64 >"$work/passphrase")

# Starts a server, waits until it listens, and puts its address into $address.
start() {
  local log="$work/$1.log"
  shift
  : >"$log"  # Read below before the server may have begun.
  "$@" >>"$log" 2>>"$log.err" &
  pids+=($!)
  for _ in $(seq 100); do
    address="$(sed -n 's/^Listening on \(.*\)\.$/\1/p' "$log")"
    [ -n "$address" ] && return
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log" "$log.err" >&2
  printf 'quickstart: a server did not start.\n' >&2
  exit 1
}

step "1  The steward plans a round, with the keys of operator and union office"
quietly "$bin/commonwage-steward" init "${vault[@]}"
"$bin/commonwage-steward" plan new --template couriers --survey "$survey" --round "$round_name" \
  >"$work/plan.json"
"$bin/commonwage-steward" plan check "$work/plan.json"
quietly "$bin/commonwage-issuer" init "${office[@]}"
quietly "$bin/commonwage-issuer" key create "${office[@]}" --round "$round" --out "$work/office.key"
quietly "$bin/commonwage-admin" init "${online[@]}"
quietly "$bin/commonwage-admin" receipt-key "${online[@]}" --out "$work/operator.key"
now="$(date +%s)"
at() { date -u -d "@$((now + $1))" +%Y-%m-%dT%H:%M:%SZ; }
quietly "$bin/commonwage-steward" round create "${vault[@]}" --plan "$work/plan.json" \
  --opens-at "$(at 3)" --closes-at "$(at 7200)" --operator-key "$work/operator.key" \
  --admission credential --issuer-key "$work/office.key" --out "$work/$round.manifest"

step "2  The operator takes the signed rules over and starts the server"
quietly "$bin/commonwage-admin" round import "${online[@]}" "$work/$round.manifest"
start server "$bin/commonwaged" "${online[@]}" --listen 127.0.0.1:0
server="$address"
echo "  commonwaged listens on $server"

step "3  The union office gives its members codes, and signs what it cannot see"
# Three more than take part: their codes are for whoever goes on from here.
{ echo member; seq -f 'member-%05g' "$((people + 4))"; } >"$work/members.csv"
quietly "$bin/commonwage-issuer" members import "${office[@]}" "$work/members.csv"
quietly "$bin/commonwage-issuer" members export-codes "${office[@]}" --out "$work/codes.csv"
start office "$bin/commonwage-issuer" serve "${office[@]}" --listen 127.0.0.1:0
issuer="$address"

step "4  $people made people enrol, and each submits a sealed and signed answer"
while [ "$(date +%s)" -lt $((now + 3)) ]; do sleep 0.1; done
# The first code of the list is kept for the member who is followed below, and
# the last three for whoever goes on.
sed 2d "$work/codes.csv" | head -n -3 >"$work/crowd.csv"
"$root/build/release/tests/quickstart-crowd" --server "$server" --round "$round" \
  --issuer "$issuer" --codes "$work/crowd.csv" --people "$people" --seed 7

step "5  One member more closely: join, enrol, submit, amend, withdraw"
code="$(sed -n 2p "$work/codes.csv" | tr -d '\r' | sed 's/.*,//')"
printf '%s\n' "a member's own passphrase" >"$work/member.passphrase"
chmod 600 "$work/member.passphrase"
# What the steward prints on every letter: the addresses and the survey's key.
"$bin/commonwage-steward" invitation "${vault[@]}" --survey "$survey" --server "$server" --office "$issuer" \
  >"$work/invitation" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
me=(--round "$round" --wallet "$work/member.wallet" --passphrase-file "$work/member.passphrase")
answers() {
  # The first value of every list, and a pay near the middle of the grid.
  python3 - "$work/plan.json" "$1" <<'PYTHON'
import json, sys
plan = json.load(open(sys.argv[1], encoding="utf-8"))
for dimension in plan["dimensions"]:
    print("--answer"), print(f"{dimension['id']}={dimension['values'][0]}")
for measure in plan["measures"]:
    edges, digits = measure["inner_edges"], measure["minor_unit_exponent"]
    minor = edges[len(edges) // 2] + int(sys.argv[2])
    print("--answer")
    print(f"{measure['id']}={minor // 10**digits}" + (f".{minor % 10**digits:0{digits}d}" if digits else ""))
PYTHON
}
mapfile -t first < <(answers 0)
mapfile -t better < <(answers 25)
printf '%s\n' "$code" >"$work/member.code"
chmod 600 "$work/member.code"
quietly "$bin/commonwage" join --file "$work/invitation" --wallet "$work/member.wallet" \
  --passphrase-file "$work/member.passphrase"
echo "  joined: the wallet knows the survey's key, and goes to no other survey of that name"
quietly "$bin/commonwage" enrol "${me[@]}" --code-file "$work/member.code"
echo "  enrolled: the union office signed a request that it could not see"
quietly "$bin/commonwage" submit "${me[@]}" --now "${first[@]}"
echo "  submitted, and kept the signed receipt"
quietly "$bin/commonwage" amend "${me[@]}" "${better[@]}"
echo "  amended: the new answer replaces the old one"
other=(--wallet "$work/second.wallet" --passphrase-file "$work/member.passphrase")
quietly "$bin/commonwage" join --file "$work/invitation" "${other[@]}"
if "$bin/commonwage" enrol "${other[@]}" --round "$round" --code-file "$work/member.code" >/dev/null 2>"$work/said"; then
  echo "quickstart: the same code was accepted twice." >&2
  exit 1
fi
echo "  a second voice with the same code is refused:"
sed 's/^[a-z-]*: /    /' "$work/said"
quietly "$bin/commonwage" withdraw "${me[@]}"
echo "  withdrawn: the answer is deleted"

step "6  The round closes; the steward opens, counts, adds noise, and signs"
quietly "$bin/commonwage-admin" round close "${online[@]}" --round "$round" --early
quietly "$bin/commonwage-issuer" key destroy "${office[@]}" --round "$round" --yes
quietly "$bin/commonwage-admin" inbox export "${online[@]}" --round "$round" --out "$work/$round.inbox"
# What the operator reads to the steward by telephone.
words="$(sed -n 's/^In words: //p' "$work/said")"
"$bin/commonwage-steward" publish "${vault[@]}" --yes --expect "$words" --inbox "$work/$round.inbox" --out "$work/$round.release" \
  --progress | sed 's/^/  /'
quietly "$bin/commonwage-admin" release import "${online[@]}" "$work/$round.release"

step "7  What a negotiator would ask"
# The first table of the plan that has groups, and a slice of its finest one: some of its cells
# are far too small to be shown.
mapfile -t tables < <(python3 - "$work/plan.json" <<'PYTHON'
import json, sys
plan = json.load(open(sys.argv[1], encoding="utf-8"))
finest = max(plan["marginals"], key=lambda marginal: len(marginal["by"]))["by"]
values = {d["id"]: d["values"] for d in plan["dimensions"]}
print(",".join(next(m["by"] for m in plan["marginals"] if m["by"])))
print(",".join(finest))
print(f"{finest[0]}={','.join(values[finest[0]][::len(values[finest[0]]) - 1])}")
PYTHON
)
dimension="${tables[0]}"
for _ in $(seq 50); do
  "$bin/commonwage" stats --server "$server" --round "$round" --by "$dimension" >"$work/table" 2>"$work/said" && break
  sleep 0.1
done
[ -s "$work/table" ] || { cat "$work/said" >&2; exit 1; }
sed '/^Cite a row/,$d; /^├/,$d' "$work/table"
"$bin/commonwage" stats --server "$server" --round "$round" --by "${tables[1]}" --where "${tables[2]}"
fingerprint="$("$bin/commonwage-steward" key show "${vault[@]}" --survey "$survey" | sed -n 's/^Survey key: //p')"
printf '\nDone in %s s after the build.\n' "$((SECONDS - began))"

relative="${bin#"$PWD"/}"
if [ "$serve" = no ]; then
  printf '\nThree things to try next:\n'
  printf '  deploy/quickstart.sh --serve                      keep this running, and ask it yourself\n'
  printf '  %s/commonwage-steward plan new --template annual-pay > my-plan.json\n' "$relative"
  printf '  %s/commonwage-steward plan preview my-plan.json   what it would show, and cost\n' "$relative"
  exit 0
fi
step "8  A round that is open, for whoever goes on from here"
open_round="$survey.open"
quietly "$bin/commonwage-issuer" key create "${office[@]}" --round "$open_round" --out "$work/open.key"
quietly "$bin/commonwage-steward" round create "${vault[@]}" --plan <(
  python3 - "$work/plan.json" "${open_round#*.}" <<'PYTHON'
import json, sys
plan = json.load(open(sys.argv[1], encoding="utf-8"))
plan["round"] = sys.argv[2]
print(json.dumps(plan))
PYTHON
) --opens-at "$(at "$(($(date +%s) - now))")" --closes-at "$(at 90000)" \
  --operator-key "$work/operator.key" --admission credential --issuer-key "$work/open.key" \
  --out "$work/$open_round.manifest"
quietly "$bin/commonwage-admin" round import "${online[@]}" "$work/$open_round.manifest"
for _ in $(seq 100); do
  "$bin/commonwage" rounds --server "$server" --round "$open_round" >"$work/said" 2>&1 &&
    grep -q 'open until' "$work/said" && break
  sleep 0.1
done
mapfile -t codes < <(tail -n 3 "$work/codes.csv" | tr -d '\r' | sed 's/.*,//')
printf '%s\n' "${codes[0]}" >"$work/code"
chmod 600 "$work/code"
printf '%s\n' "${first[@]}" | grep -v '^--answer$' >"$work/answers"

# What the README's tour calls each thing.
cat >"$work/tour.sh" <<TEXT
export PATH="$bin:\$PATH"
SERVER="$server"
OFFICE="$issuer"
STEWARD="${vault[*]}"
OPERATOR="${online[*]}"
UNION="${office[*]}"
WALLET="--wallet my.wallet --passphrase-file $work/member.passphrase"
CODE="$work/code"
ANSWERS="$work/answers"
SURVEY_KEY="$fingerprint"
TEXT

cat <<TEXT

The servers stay up until you press Ctrl-C.
  server         $server
  union office   $issuer   (its page for members: http://$issuer/enrol)
  published      $round
  open           $open_round
  codes not used yet: ${codes[*]}
  the steward's vault    $work/steward
  the operator's data    $work/online, its key $work/keys/online
  the office's data      $work/office, its key $work/keys/office

In another shell, this line makes every command of the README's tour work as it stands there:
  source $work/tour.sh

Or, each whole:
  $relative/commonwage stats --server $server --round $round --by $dimension --histogram
  $relative/commonwage download --server $server --round $round --out couriers-release
  $relative/commonwage verify couriers-release --survey-key "$fingerprint"
  $relative/commonwage join --file $work/invitation --wallet my.wallet --passphrase-file $work/member.passphrase
  $relative/commonwage enrol --round $open_round --wallet my.wallet --passphrase-file $work/member.passphrase --code-file $work/code
  $relative/commonwage submit --round $open_round --wallet my.wallet --passphrase-file $work/member.passphrase --now
  $relative/commonwage-admin round close ${online[*]} --round $open_round --early
  $relative/commonwage-admin inbox export ${online[*]} --round $open_round --out open.inbox
  $relative/commonwage-steward publish ${vault[*]} --inbox open.inbox --out open.release
  $relative/commonwage-admin release import ${online[*]} open.release
TEXT
wait "${pids[0]}"
