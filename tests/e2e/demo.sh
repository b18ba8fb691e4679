#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./dev demo: a token with a certificate that expires in 12 days, renewed at a stand-in bank. usage: demo.sh BUILD
set -euo pipefail
export BUILD=${1:?usage: demo.sh BUILD}
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/e2e/demo_common.sh
. "$here/demo_common.sh"

state() { curl --silent --show-error --max-time 10 "$BANK_CONTROL/state"; }

provision 12
start_bank
write_settings

heading "$(in_words "1. The token of a corporate user. Its certificate expires in 12 days." \
  "1. 法人利用者のトークンです。電子証明書の有効期限まで 12 日です。")"
command_line "koshin inspect"
koshin inspect

heading "$(in_words "2. One command renews it. (This is a software token; its PIN is $PIN.)" \
  "2. コマンド 1 つで更新します。(ソフトウェアトークンです。PIN は $PIN です)")"
command_line "koshin renew"
koshin renew --progress --pin-stdin <<<"$PIN"

heading "$(in_words "3. The token now: the new certificate, and the old one untouched." \
  "3. 更新後のトークンです。新しい電子証明書が加わり、古い電子証明書もそのまま残っています。")"
command_line "koshin inspect"
koshin inspect

heading "$(in_words "4. What the bank has seen." "4. 銀行側の記録です。")"
state | python3 -c '
import json, sys
state = json.load(sys.stdin)
issued = {c["serial"]: c for c in state["certificates"]}
newest = state["certificates"][-1]
for login in state["logins"]:
    which = "the new certificate" if login["serial"] == newest["serial"] else "an old certificate"
    print("  Logged in: {} with {} (serial number {})".format(login["cn"], which, login["serial"]))
sys.exit(0 if any(login["serial"] == newest["serial"] for login in state["logins"]) else 1)
' || { echo "The new certificate has not logged in." >&2; exit 1; }
