# SPDX-License-Identifier: MIT
# bash completion for koshin-module-check(1)
_koshin_module_check() {
  local cur prev
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD - 1]}
  case $prev in
    --language) mapfile -t COMPREPLY < <(compgen -W "@KOSHIN_LANGUAGES@" -- "$cur"); return ;;
    --profile) mapfile -t COMPREPLY < <(compgen -W "generic piv" -- "$cur"); return ;;
    --key) mapfile -t COMPREPLY < <(compgen -W "same rsa-2048 rsa-3072 rsa-4096 ec-p256 ec-p384 ec-p521 renew" -- "$cur"); return ;;
    --pin-file | --so-pin-file | --pinentry-program | --json) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --token | --token-uri | --yes-use-token) return ;;
  esac
  if [[ $cur != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    return
  fi
  mapfile -t COMPREPLY < <(compgen -W "--token-uri --token --yes-use-token --profile --key --wrong-pin --pin-stdin --pin-file
    --so-pin-stdin --so-pin-file --pinentry --pinentry-program --json --with-serial --language --help --version" -- "$cur")
}
complete -F _koshin_module_check koshin-module-check
