# SPDX-License-Identifier: MIT
# bash completion for koshin(1)
_koshin() {
  local cur prev word command="" config="" pin=""
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD - 1]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      inspect | status | renew | enroll | prune | cancel | history | doctor) command=$word; break ;;
      config) command=config ;;
      pin) command=pin ;;
      check | show) [ "$command" = config ] && config=$word ;;
      change | set | unlock) [ "$command" = pin ] && pin=$word ;;
    esac
  done
  case $prev in
    --language) mapfile -t COMPREPLY < <(compgen -W "@KOSHIN_LANGUAGES@" -- "$cur"); return ;;
    --settings | --pinentry-program) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --module) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --token | --bank | --certificate | --user | --wait-limit | --limit) return ;;
  esac
  local everywhere="--settings --json --quiet --progress --language --help --version"
  local token="--token --module"
  local secrets="--pin-stdin --so-pin-stdin --pinentry --pinentry-program --insist-count-low --insist-final-try"
  local words
  case $command in
    inspect) words="$token $secrets" ;;
    renew) words="$token --bank --certificate --all --dry-run --force --if-due $secrets --passphrase-stdin --wait --wait-limit" ;;
    enroll) words="$token --bank --code-stdin --user --dry-run --force $secrets --wait --wait-limit" ;;
    prune) words="$token --bank --certificate --yes --also-not-renewed --also-encryption $secrets" ;;
    cancel) words="$token --bank --keep-key --yes $secrets" ;;
    history) words="--limit" ;;
    doctor) words="$token --bank $secrets --passphrase-stdin" ;;
    status) words="" ;;
    pin) case $pin in
      "") words="change set unlock" ;;
      change) words="$token --bank --pin-stdin --insist-count-low --new-pin-stdin --pinentry --pinentry-program --insist-final-try" ;;
      *) words="$token --bank --so-pin-stdin --puk-stdin --new-pin-stdin --pinentry --pinentry-program --insist-final-try" ;;
    esac ;;
    config) if [ -z "$config" ]; then words="check show"; else words=""; fi ;;
    *) words="inspect status renew enroll prune cancel history doctor pin config" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words $everywhere" -- "$cur")
}
complete -F _koshin koshin
