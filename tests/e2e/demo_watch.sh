#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./dev demo --watch: a card is put into a reader of the real pcscd; the agent notices, decides, and, since its settings name
# a file with the PIN, renews. usage: demo_watch.sh BUILD
set -euo pipefail
export BUILD=${1:?usage: demo_watch.sh BUILD}
here=$(dirname "$(readlink -f "$0")")
if [ "$(id -u)" != 0 ]; then
  echo "SKIPPED: pcscd starts only as root; run sudo ./dev demo --watch" >&2
  exit 77
fi
# shellcheck source=tests/e2e/demo_common.sh
. "$here/demo_common.sh"

agent_pid="" pcscd_pid="" card_pid="" reader_log_pid=""
watch_cleanup() {
  local pid
  for pid in "$agent_pid" "$card_pid" "$reader_log_pid" "$pcscd_pid"; do
    [ -z "$pid" ] || { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; }
  done
  demo_cleanup
}
trap watch_cleanup EXIT

# pcscd of our own, started by the first who connects, as systemd does it; its two virtual readers listen on these ports.
in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# In a network with nothing but a loopback interface: vpcd listens on every address. Where there can be none, in the machine's.
alone() {
  unshare --net true 2>/dev/null || exec "$@"
  exec unshare --net python3 -c '
import fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}
start_pcscd() {
  local port=$((10000 + $$ % 5000 * 2))
  while in_use "$port" || in_use $((port + 1)); do port=$((port + 2)); done
  mkdir -p "$demo/readers"
  printf 'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x%X\nLIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x%X\n' \
    "$port" "$port" >"$demo/readers/vpcd"
  export PCSCLITE_CSOCK_NAME=$demo/pcscd.comm
  alone systemd-socket-activate --listen="$PCSCLITE_CSOCK_NAME" /usr/sbin/pcscd --foreground --config "$demo/readers" \
    >"$demo/pcscd.log" 2>&1 9>&- &
  pcscd_pid=$!
  card_port=$port
  until [ -S "$PCSCLITE_CSOCK_NAME" ]; do sleep 0.05; done
}

start_agent() {
  : >"$demo/agent.log"
  "$BUILD/bin/koshin-agent" --settings "$SETTINGS" >>"$demo/agent.log" 2>&1 9>&- &
  agent_pid=$!
  # The fields after the message are for programs; a help desk reads the message. What the workers log of their own is left
  # out, as `journalctl --user -t koshin-agent` would.
  (tail --pid=$$ --follow --lines=+1 "$demo/agent.log" 2>/dev/null |
    sed --unbuffered -nE '/koshin-worker/d; s/ KOSHIN_[A-Z_0-9]+=.*//; s/\[[0-9]+\] [a-z]+:/:/; s/^/  /p') 9>&- &
  reader_log_pid=$!
}

start_card() {
  local network=/proc/$pcscd_pid/ns/net
  [ "$(readlink "$network")" != "$(readlink /proc/$$/ns/net)" ] || network=
  mkfifo "$demo/card"
  "$BUILD/bin/koshin-virtual-card" "$card_port" "$network" <"$demo/card" >/dev/null 9>&- &
  card_pid=$!
  exec 8>"$demo/card"
}

# wait_for_log TEXT [TIMES]: until the agent has said it.
wait_for_log() {
  local tries=0
  until [ "$(grep -cF "$1" "$demo/agent.log" || true)" -ge "${2:-1}" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || { echo "the agent did not say: $1" >&2; exit 1; }
    sleep 0.1
  done
  sleep 0.2 # for the line to be shown
}

provision 12
start_bank
(umask 077 && printf '%s\n' "$PIN" >"$demo/pin")
write_settings "token.uri = \"pkcs11:?pin-source=file:$demo/pin\"" 'unattended.enabled = true' 'unattended.spread = "PT1S"' \
  "metrics.textfile = \"$demo/koshin.prom\""

heading "1. The agent starts. It waits for the reader service to tell it something, and for nothing else."
start_pcscd
start_agent
wait_for_log "Watching"

heading "2. The card goes in. Its certificate expires in 12 days, and the settings name a file with the PIN: the agent renews."
start_card
echo plug >&8
wait_for_log "Renewed:"
wait_for_log "renewal is not due yet"

heading "3. What the administrator sees."
command_line "koshin status"
koshin status
command_line "grep not_after koshin.prom"
grep '^koshin_certificate_not_after' "$demo/koshin.prom"
[ -z "${KOSHIN_DEMO_METRICS:-}" ] || cp "$demo/koshin.prom" "$KOSHIN_DEMO_METRICS"

heading "4. The card comes out."
echo pull >&8
wait_for_log "was removed."
printf '\n  idle: %s\n' "$(awk '/^Threads/{t=$2} /^VmRSS/{r=$2} END{print t " thread, resident " r " KiB"}' "/proc/$agent_pid/status")"
