#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# How the programs get to their code, which is in koshin-programs.dll beside them: from where it is loaded and from where not, what is said
# where it cannot be, and that what they have written is not lost at their end. usage: programs_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: programs_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

mapfile -t all < <(sed -n 's/\.exe$//p' "$BUILD/bin/delivered.txt")
[ ${#all[@]} -ge 10 ] || { echo "delivered.txt names only ${#all[@]} programs"; exit 1; }
library=koshin-programs.dll
decoy=$BUILD/bin/decoy/$library
alone=$copies/alone other=$copies/other
mkdir "$alone" "$other" "$copies/damaged" "$copies/deceived" "$copies/whole"
for name in "${all[@]}"; do cp "$BUILD/bin/$name.exe" "$alone/"; done
cp "$decoy" "$other/"
cp "$alone"/*.exe "$copies/damaged/"
echo "no library" >"$copies/damaged/$library"
cp "$alone"/*.exe "$decoy" "$copies/deceived/"
cp "$BUILD/bin/koshin.exe" "$BUILD/bin/$library" "$copies/whole/"

# ends_with CODE FOLDER/PROGRAM [ARGUMENT]...: its words are in $stage/said.
ends_with() {
  local wanted=$1 program=$2 code=0
  shift 2
  "$wine" "$program.exe" "$@" >"$stage/said" 2>&1 9>&- </dev/null || code=$?
  [ "$code" = "$wanted" ] || { echo "ended with $code, and not with $wanted, and said:"; cat "$stage/said"; return 1; }
}
# cannot_start PROGRAM: of those in the folder alone, it says which file is missing, and why in the system's words.
cannot_start() { ends_with 1 "$1" --help && said '^koshin: [A-Z]:\\.*\\koshin-programs\.dll: .{8}'; }
from_folder_of_decoy() { (cd "$other" && "$@"); }
# Wine hands on its own list of folders before this one, which a program sees after it.
with_decoy_in_path() { WINEPATH=$(backslash_path "$other") "$@"; }

for name in "${all[@]}"; do
  case "$name" in
    koshin-module-look) expect "koshin-module-look takes no words" ends_with 2 "$BUILD/bin/$name" --help ;;
    koshin-worker)
      expect "koshin-worker says that it is not for people" ends_with 2 "$BUILD/bin/$name" --help
      expect "and all of it comes through" said "$name takes its job from stdin" ;;
    *)
      expect "$name tells its help" ends_with 0 "$BUILD/bin/$name" --help
      expect "and all of it comes through" said "${name}|-h" ;;
  esac
  expect "$name alone says why it cannot start" cannot_start "$alone/$name"
done
expect "a library in the current folder is not loaded" from_folder_of_decoy cannot_start "$alone/koshin"
expect "nor one of a folder of PATH" with_decoy_in_path cannot_start "$alone/koshin"
expect "which would have been noticed" ends_with 99 "$copies/deceived/koshin" --version
expect "from the current folder the right one is loaded" from_folder_of_decoy ends_with 0 "$copies/whole/koshin" --version
expect "and does its work" said '[0-9]+\.[0-9]+\.[0-9]+'
expect "a damaged library is named" cannot_start "$copies/damaged/koshin"
expect "one without the program's entry is named" cannot_start "$copies/deceived/koshin-hooks"

# What ends the worker is told as what it is, also where the C library ends it and every library of it is told so.
provision
start_bank
write_settings "$(windows_path "$BUILD/bin/koshin-leaving-module.dll")"
expect "a module that calls exit() is told as one that has crashed" ends_with 15 "$BUILD/bin/koshin" inspect --settings "$SETTINGS"
[ "$failures" = 0 ]
