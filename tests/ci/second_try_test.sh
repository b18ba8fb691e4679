#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The second try of ./dev test, and a run that finds no test, with a ctest of the test's own: only what was seen to pass is taken for passed.
# usage: second_try_test.sh
set -euo pipefail
# shellcheck source=tests/ci/said.sh
. "$(dirname "$(readlink -f "$0")")/said.sh"
# The door's functions without its last line, which runs a command, in a tree that has nothing to set up or build.
mkdir "$folder/tests"
cp "$tree/tests/run_until.py" "$folder/tests/"
sed '$d' "$tree/dev" >"$folder/dev"
cat >>"$folder/dev" <<'DEV'
setup() { :; }
setup_preset() { :; }
build() { :; }
is_root() { :; }
run_tests "$@"
DEV

# tests "NAME COMMAND"...: what ctest is to find. $tries is a file of each test's own, which COMMAND may count its tries by.
tests() {
  local line name command
  rm -rf "$folder/build"
  mkdir -p "$folder/build/release"
  for line in "$@"; do
    read -r name command <<<"$line"
    printf 'add_test(%s sh -c "%s")\n' "$name" "${command//TRIES/$folder/build/$name}"
  done >"$folder/build/release/CTestTestfile.cmake"
}
# run [OPTION]...: sets status; what is said is in said.
run() {
  status=0
  bash "$folder/dev" "$@" >"$folder/said" 2>&1 || status=$?
}
passes() { [ "$status" = 0 ] || wrong "ended with $status: $1"; }
fails() { [ "$status" != 0 ] || wrong "passes: $1"; }

once='test -e TRIES || { touch TRIES; exit 1; }'
tests "good true" "once $once"
run --second-try
passes "one passes the second time"
says '^second try: passed only then: once$'
run --second-try --within 600
passes "that it does within a time too"
run
passes "it goes on doing so"
tests "bad false"
run --second-try
fails "one fails both times"

tests "slow test -e TRIES && sleep 60; touch TRIES; exit 1"
sed -i 's/^again_takes=.*/again_takes=5/' "$folder/dev"
run --second-try --within 13
fails "the second try of one was cut off"
says '^== second try|second try, one at a time: slow'
says_not 'passed only then'
sed -i 's/^again_takes=.*/again_takes=60/' "$folder/dev"
tests "once $once"
run --second-try --within 50
fails "there is no time for a second try"
says 'no second try, for lack of time'

# One that is skipped the second time was not seen to pass.
tests "once test -e TRIES && exit 77; touch TRIES; exit 1"
echo 'set_tests_properties(once PROPERTIES SKIP_RETURN_CODE 77)' >>"$folder/build/release/CTestTestfile.cmake"
run --second-try
fails "the second try was skipped"
says 'second try: not seen to pass: once'

tests "good true"
run release -- -R other
fails "no test has this name"
run --within 600 release -- -R other
fails "none has it within a time either"
run --within 2
[ "$status" = 75 ] || wrong "ended with $status where there is no time"
[ "$failures" = 0 ] && echo "only what was seen to pass the second time is taken for passed"
