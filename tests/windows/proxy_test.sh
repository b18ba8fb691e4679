#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# koshin.exe at proxies. At one that wants to know who is there, by Negotiate or NTLM: wine proves nobody's identity (its NTLM needs
# Samba's ntlm_auth), so what is seen is what is said of it. And through squid, which Windows' own settings name, by name and by a
# script (proxy.url = "system"). usage: proxy_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: proxy_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"
# shellcheck source=tests/windows/internet_options.sh
. "$here/internet_options.sh"
squid_pid=""
proxy_cleanup() {
  exec 7>&- 8>&-
  [ -z "$squid_pid" ] || kill "$squid_pid" 2>/dev/null || true
  [ -z "$squid_pid" ] || wait "$squid_pid" || true
  rm -f "/dev/shm/koshin$$-"*.shm
  forget_internet_options
  stage_cleanup
}
trap proxy_cleanup EXIT

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

# squid, which gives up root for a user of its own that writes its log.
if ! [ -x /usr/sbin/squid ]; then
  echo "SKIPPED: squid is not installed"
  [ "$failures" = 0 ]
  exit
fi
mkdir -m 777 "$stage/squid"
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
squid=127.0.0.1:$(free_port)
closed=127.0.0.1:$(free_port)
cat >"$stage/squid/squid.conf" <<CONF
http_port $squid
visible_hostname localhost
pid_filename none
access_log stdio:$stage/squid/access.log
cache_log /dev/stderr
cache_store_log none
cache deny all
coredump_dir none
pinger_enable off
shutdown_lifetime 0 seconds
max_filedescriptors 1024
netdb_filename none
dns_nameservers 127.0.0.1
udp_incoming_address 127.0.0.1
icp_port 0
http_access allow all
CONF
/usr/sbin/squid -N -f "$stage/squid/squid.conf" -n "koshin$$" >"$stage/squid/said" 2>&1 7>&- 8>&- 9>&- &
squid_pid=$!
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/${squid%:*}/${squid#*:}") 2>/dev/null && break
  sleep 0.2
done
mkfifo "$stage/script-alive" "$stage/script-ready"
python3 "$here/script_server.py" "$stage/proxy.pac" "$stage/script.log" <"$stage/script-alive" >"$stage/script-ready" &
exec 7>"$stage/script-alive"
read -r port <"$stage/script-ready"
script=http://127.0.0.1:$port/proxy.pac
write_settings "$MODULE" "proxy.url = 'system'" "authority.attempts = 1"
bank=${BANK_URL#https://}

# renews: a certificate is issued, and the new one logs in; squid's log begins anew.
renews() {
  local before
  before=$(certified)
  : >"$stage/squid/access.log"
  koshin renew --force --pin-stdin <<<"$PIN" >"$stage/said" 2>&1 7>&- || { cat "$stage/said" "$stage/squid/said"; return 1; }
  [ "$(certified)" = $((before + 1)) ] && newest_logged_in
}
# refuses CODE WORDS: nothing is issued, and these words are said.
refuses() {
  local before status=0
  before=$(certified)
  : >"$stage/squid/access.log"
  koshin renew --force --dry-run --pin-stdin <<<"$PIN" >"$stage/said" 2>&1 7>&- || status=$?
  [ "$status" = "$1" ] && grep -q "$2" "$stage/said" && [ "$(certified)" = "$before" ] || { echo "$status"; cat "$stage/said"; return 1; }
}
went_through_squid() { grep -q " CONNECT $bank " "$stage/squid/access.log" || { cat "$stage/squid/access.log"; return 1; }; }
went_directly() { [ ! -s "$stage/squid/access.log" ] || { cat "$stage/squid/access.log"; return 1; }; }
doctor_says() {
  koshin doctor --pin-stdin <<<"$PIN" >"$stage/said" 2>&1 7>&- || true
  local one
  for one in "$@"; do grep -q "$one" "$stage/said" || { cat "$stage/said"; return 1; }; done
}
say_script() { printf 'function FindProxyForURL(url, host) { return "%s"; }\n' "$1" >"$stage/proxy.pac"; }

# This computer is an exception of Windows' own, unless that is said.
set_internet_options --proxies "http=$closed;https=$squid" --exceptions "<-loopback>"
expect "renewed with the proxy that Windows' settings name for https" renews
expect "squid has let it pass" went_through_squid
expect "the doctor names the proxy and who has named it" doctor_says "$squid" WinHTTP
set_internet_options --proxies "$squid" --exceptions "elsewhere.example"
expect "renewed where the bank is an exception" renews
expect "squid was not asked" went_directly
say_script "PROXY $squid"
set_internet_options --script "$script"
expect "renewed with the proxy that the settings' script names" renews
expect "squid has let it pass" went_through_squid
expect "WinHTTP has fetched the script" grep -q "/proxy.pac" "$stage/script.log"
say_script DIRECT
expect "renewed where the script says so, without a proxy" renews
expect "squid was not asked" went_directly
say_script "PROXY $closed"
proxy_failed=73
proxy_unusable=91
expect "a proxy of the script that nobody serves is told" refuses "$proxy_unusable" "port ${closed#*:}"
set_internet_options --script "http://$closed/proxy.pac"
expect "a script that is not to be had is told, and nothing is tried without it" refuses "$proxy_failed" "could not be fetched"
expect "squid was not asked" went_directly
set_internet_options --proxies "$closed" --exceptions "<-loopback>"
expect "settings that changed count at once" refuses "$proxy_unusable" "port ${closed#*:}"
[ "$failures" = 0 ]
