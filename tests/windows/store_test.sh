#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What koshin doctor says of the user's store of certificates, which Edge and Chrome read. koshin-store-tool does to it what
# Windows' certificate propagation and vendors' programs do. The smart card service is the tests' winscard.dll, as in desk_test.sh. usage: store_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: store_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

provision
start_bank
write_settings "$MODULE"
programs=$copies/programs
mkdir -p "$programs"
for name in koshin koshin-worker koshin-desk-check; do cp "$BUILD/bin/$name.exe" "$programs/"; done
cp "$BUILD/bin/koshin-programs.dll" "$BUILD/bin/smart_cards/winscard.dll" "$programs/"
KOSHIN_FAKE_READERS=$(windows_path "$stage/readers")
export KOSHIN_FAKE_READERS WINEDLLOVERRIDES="winscard=n;mscoree,mshtml="
koshin() { "$wine" "$programs/koshin.exe" "$@" --settings "$SETTINGS" 9>&-; }

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
names_the_tool() {
  koshin doctor --language ja >"$stage/said" 2>&1 || true
  grep -q "certmgr.msc" "$stage/said" || { cat "$stage/said"; return 1; }
}
# readers STATE: what the tests' winscard.dll tells of its one reader.
readers() { printf 'service 1\nreader %s 1 Fake Reader 0\n' "$1" >"$stage/readers"; }

readers card
expect "before a renewal the store is not asked" store_says store_nothing_renewed
expect "the certificate is renewed" renew
expect "Windows has not taken it over yet" store_says store_lacks_it
readers empty
expect "without a token it is not said to be missing" store_says store_token_absent
readers card
expect "it comes without its key" run koshin-store-tool keyless
expect "that is told" store_says store_keyless
expect "Windows takes it over" run koshin-store-tool propagate
expect "it is there" store_says store_has_it
expect "an expired one of the same name comes" run koshin-store-tool twin
expect "it is pointed at" store_says store_has_it store_expired_twin
expect "and what helps is said" names_the_tool
run koshin-store-tool remove
[ "$failures" = 0 ]
