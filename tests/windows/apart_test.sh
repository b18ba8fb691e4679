#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# apart.sh: output and exit code are passed on, and what a command leaves running holds nobody up. usage: apart_test.sh
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
folder=$(mktemp -d)
trap '[ ! -s "$folder/left" ] || kill "$(cat "$folder/left")" 2>/dev/null || true; rm -rf "$folder"' EXIT

fail() { echo "apart_test.sh: $*" >&2; exit 1; }
# says COMMAND...: sets said and status. As ctest does, the substitution reads to the end of the pipe.
says() {
  status=0
  said=$("$@" 2>&1) || status=$?
}

# shellcheck disable=SC2016  # the inner shell's
says bash "$here/apart.sh" sh -c 'echo first; sleep 60 & echo $! >"$0"; echo last >&2; exit 7' "$folder/left"
kill -0 "$(cat "$folder/left")" || fail "it was waited for a process that was left running"
[ "$status" = 7 ] || fail "exit code $status, not 7"
[ "$said" = "first"$'\n'"last" ] || fail "it said: $said"
says bash "$here/apart.sh" cat
[ "$status$said" = 0 ] || fail "standard input is open, or there is output of nothing: $status $said"
says bash "$here/apart.sh" sh -c 'kill -KILL $$'
[ "$status" = 137 ] || fail "a command that was killed gave $status"
says bash "$here/apart.sh" seq 100000
[ "$(wc -l <<<"$said")" = 100000 ] || fail "output was lost"
echo "apart.sh passes on output and exit code, and waits for nothing else"
