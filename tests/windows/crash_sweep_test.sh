#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A renewal by koshin.exe whose worker is ended in, or after, each call of the token in turn, and then run again: it must end
# with one new certificate that has logged in, and with one new key pair. usage: crash_sweep_test.sh BUILD [SHARE SHARES]
# With these, of each SHARES calls the one whose number is SHARE (1 to SHARES).
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: crash_sweep_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"
share=${2:-1} shares=${3:-1}

provision
start_bank
fault_module=$(windows_path "$BUILD/bin/koshin-fault-module.dll")
write_settings "$fault_module" "log.level = 'error'"
export KOSHIN_FAULT_PLAN
KOSHIN_FAULT_PLAN=$(windows_path "$stage/plan")
cp -a "$stage/softhsm" "$stage/softhsm.new"

# koshin.exe waits ten seconds for a vendor's program that puts the certificate into the user's store: here is one.
mkfifo "$stage/vendor"
run koshin-store-tool vendor <"$stage/vendor" &
vendor_pid=$!
exec 8>"$stage/vendor"
trap 'exec 8>&-; wait "$vendor_pid" || true; stage_cleanup' EXIT

# begin_anew: the token as it was, and a user without a journal. The bank goes on counting.
begin_anew() {
  rm -rf "$stage/softhsm" "$stage/home/XDG_STATE_HOME/koshin"
  cp -a "$stage/softhsm.new" "$stage/softhsm"
}
renew() { koshin renew --pin-stdin <<<"$PIN" >"$stage/said" 2>&1 8>&-; }
# A worker that was ended after its last step had finished leaves nothing to do.
not_due=60
finish() {
  local status=0
  renew || status=$?
  [ "$status" = 0 ] || [ "$status" = "$not_due" ]
}
# Each object of SoftHSM is a file; the token itself is one.
objects() { find "$stage/softhsm/tokens" -name '*.object' ! -name token.object | wc -l; }

write_plan "" 0 0 0
begin_anew
renew || { cat "$stage/said"; exit 1; }
calls=$(grep -c '^call ' "$stage/calls")
whole=$(objects)
points=0 losses=0
for ((at = share; at <= calls; at += shares)); do
  for after in 0 1; do
    begin_anew
    before=$(certified)
    write_plan "" "$at" "$after" 1
    renew && status=0 || status=$?
    struck=$(grep -c '^struck ' "$stage/calls" || true)
    # A call that has no "after" in this run (the renewal had ended by then) is no place.
    [ "$struck" != 0 ] || continue
    points=$((points + 1))
    write_plan "" 0 0 0
    if ! finish || ! newest_logged_in || [ "$(objects)" != "$whole" ] || [ "$(($(certified) - before))" != 1 ]; then
      losses=$((losses + 1))
      echo "LOST at call $at (after=$after): the interrupted run ended with $status, objects $(objects) of $whole, certificates $(($(certified) - before))"
      cat "$stage/said"
    fi
  done
done
echo "swept $points points (a renewal under wine, $calls calls): $losses losses"
[ "$losses" = 0 ] && [ "$points" -gt 0 ]
