#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a command with wine ready, in a prefix of the Windows build's own. One wineserver serves all of it; it is started and ended here.
# usage: run.sh BUILD COMMAND [ARGUMENT]...     such as run.sh build/windows ctest --test-dir build/windows -R windows.renewal
set -euo pipefail
build=$(readlink -f "${1:?usage: run.sh BUILD COMMAND [ARGUMENT]...}")
shift
[ $# -gt 0 ] || { echo "usage: run.sh BUILD COMMAND [ARGUMENT]..." >&2; exit 2; }
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/wine.sh
. "$here/wine.sh"
trap 'end_wine' EXIT
start_wine "$build/wine"
status=0
"$@" || status=$?
exit "$status"
