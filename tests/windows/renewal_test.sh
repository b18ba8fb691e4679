#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# koshin.exe renews a certificate on SoftHSM's token at the stand-in bank. usage: renewal_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: renewal_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

provision
start_bank
write_settings "$MODULE"

# says PATTERN COMMAND...: what the command says has it.
says() {
  local pattern=$1
  shift
  "$@" >"$stage/said" 2>&1 || { cat "$stage/said"; return 1; }
  said "$pattern"
}
new_certificate_logged_in() { [ "$(certified)" = 2 ] && newest_logged_in; }
# After a wrong PIN, koshin wants to be told that the next one is meant.
renew() { koshin renew --progress --pin-stdin --insist-count-low <<<"$PIN"; }
doctor() { koshin doctor --pin-stdin <<<"$PIN"; }
renew_with() { koshin renew --pin-stdin <<<"$1"; }
wrong_pin_is_refused() {
  local status=0
  renew_with 00000000 >"$stage/said" 2>&1 || status=$?
  grep -q "PIN" "$stage/said" && [ "$status" != 0 ]
}
one_line_ends() { koshin inspect --json >"$stage/said" && ! grep -q $'\r' "$stage/said"; }

expect "the token is read" says "Sakura" koshin inspect
expect "lines end as on Linux" one_line_ends
expect "Japanese is said" says "電子証明書" koshin inspect --language ja
expect "a wrong PIN is refused" wrong_pin_is_refused
expect "the certificate is renewed" says "." renew
expect "the new one has logged in" new_certificate_logged_in
expect "the doctor finds nothing" says "." doctor
expect "the history tells" says "completed|renewed|Renewed" koshin history
expect "nothing is due any more" says "." koshin status

# A PIN that is stored in a file.
stored=$stage/pin
store_pin() {
  (umask 077; printf '%s\n' "$1" >"$stored.new")
  mv "$stored.new" "$stored"
}
enter() { koshin renew --force --dry-run --pin-stdin --insist-count-low <<<"$PIN"; }
# with_stored_pin CODE: how a renewal with it ends.
with_stored_pin() {
  local wanted=$1 status=0
  koshin renew --force --token "pkcs11:token=Sakura%20Corp?pin-source=file:///$(windows_path "$stored")" >"$stage/said" 2>&1 || status=$?
  [ "$status" = "$wanted" ] || { echo "ended with $status, and not with $wanted, and said:"; cat "$stage/said"; return 1; }
}
pin_incorrect=41 pin_refused_before=49 pin_source_unsafe=48
store_pin 00000000
chmod 644 "$stored"
expect "a stored PIN that others can read is not used" with_stored_pin "$pin_source_unsafe"
chmod 600 "$stored"
expect "a wrong one costs a try" with_stored_pin "$pin_incorrect"
expect "and is not tried again" with_stored_pin "$pin_refused_before"
expect "somebody enters the right one" says "." enter
expect "the file has still the wrong one" with_stored_pin "$pin_refused_before"
store_pin "$PIN"
expect "what was written anew is used" with_stored_pin 0
expect "and a third certificate was issued" [ "$(certified)" = 3 ]
[ "$failures" = 0 ]
