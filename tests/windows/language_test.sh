#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The language by Windows' list of display languages, where no variable names a locale: as a person has it who has set nothing of
# koshin's. wine takes the list from this system's locale, which a program of Windows does not see once a script has removed the
# variables. usage: language_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: language_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

{
  printf '@echo off\r\n'
  for name in LC_ALL LC_MESSAGES LC_CTYPE LANG LANGUAGE; do printf 'set %s=\r\n' "$name"; done
  printf '%%*\r\n'
} >"$stage/plain.cmd"

# says LOCALE PATTERN PROGRAM [ARGUMENT]...: on a Windows whose person has chosen that locale's language.
says() {
  local locale=$1 pattern=$2 program=$3
  shift 3
  env -u LANG -u LC_MESSAGES -u LC_CTYPE -u LANGUAGE LC_ALL="$locale" "$wine" cmd /c "$(backslash_path "$stage/plain.cmd")" \
    "$(backslash_path "$BUILD/bin/$program.exe")" "$@" >"$stage/said" 2>&1 9>&- || true
  said "$pattern"
}
says_in() { says "$1" "$2" koshin status; }
both() { says ja_JP.UTF-8 "$2" "$1" --help && says en_US.UTF-8 "$3" "$1" --help; }

expect "Japanese where Windows is shown in Japanese" says_in ja_JP.UTF-8 "まだ記録はありません"
expect "English where Windows is shown in English" says_in en_US.UTF-8 "Nothing is known yet"
expect "English where Windows is shown in a language that koshin does not speak" says_in de_DE.UTF-8 "Nothing is known yet"
expect "a language on the command line counts more" says ja_JP.UTF-8 "Nothing is known yet" koshin status --language en
expect "a wrong command line is refused in Japanese too" says ja_JP.UTF-8 "コマンド" koshin nonsense
expect "koshin-module-check follows it" both koshin-module-check "終了コード" "Exit status"
[ "$failures" = 0 ]
