#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the Windows build's tests under wine, in a prefix of the build's own, and says how many there were. One wineserver serves
# them all; it is started and ended here. usage: run.sh BUILD LINUX-BUILD [CTEST OPTION]...
# LINUX-BUILD: its tests are counted beside those of Windows, where it has any.
set -euo pipefail
build=$(readlink -f "${1:?usage: run.sh BUILD LINUX-BUILD [CTEST OPTION]...}")
linux=${2:?usage: run.sh BUILD LINUX-BUILD [CTEST OPTION]...}
shift 2
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/wine.sh
. "$here/wine.sh"
start_wine "$build/wine"
trap 'end_wine' EXIT
status=0
rm -f "$build/Testing/Temporary/LastTest.log"
ctest --test-dir "$build" --output-on-failure --parallel "$(nproc)" "$@" || status=$?
bash "$here/tally.sh" "$build" "$linux" >&2 || status=1
exit "$status"
