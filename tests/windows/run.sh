#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the Windows build's tests under wine, in a prefix of the build's own. usage: run.sh BUILD [CTEST OPTION]...
# One wineserver serves them all; it is started and ended here.
set -euo pipefail
build=$(readlink -f "${1:?usage: run.sh BUILD [CTEST OPTION]...}")
shift
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/wine.sh
. "$here/wine.sh"
start_wine "$build/wine"
trap 'end_wine' EXIT
status=0
ctest --test-dir "$build" --output-on-failure --parallel "$(nproc)" "$@" || status=$?
exit "$status"
