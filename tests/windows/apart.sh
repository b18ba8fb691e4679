#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a command and passes on what it writes and its exit code, but not the pipes: ctest waits until the last process that holds
# a test's output has ended, and wine's console host (conhost) may outlive the program that it was started for.
# usage: apart.sh COMMAND [ARGUMENT]...
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: apart.sh COMMAND [ARGUMENT]..." >&2; exit 2; }
said=$(mktemp "${TMPDIR:-/tmp}/apart.XXXXXX")
trap 'rm -f "$said"' EXIT
"$@" </dev/null >"$said" 2>&1 &
command_pid=$!
# As it comes: of a test that is ended by its time limit is seen how far it was.
tail --silent --lines=+1 --follow --sleep-interval=0.2 --pid="$command_pid" "$said"
status=0
wait "$command_pid" || status=$?
exit "$status"
