#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# koshin.exe at a proxy that wants to know who is there, by Negotiate or NTLM. wine proves nobody's identity (its NTLM needs
# Samba's ntlm_auth), so what is seen is what is said of it. usage: proxy_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: proxy_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

provision
start_bank
mkfifo "$stage/proxy-alive" "$stage/proxy-ready"
python3 "$here/asking_proxy.py" "$stage/proxy.log" <"$stage/proxy-alive" >"$stage/proxy-ready" &
exec 8>"$stage/proxy-alive"
read -r port <"$stage/proxy-ready"
write_settings "$MODULE" "proxy.url = 'http://127.0.0.1:$port'"

proxy_authentication_failed=74
is_told() {
  local status=0
  koshin renew --dry-run --pin-stdin <<<"$PIN" >"$stage/said" 2>&1 8>&- || status=$?
  cat "$stage/proxy.log"
  [ "$status" = "$proxy_authentication_failed" ] && grep -q "offers Negotiate, NTLM" "$stage/said" || { cat "$stage/said"; return 1; }
}
expect "the refusal is told, with what the proxy takes" is_told
expect "the proxy was asked for the bank and nothing else" grep -qE "^(localhost|127\.0\.0\.1):[0-9]+ " "$stage/proxy.log"
exec 8>&-
[ "$failures" = 0 ]
