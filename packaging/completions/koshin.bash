# SPDX-License-Identifier: MIT
# bash completion for koshin(1)

# koshin with the settings file that the line names, if it names one.
_koshin_says() {
  local at settings=()
  for ((at = 1; at + 1 < COMP_CWORD; at++)); do
    [ "${COMP_WORDS[at]}" != --settings ] || settings=(--settings "${COMP_WORDS[at + 1]}")
  done
  "${COMP_WORDS[0]}" "${settings[@]}" "$@" --json 2>/dev/null
}

# The tokens that were seen on this computer, by koshin's journal: no token is touched, and no PIN asked for.
_koshin_tokens() {
  _koshin_says status | grep -oE '"serial":"[A-Za-z0-9._-]+"' | sort -u | sed 's/^"serial":"\(.*\)"$/pkcs11:serial=\1/'
}

# The banks of the settings, by their names.
_koshin_banks() {
  _koshin_says config show | grep -oE '"bank":"[A-Za-z0-9._-]+"' | sort -u | sed 's/^"bank":"\(.*\)"$/\1/'
}

# Of `--token URI`, which readline splits at ":" and "=", the whole URI is completed; what readline takes for earlier words is
# left out of the answers. False where the cursor is not in a token's URI.
_koshin_complete_token() {
  local line=${COMP_LINE:0:COMP_POINT} uri earlier
  uri=${line##*[[:space:]]}
  [[ ${line%"$uri"} =~ [[:space:]]--token[[:space:]]+$ ]] || return 1
  earlier=${uri%"${uri##*[:=]}"}
  mapfile -t COMPREPLY < <(compgen -W "$(_koshin_tokens)" -- "$uri")
  COMPREPLY=("${COMPREPLY[@]#"$earlier"}")
}

_koshin() {
  local cur prev word command="" config="" pin=""
  local commands="inspect status renew enroll prune cancel history doctor pin config browser support-bundle"
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD - 1]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      help) [ -n "$command" ] || { command=help; break; } ;;
      inspect | status | renew | enroll | prune | cancel | history | doctor | support-bundle) command=$word; break ;;
      config | browser) command=$word ;;
      add | remove) [ "$command" = browser ] && config=$word ;;
      pin) command=pin ;;
      check | show) [ "$command" = config ] && config=$word ;;
      change | set | unlock) [ "$command" = pin ] && pin=$word ;;
    esac
  done
  _koshin_complete_token && return
  case $prev in
    --color) mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$cur"); return ;;
    --language) mapfile -t COMPREPLY < <(compgen -W "@KOSHIN_LANGUAGES@" -- "$cur"); return ;;
    --settings | --pinentry-program | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --module) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --bank) mapfile -t COMPREPLY < <(compgen -W "$(_koshin_banks)" -- "$cur"); return ;;
    --token | --certificate | --user | --wait-limit | --limit) return ;;
  esac
  local everywhere="--settings --json --quiet --progress --color --language --help --version"
  local token="--token --module"
  local secrets="--pin-stdin --so-pin-stdin --pinentry --pinentry-program --insist-count-low --insist-final-try"
  local words
  case $command in
    inspect) words="$token $secrets" ;;
    renew) words="$token --bank --certificate --all --dry-run --force --if-due $secrets --passphrase-stdin --wait --wait-limit" ;;
    enroll) words="$token --bank --code-stdin --user --dry-run --force $secrets --wait --wait-limit" ;;
    prune) words="$token --bank --certificate --yes --also-not-renewed --also-encryption $secrets" ;;
    cancel) words="$token --bank --certificate --keep-key --yes $secrets" ;;
    history) words="--limit" ;;
    doctor) words="$token --bank $secrets --passphrase-stdin --send-test-mail" ;;
    status) words="" ;;
    pin) case $pin in
      "") words="change set unlock" ;;
      change) words="$token --bank --pin-stdin --insist-count-low --new-pin-stdin --pinentry --pinentry-program --insist-final-try" ;;
      *) words="$token --bank --so-pin-stdin --puk-stdin --new-pin-stdin --pinentry --pinentry-program --insist-final-try" ;;
    esac ;;
    browser) if [ -z "$config" ]; then words="add remove"; else words=""; fi ;;
    support-bundle) words="--output --yes" ;;
    config) if [ -z "$config" ]; then words="check show"; else words=""; fi ;;
    help) words=$commands ;;
    *) words="$commands help" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words $everywhere" -- "$cur")
}
complete -F _koshin koshin
