#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The job object of koshin-worker.exe: what a module starts ends with the worker, and the worker with koshin, in whatever way either
# ends. Limits of memory and processes are tests/foundation's: wine keeps none. usage: worker_job_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: worker_job_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

koshin_pid=""
job_cleanup() {
  [ -z "$koshin_pid" ] || kill -9 "$koshin_pid" 2>/dev/null || true
  stage_cleanup
}
trap job_cleanup EXIT

provision
start_bank
# Programs with names of their own, by which their processes are known among those of other tests.
tag=${copies##*/}
programs=$copies/programs
mkdir "$programs"
for name in koshin koshin-worker; do cp "$BUILD/bin/$name.exe" "$programs/"; done
cp "$BUILD/bin/koshin-programs.dll" "$programs/"
bred=bred-${copies##*.}.exe
cp "$BUILD/bin/foundation_probe.exe" "$copies/$bred"
KOSHIN_BRED=$(backslash_path "$copies/$bred")
export KOSHIN_BRED
write_settings "$(windows_path "$BUILD/bin/koshin-breeding-module.dll")"

workers() { processes_of "$tag\\programs\\koshin-worker.exe"; }
runs() { [ -n "$(processes_of "$1")" ]; }
bred_runs() { runs "$bred"; }
bred_is_gone() { ! bred_runs; }
worker_runs() { [ -n "$(workers)" ]; }
worker_is_gone() { ! worker_runs; }
# begin: koshin is in the module, which hangs.
begin() {
  "$wine" "$(backslash_path "$programs/koshin.exe")" inspect --settings "$SETTINGS" >"$stage/said" 2>&1 </dev/null 9>&- &
  koshin_pid=$!
}
has_ended() { ! kill -0 "$koshin_pid" 2>/dev/null; }
ended_with() {
  local code=0
  comes has_ended || { echo "koshin does not end"; return 1; }
  wait "$koshin_pid" || code=$?
  koshin_pid=""
  [ "$code" = "$1" ] || { echo "ended with $code"; cat "$stage/said"; return 1; }
}

begin
expect "a module has started a program" comes bred_runs
expect "and the worker is in it" comes worker_runs
kill -9 "$(workers | head -n 1)"
worker_failed=10
expect "when the worker is ended, koshin says so" ended_with "$worker_failed"
expect "in words" said "koshin-worker ended"
expect "and the module's program is ended too" comes bred_is_gone

begin
expect "again a module has started a program" comes bred_runs
expect "and the worker is in it again" comes worker_runs
kill -9 "$koshin_pid"
wait "$koshin_pid" 2>/dev/null || true
koshin_pid=""
expect "when koshin is ended, so is the worker" comes worker_is_gone
expect "with the module's program" comes bred_is_gone

export KOSHIN_BRED_GOES_ON=1
begin
expect "a module that fails after it has started a program is told" comes has_ended
expect "in words" said "module_not_loadable: .*C_GetFunctionList .*CKR_GENERAL_ERROR"
wait "$koshin_pid" 2>/dev/null || true
koshin_pid=""
expect "and that program is ended with the worker" comes bred_is_gone
[ "$failures" = 0 ]
