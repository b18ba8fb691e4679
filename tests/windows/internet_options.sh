# SPDX-License-Identifier: MIT
# What Internet Options writes into the registry, for the user of the wine prefix, where WinHTTP reads it. (Windows also writes
# ProxyServer and AutoConfigURL beside it, for programs of old; wine's WinHTTP does not read those.) Sourced after stage.sh; ctest
# runs one test at a time that does so (RESOURCE_LOCK internet_options).
# shellcheck shell=bash

internet_connections='HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections'

# set_internet_options [--proxies LIST] [--exceptions LIST] [--script ADDRESS]: without any, servers are reached directly.
set_internet_options() {
  local bytes
  bytes=$(python3 - "$@" <<'PYTHON'
import struct, sys
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
texts = [given.get(name, "").encode("ascii") for name in ("--proxies", "--exceptions", "--script")]
flags = 1 | (2 if texts[0] else 0) | (4 if texts[2] else 0)
blob = struct.pack("<III", 0x46, 1, flags) + b"".join(struct.pack("<I", len(text)) + text for text in texts) + bytes(32)
print(blob.hex())
PYTHON
  )
  "$wine" reg add "$internet_connections" /v DefaultConnectionSettings /t REG_BINARY /d "$bytes" /f </dev/null >/dev/null 2>&1 9>&-
}
forget_internet_options() {
  "$wine" reg delete "$internet_connections" /v DefaultConnectionSettings /f </dev/null >/dev/null 2>&1 9>&- || true
}
