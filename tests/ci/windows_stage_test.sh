#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# .ci/windows with a ./dev and a clock of the test's own: what is begun, what is not, what is said of it, and what fails the run.
# usage: windows_stage_test.sh
set -euo pipefail
# shellcheck source=tests/ci/said.sh
. "$(dirname "$(readlink -f "$0")")/said.sh"
# The tree that it runs in has libraries or has not: one of the test's own.
mkdir -p "$folder/tree/.ci"
cp "$tree/.ci/windows" "$folder/tree/.ci/"

# clock: the seconds in a file, which each call of dev moves forward.
printf '#!/bin/sh\ncat "%s/clock"\n' "$folder" >"$folder/now"
# dev: takes the seconds, says the words and ends with the code that the plan has for the step.
cat >"$folder/dev" <<'DEV'
#!/usr/bin/env bash
folder=$(dirname "$0")
case "$*" in
  "setup windows packages") step=packages ;;
  "setup windows") step=libraries ;;
  "build windows") step=build ;;
  test*windows) step=tests ;;
  "package windows --test") step=installer ;;
  *) step=unknown ;;
esac
echo "$step" >>"$folder/begun"
echo "$*" >>"$folder/calls"
read -r _ took code words < <(grep "^$step " "$folder/plan")
echo $(($(cat "$folder/clock") + took)) >"$folder/clock"
echo "${words// \/ /$'\n'}"  # a slash between words: a new line
[ "$code" != hang ] || exec sleep 60
exit "$code"
DEV
# timeout: the seconds that it was given are noted, and eight of the real ones at most pass.
mkdir "$folder/path"
cat >"$folder/path/timeout" <<'TIMEOUT'
#!/bin/sh
echo "$2" >>"$(dirname "$(dirname "$0")")/limits"
shift 2
exec /usr/bin/timeout 8 "$@"
TIMEOUT
# wine: of its program the exit code is the one in a file.
printf '#!/bin/sh\nexit "$(cat "%s/wine-code")"\n' "$folder" >"$folder/wine"
echo 7 >"$folder/wine-code"
chmod +x "$folder/now" "$folder/dev" "$folder/wine" "$folder/path/timeout"

# stage SECONDS [STEP TOOK CODE [WORDS]]...: sets status; what is not named takes ten seconds and is done. What is said is in said.
stage() {
  local seconds=$1 line
  shift
  : >"$folder/begun" && : >"$folder/calls" && : >"$folder/limits" && echo 1000 >"$folder/clock"
  { for line in "$@"; do echo "$line"; done; printf '%s 10 0\n' packages libraries build tests installer; } >"$folder/all"
  awk '!seen[$1]++' "$folder/all" >"$folder/plan"
  status=0
  PATH="$folder/path:$PATH" KOSHIN_CI_DEV="$folder/dev" KOSHIN_CI_CLOCK="$folder/now" KOSHIN_CI_WINE="$folder/wine" bash "$folder/tree/.ci/windows" "$seconds" >"$folder/said" 2>&1 || status=$?
}
# is WORDS CODE STEPS [PATTERN]...: how the last stage has ended, what it has begun in this order, and what it says.
is() {
  local words=$1 code=$2 steps=$3 pattern begun
  shift 3
  begun=$(paste -sd' ' "$folder/begun")
  [ "$status" = "$code" ] && [ "$begun" = "$steps" ] || { wrong "$words: ended with $status after: $begun"; return; }
  for pattern in "$@"; do
    grep -qE "$pattern" "$folder/said" || { wrong "$words: does not say: $pattern"; return; }
  done
  echo "ok: $words"
}

all="packages libraries build installer tests"
stage 3000
is "with time enough all is run" 0 "$all" '^## tests under wine: 10 s$'
says_not SKIPPED
is "nothing may last longer than what is left, or three times what it may take" 0 "$all"
[ "$(paste -sd' ' "$folder/limits")" = "600 1350 2100 300 20 720 2960" ] || wrong "limits: $(paste -sd' ' "$folder/limits")"
grep -qxE 'test --second-try --within 2900 windows' "$folder/calls" || wrong "the tests' own end: $(grep test "$folder/calls")"

for left in 0 -700 59; do
  stage "$left"
  is "with $left s nothing is begun" 0 "" "^SKIPPED for lack of time: packages for Windows, which may take [0-9]+ s; $left s are left"
done
stage 200
is "libraries that would not be ready are not begun" 0 "packages" '^SKIPPED for lack of time: libraries for Windows.*190 s are left'
mkdir -p "$folder/tree/build/windows-dependencies/0123"
touch "$folder/tree/build/windows-dependencies/0123/complete"
stage 200
is "those that are there are" 0 "packages libraries" '^SKIPPED for lack of time: build for Windows.*180 s are left'
mkdir -p "$folder/tree/build/windows"
touch "$folder/tree/build/windows/build.ninja"
stage 200
is "so is a build, which is brought up to date in less; tests need less time than the installer" 0 "packages libraries build tests" '^SKIPPED for lack of time: installer .*170 s are left'
rm -r "$folder/tree/build"
stage 1500 "libraries 1400 0"
is "where the libraries have taken it all, nothing is built" 0 "packages libraries" '^SKIPPED for lack of time: build'
stage 1500 "build 1370 0"
is "where the build has, tests are not run" 0 "packages libraries build" '^SKIPPED for lack of time: tests' '^SKIPPED for lack of time: installer'
stage 1500 "installer 1400 0"
is "where the installer has, neither" 0 "packages libraries build installer" '^SKIPPED for lack of time: tests'
stage 1500 "tests 0 75"
is "tests that had no time fail nothing" 0 "$all" '^SKIPPED for lack of time: tests under wine$'

