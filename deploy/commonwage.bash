# Completion for bash of all of Commonwage's programs: what their own --help
# names. Installed where bash-completion looks for it.

_commonwage() {
  local program="${COMP_WORDS[0]}" current="${COMP_WORDS[COMP_CWORD]}"
  local word help
  local -a subcommands=()
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word != -* ]] || break
    subcommands+=("$word")
  done
  help="$("$program" "${subcommands[@]}" --help 2>/dev/null)" || return 0
  # Of a command that it does not know, a program shows its own help.
  word="${subcommands[*]}"
  [[ $help == *"Usage: ${program##*/}${word:+ $word} "* ]] || return 0
  # After an option that takes a value, files are offered.
  if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == --* ]] &&
    grep -qE -- "^ .*${COMP_WORDS[COMP_CWORD - 1]}(,[^ ]*)? [A-Z]" <<<"$help"; then
    return 0
  fi
  if [[ $current == -* ]]; then
    word="$(grep -E '^ +-' <<<"$help" | grep -oE -- '--[a-z][a-z-]*')"
  else
    word="$(awk '/^Subcommands:/ { inside = 1; next } /^[^ ]/ { inside = 0 }
      inside && /^  [^ ]/ { print $1 }' <<<"$help")"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$word" -- "$current")
}

complete -o default -F _commonwage commonwage commonwaged commonwage-admin \
  commonwage-issuer commonwage-steward
