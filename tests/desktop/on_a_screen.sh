#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a Windows test program in a session of wine that has a desktop with a notification area, on a screen that nobody sees.
# usage: on_a_screen.sh BUILD PROGRAM
set -euo pipefail
build=${1:?usage: on_a_screen.sh BUILD PROGRAM}
program=${2:?usage: on_a_screen.sh BUILD PROGRAM}
command -v Xvfb >/dev/null || { echo "skipped: Xvfb is not installed"; exit 77; }
: "${KOSHIN_TEST_MEMORY:?tests/windows/wine.sh makes it}"
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/wine.sh
. "$here/../windows/wine.sh"
# A prefix of its own: that of the other tests has no screen.
export WINEPREFIX=$build/wine-screen WINESERVER=$wineserver WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
said=$(mktemp -d)
screen=""
cleanup() {
  "$wineserver" -k </dev/null >/dev/null 2>&1 || true
  [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
  rm -rf "$said"
}
trap cleanup EXIT
mkfifo "$said/number"
Xvfb -displayfd 3 -screen 0 1024x768x24 3>"$said/number" >/dev/null 2>&1 &
screen=$!
IFS= read -r number <"$said/number"
export DISPLAY=:$number
mkdir -p "$WINEPREFIX"
[ -f "$WINEPREFIX/system.reg" ] || "$wine" wineboot -i </dev/null >/dev/null 2>&1
give_drives "$WINEPREFIX" "$build"
# explorer's exit code is not the program's.
timeout 120 "$wine" explorer /desktop=koshin,800x600 "Z:${program//\//\\}" --gtest_brief=1 </dev/null >"$said/output" 2>&1 || true
cat "$said/output"
grep -q '\[  PASSED  \]' "$said/output" && ! grep -q '\[  FAILED  \]' "$said/output"