stage 1000 "libraries 9 hang"
is "what does not end in what is left is ended, and fails nothing" 0 "packages libraries" '^SKIPPED for lack of time: libraries .* did not end within 990 s'
stage 3000 "libraries 9 hang"
is "what does not end in three times its time hangs" 1 "packages libraries" 'did not end within 1350 s, and hangs' '^FAILED$'
says_not SKIPPED
stage 1500 "installer 9 hang"
is "so does an installer, and the tests are run all the same" 1 "$all" 'did not end within 720 s, and hangs' '^FAILED$'
stage 1500 "tests 9 hang"
is "so does what follows tests that had time" 1 "$all" '^tests under wine did not end' '^FAILED$'
stage 350 "packages 0 0" "libraries 0 0" "build 0 0" "installer 0 0" "tests 0 0"
is "with too little time for the libraries they are not begun" 0 "packages" '^SKIPPED for lack of time: libraries'
stage 3000 "build 9 137"
is "what something else has killed has failed" 1 "packages libraries build" '^build for Windows was killed after 9 s' '^FAILED$'
unfetched="E: Failed to fetch http://deb.example/x.deb Could not resolve 'deb.example'"
stage 3000 "packages 9 1 $unfetched / dev: apt-get failed; build/setup.log has the whole output"
is "packages that are not to be had are named" 0 "packages" '^SKIPPED: the compiler for Windows and wine are not to be had here: dev: apt-get failed'
stage 3000 "libraries 9 1 $unfetched / dependencies.sh: sources failed; sources.log has the whole output"
is "so are source packages" 0 "packages libraries" "^SKIPPED: Debian's source packages are not to be had here: dependencies.sh: sources failed"
mkdir -p "$folder/tree/build"
echo "W: Some index files failed to download." >"$folder/tree/build/setup.log"
echo 1 >"$folder/wine-code"
stage 3000
is "a machine on which wine does not run is named" 0 "packages libraries build" '^SKIPPED: wine does not run on this machine'
echo 7 >"$folder/wine-code"
stage 3000 "packages 9 1 E: Unable to locate package wine64 / dev: apt-get failed; build/setup.log has the whole output"
is "what is in the whole output counts" 0 "packages" '^SKIPPED: the compiler'
echo "Reading package lists" >"$folder/tree/build/setup.log"
stage 3000 "packages 9 1 E: Unable to locate package wime64 / dev: apt-get failed; build/setup.log has the whole output"
is "a package that no archive has fails the run" 1 "packages" '^FAILED$'
rm -r "$folder/tree/build"
stage 3000 "libraries 9 1 dpkg-source: not found / dependencies.sh: sources failed; sources.log has the whole output"
is "so do sources that were not even asked for" 1 "packages libraries" '^FAILED$'

stage 3000 "libraries 9 1 dependencies.sh: openssl failed"
is "libraries that do not compile fail the run" 1 "packages libraries" '^FAILED$'
stage 3000 "build 9 1 error: expected"
is "so does the build" 1 "packages libraries build" '^FAILED$'
stage 3000 "tests 9 8 apt-get failed"
is "so does a test, whatever it says" 1 "$all" '^FAILED$'
stage 3000 "installer 9 1"
is "so does the installer, after the tests" 1 "$all" '^FAILED$'

# Interrupted, it leaves nothing running: neither the step nor what the step has started.
echo 1000 >"$folder/clock"
cat >"$folder/long" <<LONG
#!/bin/sh
echo \$\$ >"$folder/step"
sleep 300 & echo \$! >"$folder/child"
wait
LONG
chmod +x "$folder/long"
for signal in TERM HUP; do
  rm -f "$folder/child"
  KOSHIN_CI_DEV="$folder/long" bash "$folder/tree/.ci/windows" 3000 >"$folder/said" 2>&1 &
  stage_pid=$!
  for _ in $(seq 100); do [ ! -s "$folder/child" ] || break; sleep 0.1; done
  kill -s "$signal" "$stage_pid"
  status=0
  wait "$stage_pid" || status=$?
  [ "$status" = 143 ] || wrong "$signal: ended with $status"
  sleep 0.5
  for left in $(cat "$folder/step" "$folder/child"); do
    if grep -qsE '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$left/status"; then
      wrong "$signal: leaves process $left running"
      kill "$left"
    fi
  done
done
stage soon
is "what is no number of seconds is refused" 2 ""
[ "$failures" = 0 ]
