#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/run_until.py with a ctest of the test's own: what the moment cuts off fails nothing and is named, what has failed by itself fails.
# usage: run_until_test.sh
set -euo pipefail
# shellcheck source=tests/ci/said.sh
. "$(dirname "$(readlink -f "$0")")/said.sh"

# tests "NAME TIMEOUT COMMAND"...: what ctest is to find; it runs them one after the other, in this order.
tests() {
  local line name limit command cost=1000
  rm -rf "$folder/build"
  mkdir "$folder/build"
  for line in "$@"; do
    read -r name limit command <<<"$line"
    printf 'add_test(%s sh -c "%s")\nset_tests_properties(%s PROPERTIES TIMEOUT %s COST %s)\n' "$name" "$command" "$name" "$limit" $((cost--))
  done >"$folder/build/CTestTestfile.cmake"
}
# until_in SECONDS [OPTION]...: sets status; what is said is in said.
until_in() {
  local seconds=$1
  shift
  status=0
  python3 "$tree/tests/run_until.py" $(($(cut -d. -f1 /proc/uptime) + seconds)) ctest --test-dir "$folder/build" "$@" >"$folder/said" 2>&1 || status=$?
}
ends() { [ "$status" = "$1" ] || wrong "ended with $status, and not with $1: $2"; }
failed() { cut -d: -f2 "$folder/build/Testing/Temporary/LastTestsFailed.log" 2>/dev/null | paste -sd' '; }

tests "good 50 true" "long 300 sleep 100" "late 50 true"
until_in 12
ends 0 "nothing has failed"
says_line "SKIPPED for lack of time: not begun: 1 of 3 tests: late"
says_line "SKIPPED for lack of time: not finished: long"
[ -z "$(failed)" ] || wrong "failed: $(failed)"

tests "bad 50 false" "hung 2 sleep 100" "long 300 sleep 100"
until_in 12
ends 8 "two have failed by themselves"
says_line "SKIPPED for lack of time: not finished: long"
[ "$(failed)" = "bad hung" ] || wrong "failed: $(failed)"

tests "good 50 true" "bad 50 false"
until_in 60
ends 8 "one has failed"
until_in 60 -R good
ends 0 "options are ctest's"
says_not SKIPPED
until_in 2
ends 75 "there is no time"
says_line "SKIPPED for lack of time: all of these tests"

# What ctest reports of a failure in more words than one.
aborted='kill -ABRT \$\$'
tests "aborted 50 $aborted" "long 300 sleep 100"
until_in 8
ends 8 "one was aborted"
says "Subprocess aborted[*][*][*]Exception"
[ "$(failed)" = aborted ] || wrong "failed: $(failed)"
tests "unlike 50 true" "long 300 sleep 100"
echo 'set_tests_properties(unlike PROPERTIES PASS_REGULAR_EXPRESSION other)' >>"$folder/build/CTestTestfile.cmake"
until_in 8
ends 8 "one has not said what it should"
tests "long 300 sleep 100" "gone 50 true"
echo 'add_test(absent /nowhere/absent)
set_tests_properties(absent PROPERTIES COST 5000)' >>"$folder/build/CTestTestfile.cmake"
until_in 8
ends 8 "one has no program"
tests "off 50 true" "long 300 sleep 100"
echo 'set_tests_properties(off PROPERTIES DISABLED TRUE)' >>"$folder/build/CTestTestfile.cmake"
until_in 8
ends 0 "one that is switched off has not failed"

tests "hangs 900 sleep 100"
export KOSHIN_CUT_AT_MOST=6
until_in 10
unset KOSHIN_CUT_AT_MOST
ends 8 "one has run for longer than any test takes"
says_not SKIPPED
[ "$(failed)" = hangs ] || wrong "failed: $(failed)"

# A second try shows something only of what ends.
again() {
  printf '%s\n' "$@" >"$folder/failed"
  mkdir -p "$folder/build/Testing/Temporary"
  cp "$folder/failed" "$folder/build/Testing/Temporary/LastTestsFailed.log"
  until_in 8 --rerun-failed
}
tests "slow 300 sleep 100"
again 1:slow
[ "$status" != 0 ] || wrong "the second try of what was cut off passes"
tests "first 50 true" "second 300 sleep 100" "third 50 true"
again 1:first 2:second 3:third
[ "$status" != 0 ] || wrong "the second try of what was not begun passes"
tests "first 50 true" "second 50 true"
again 1:first 2:second
ends 0 "both pass the second time"
[ "$failures" = 0 ] && echo "what the moment cuts off is told apart from what has failed"
