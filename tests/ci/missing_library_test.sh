#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packaging/windows/build-msi.sh with programs of the test's own: without a library there is no installer. usage: missing_library_test.sh
set -euo pipefail
# shellcheck source=tests/ci/said.sh
. "$(dirname "$(readlink -f "$0")")/said.sh"
mkdir "$folder/programs" "$folder/templates" "$folder/path"
touch "$folder/sources.txt" "$folder/certificate.pem" "$folder/key.pem" "$folder/programs/koshin-setup.dll" "$folder/programs/koshin.exe"
printf '%s\n' koshin-programs.dll koshin-ui.exe koshin.exe >"$folder/programs/delivered.txt"
printf '#!/bin/sh\nwhile [ "$#" -gt 2 ]; do shift; done\n: >"%s/out/stage/${2##*/}"\n' "$folder" >"$folder/path/x86_64-w64-mingw32-strip"
chmod +x "$folder/path/x86_64-w64-mingw32-strip"

# build: what it says is in said. It ends after the programs, at the latest: these templates are none.
build() {
  PATH="$folder/path:$PATH" KOSHIN_VERSION=1.0.0 SOURCE_DATE_EPOCH=1 KOSHIN_SIGNING_CERTIFICATE=$folder/certificate.pem \
    KOSHIN_SIGNING_KEY=$folder/key.pem bash "$tree/packaging/windows/build-msi.sh" "$folder/programs" "$folder/templates" \
    "$folder/sources.txt" "$folder/out" >"$folder/said" 2>&1 && wrong "it was built of nothing" || true
}

build
says 'koshin-programs.dll is missing: no installer works without it'
says_not 'left out'
touch "$folder/programs/koshin-programs.dll"
build
says_not 'is missing: no installer'
says 'left out, since this build has not made it: koshin-ui.exe'
rm "$folder/programs/koshin-setup.dll"
build
says 'koshin-setup.dll is missing: no installer works without it'
[ "$failures" = 0 ] && echo "a program may be left out of an installer, a library not"
