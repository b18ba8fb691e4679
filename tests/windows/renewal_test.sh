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
[ "$failures" = 0 ]
