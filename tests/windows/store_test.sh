#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What koshin doctor says of the user's store of certificates, which Edge and Chrome read. koshin-store-tool does to it what
# Windows' certificate propagation and vendors' programs do. usage: store_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: store_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

provision
start_bank
write_settings "$MODULE"

# store_says ID...: the doctor's findings about the store, in their order, are these.
store_says() {
  local status=0
  koshin doctor --json >"$stage/said" 2>"$stage/errors" || status=$?
  python3 - "$stage/said" "$*" <<'PYTHON' || { cat "$stage/errors"; echo "the doctor ended with $status"; return 1; }
import json, sys
found = [check for check in json.load(open(sys.argv[1]))["checks"] if check["id"] == "certificate_store"]
said = " ".join(check["finding"] for check in found)
if said != sys.argv[2]:
    sys.exit(f"the doctor says: {said}: {[check['text'] for check in found]}")
PYTHON
}
renew() { koshin renew --pin-stdin <<<"$PIN" >"$stage/said" 2>&1 || { cat "$stage/said"; return 1; }; }
names_the_tool() { koshin doctor --language ja 2>&1 | grep -q "certmgr.msc"; }

expect "before a renewal the store is not asked" store_says store_nothing_renewed
expect "the certificate is renewed" renew
expect "Windows has not taken it over yet" store_says store_lacks_it
expect "Windows takes it over" run koshin-store-tool propagate
expect "it is there" store_says store_has_it
expect "an expired one of the same name comes" run koshin-store-tool twin
expect "it is pointed at" store_says store_has_it store_expired_twin
expect "and what helps is said" names_the_tool
run koshin-store-tool remove
[ "$failures" = 0 ]
