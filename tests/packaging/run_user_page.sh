#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The desk as it is installed: the confined agent finds a token whose certificate is due and has systemd-run start koshin-ui,
# whose page a browser reads; both outside of the agent's confinement. koshin-ui ends with the agent; the browser, which may
# have other pages open, does not.
# usage: unshare --mount run_user_page.sh STAGE USER  exit 77: systemd --user cannot run here
set -euo pipefail
stage=$1 user=$2
# shellcheck source=tests/packaging/systemd_user.sh
source "$(dirname "$(readlink -f "$0")")/systemd_user.sh"

# In the browser's place: what it is like to be started here, and whether the page can be had, whose address is in the file
# that a browser is given.
cat >"$stage/bin/browser" <<SCRIPT
#!/bin/sh
{
  sed -nE 's/^(NoNewPrivs|Seccomp):[[:space:]]*/browser \1=/p' /proc/self/status
  echo "browser unit=\$(sed -n 's#.*/\([^/]*\.service\)\$#\1#p' /proc/self/cgroup)"
  address=\$(sed -n 's#.*url=\(http://127[^"\#]*\).*#\1#p' "\${1#file://}")
  echo "page=\$(curl --silent --output /dev/null --write-out '%{http_code}' "\$address")"
} >"$stage/run/browser.part"
echo \$\$ >"$stage/run/browser.pid"
mv "$stage/run/browser.part" "$stage/run/browser"
exec sleep 60
SCRIPT
chmod 755 "$stage/bin/browser"
# As an administrator leaves them; the unit's user namespace shows root's files as nobody's.
mount -t tmpfs tmpfs /etc/koshin
printf 'token.modules = ["%s"]\ntoken.rescan_interval = 5\nauthority.url = "https://127.0.0.1:1"\n' "$MODULE" >/etc/koshin/koshin.toml
chmod 755 /etc/koshin
sed -i "s#^ExecStart=.*#ExecStart=$stage/bin/koshin-agent\nStandardError=file:$stage/run/agent.log#" "$stage/koshin-agent.service"
start_systemd BROWSER="$stage/bin/browser" SOFTHSM2_CONF="$SOFTHSM2_CONF"

ui_pid() { pgrep --uid "$user" --full "^$stage/bin/koshin-ui" >"$stage/ui.pid"; }
ui_gone() { ! ui_pid; }
user_systemctl start koshin-agent.service
await 30 [ -f "$stage/run/browser" ] || { cat "$stage/run/agent.log" >&2; exit 1; }
cat "$stage/run/browser"
ui_pid
ui=/proc/$(head -1 "$stage/ui.pid")
sed -nE 's/^(NoNewPrivs|Seccomp):[[:space:]]*/koshin-ui \1=/p' "$ui/status"
echo "koshin-ui unit=$(sed -n 's#.*/\([^/]*\.service\)$#\1#p' "$ui/cgroup")"
echo "agent's restarts=$(property NRestarts)"
user_systemctl stop koshin-agent.service
await 20 ui_gone && echo "koshin-ui ended with the agent"
sleep 1  # what systemd does to a unit's other processes it does now
kill -0 "$(cat "$stage/run/browser.pid")" && echo "the browser went on"
kill "$(cat "$stage/run/browser.pid")"
