#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# koshin-module-check.exe on SoftHSM's DLL, on one that fails on demand, cut off and begun anew. The token has a certificate that is
# another's. usage: module_check_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: module_check_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

# Beside the administrator's settings, and so one for all tests of the prefix.
state=$WINEPREFIX/drive_c/ProgramData/koshin/module-check
check_pid=""
check_cleanup() {
  [ -z "$check_pid" ] || kill -9 "$check_pid" 2>/dev/null || true
  rm -rf "$state"
  stage_cleanup
}
trap check_cleanup EXIT
rm -rf "$state"

provision
start_bank
write_settings "$MODULE"
serial=$(koshin inspect --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["tokens"][0]["serial"])')
uri="pkcs11:serial=$serial"
printf '%s\n' "$PIN" >"$stage/pin"
chmod 600 "$stage/pin"
fault_module=$(windows_path "$BUILD/bin/koshin-fault-module.dll")
export KOSHIN_FAULT_PLAN
KOSHIN_FAULT_PLAN=$(windows_path "$stage/plan")

# check MODULE [ARGUMENT]...: sets `status`; what is said is in said, the report in report.json.
check() {
  local module=$1
  shift
  status=0
  rm -f "$stage/report.json"
  run koshin-module-check "$module" --token-uri "$uri" --yes-use-token "$serial" --pin-file "$(windows_path "$stage/pin")" \
    --json "$(windows_path "$stage/report.json")" "$@" >"$stage/said" 2>&1 || status=$?
}
# outcomes ID=RESULT[:REASON]...: what the report says of these checks.
outcomes() {
  python3 - "$stage/report.json" "$@" <<'PYTHON' || { cat "$stage/said"; return 1; }
import json, sys
checks = {check["id"]: check for check in json.load(open(sys.argv[1], encoding="utf-8"))["checks"]}
for wanted in sys.argv[2:]:
    name, _, result = wanted.partition("=")
    check = checks.get(name, {"result": "not run", "reason": None})
    said = check["result"] + (f":{check['reason']}" if check["reason"] else "")
    if said != result:
        sys.exit(f"{name}: {said}, and not {result}")
PYTHON
}
# Each object of SoftHSM is a file.
objects() { find "$stage/softhsm/tokens" -name '*.object' ! -name token.object -exec sha256sum {} + | sort; }
is_as_before() { [ "$(objects)" = "$before" ] || { diff <(objects) <(echo "$before"); return 1; }; }
nothing_is_kept() { [ -z "$(ls -A "$state")" ] || { ls -lR "$state"; return 1; }; }
tells_nothing() { ! grep -qE "$serial|$PIN|Sakura" "$stage/report.json"; }
ended_with() { [ "$status" = "$1" ] || { echo "ended with $status"; cat "$stage/said"; return 1; }; }
hangs() {
  for _ in $(seq 300); do
    grep -qs "$1" "$stage/calls" && return 0
    sleep 0.2
  done
  cat "$stage/calls"
  return 1
}

before=$(objects)
check "$MODULE" --wrong-pin
expect "everything passes with SoftHSM's DLL" ended_with 0
expect "each check was run" outcomes module=passed inspect=passed before=passed dry_run=passed enroll=passed doctor=passed renew=passed \
  wrong_pin=passed right_pin=passed lost_answer=passed resume=passed prune=passed untouched=passed
expect "what others have put there is as it was" is_as_before
expect "no folder of the check stays" nothing_is_kept
expect "the report names neither token nor PIN" tells_nothing
check "$MODULE" --language ja
expect "Japanese is said" grep -q "すべて合格しました" "$stage/said"

write_plan C_GenerateKeyPair 1 0 1
check "$fault_module"
expect "a module that ends the worker fails with the reason" outcomes enroll=failed:module_crashed renew=skipped untouched=passed
expect "and leaves nothing" is_as_before
check 'p11-kit:softhsm2'
expect "there is no p11-kit here, and that is told" outcomes module=failed:module_not_found
printf '00000000\n' >"$stage/pin"
check "$MODULE"
expect "a wrong PIN in the file costs one try" outcomes inspect=failed:pin_incorrect enroll=skipped
printf '%s\n' "$PIN" >"$stage/pin"
check "$MODULE"
pin_count_low=32
expect "after which the right one is not tried unasked" ended_with "$pin_count_low"
koshin inspect --pin-stdin --insist-count-low <<<"$PIN" >/dev/null

# Everything that the check consists of is ended while the worker is in the middle of a renewal, as when the power goes.
write_plan C_CreateObject 1 0 3
"$wine" "$BUILD/bin/koshin-module-check.exe" "$fault_module" --token-uri "$uri" --yes-use-token "$serial" \
  --pin-file "$(windows_path "$stage/pin")" >"$stage/hanging" 2>&1 9>&- &
check_pid=$!
expect "a check hangs in the module" hangs C_CreateObject
check "$MODULE"
token_busy=26
expect "another one of the token is refused meanwhile" ended_with "$token_busy"
kill -9 "$check_pid"
wait "$check_pid" 2>/dev/null || true
check_pid=""
expect "ended there, it has left a key pair" [ "$(objects | wc -l)" -gt "$(wc -l <<<"$before")" ]
check "$MODULE"
expect "the next check deletes that and passes" outcomes leftovers=passed renew=passed untouched=passed
expect "then all is as it was" is_as_before
expect "and nothing is kept any more" nothing_is_kept
[ "$failures" = 0 ]
