#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Compiles the message file of the Event Log, and the names that Windows shows in each user's language, into a library that holds
# nothing else.
# usage: packaging/windows/event-messages.sh KOSHIN-EVENTS.MC KOSHIN-NAMES.RC OUT.DLL VERSION
set -euo pipefail
source=$(readlink -f "${1:?usage: event-messages.sh MC RC DLL VERSION}")
names=$(readlink -f "${2:?}")
mkdir -p "$(dirname "${3:?}")"
out=$(readlink -f "$(dirname "$3")")/$(basename "$3")
version=${4:?}
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Without a byte order mark, which windmc takes for a syntax error.
iconv -f UTF-8 -t UTF-16LE "$source" >events.mc
x86_64-w64-mingw32-windmc -u -U -h . -r . events.mc
x86_64-w64-mingw32-windres events.rc events.o
x86_64-w64-mingw32-windres --codepage 65001 "$names" names.o
bash "$here/version-resource.sh" koshin-events.dll "Sentences of koshin's events" "$version" version.o
x86_64-w64-mingw32-ld -shared --entry 0 -o "$out" events.o names.o version.o --no-insert-timestamp --dynamicbase --nxcompat --high-entropy-va \
  --image-base 0x180000000
