#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The folders of the tests under wine, without wine: where they are made, and what is removed of a run that was killed.
# usage: test_folder_test.sh
set -euo pipefail
# shellcheck source=tests/ci/said.sh
. "$(dirname "$(readlink -f "$0")")/said.sh"
expect() {
  local words=$1
  shift
  if "$@"; then echo "ok: $words"; else echo "FAILED: $words"; failures=$((failures + 1)); fi
}
# shellcheck source=tests/windows/wine.sh
. "$tree/tests/windows/wine.sh"

mkdir -p "$folder/build/wine/dosdevices" "$folder/build/wine-screen" "$folder/build/temporary" "$folder/memory"
export WINEPREFIX=$folder/build/wine
# shellcheck disable=SC2034  # wine.sh's
memory_wanted=1
make_test_folder "$folder/memory"
in_memory=$KOSHIN_TEST_MEMORY
expect "where there is memory enough they are in it" [ "$(dirname "$in_memory")" = "$folder/memory" ]
# shellcheck disable=SC2034
memory_wanted=1000000000000
make_test_folder "$folder/memory"
on_disk=$KOSHIN_TEST_MEMORY
expect "where there is not, beside the prefix" [ "$(dirname "$on_disk")" = "$folder/build/temporary" ]
memory_wanted=1
make_test_folder "$folder/nowhere"
expect "so where there is none at all" [ "$(dirname "$KOSHIN_TEST_MEMORY")" = "$folder/build/temporary" ]

mkdir "$folder/build/temporary/copies.Ab12Cd" "$folder/memory/koshin-windows-others"
ln -sfn "$in_memory" "$WINEPREFIX/dosdevices/m:"
remove_left_behind "$WINEPREFIX"
expect "what a killed run has left in memory is removed" [ ! -e "$in_memory" ]
expect "and on the disk" [ -z "$(ls "$folder/build/temporary")" ]
expect "not what is another's" [ -d "$folder/memory/koshin-windows-others" ]
ln -sfn "$folder/memory" "$WINEPREFIX/dosdevices/m:"
remove_left_behind "$WINEPREFIX"
expect "nor what no run has made" [ -d "$folder/memory" ]

# shellcheck disable=SC2016  # the inner shell's
printf '#!/bin/sh\necho "$1 $WINEPREFIX" >>"%s/ended"\n' "$folder" >"$folder/wineserver"
chmod +x "$folder/wineserver"
# shellcheck disable=SC2034
wineserver=$folder/wineserver
make_test_folder "$folder/memory"
end_wine
expect "both prefixes are ended" [ "$(paste -sd' ' "$folder/ended")" = "-k $WINEPREFIX -k $WINEPREFIX-screen" ]
expect "and the folder is gone" [ ! -e "$KOSHIN_TEST_MEMORY" ]
[ "$failures" = 0 ]
