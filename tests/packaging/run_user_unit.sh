#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs koshin-agent.service from STAGE under a real systemd --user as nobody. To be called in a mount namespace of its own:
# a machine that was not booted by systemd (a build container) is made to look as if it was, for this process tree alone.
# usage: unshare --mount run_user_unit.sh STAGE        exit 77: systemd --user cannot run here
set -euo pipefail
stage=$1
mkdir -p /run/systemd
mount -t tmpfs tmpfs /run/systemd
mkdir -p /run/systemd/system
grep -q '/sys/fs/cgroup cgroup2' /proc/mounts || mount -t cgroup2 none /sys/fs/cgroup || exit 77
group=/sys/fs/cgroup/koshin-test-$$
mkdir "$group" 2>/dev/null || exit 77
chown -R nobody:nogroup "$group"
echo $$ >"$group/cgroup.procs" || exit 77

export XDG_RUNTIME_DIR=$stage/run HOME=$stage/home
unset XDG_CONFIG_HOME XDG_STATE_HOME DBUS_SESSION_BUS_ADDRESS
mkdir -p "$HOME/.config/systemd/user"
cp "$stage/koshin-agent.service" "$HOME/.config/systemd/user/"
# As the package enables it.
mkdir "$HOME/.config/systemd/user/smartcard.target.wants"
ln -s ../koshin-agent.service "$HOME/.config/systemd/user/smartcard.target.wants/"
chown -R nobody:nogroup "$HOME"
cd /
as_user() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
user_systemctl() { as_user timeout 30 systemctl --user --no-pager "$@"; }

as_user timeout 180 /lib/systemd/systemd --user >/dev/null 2>&1 &
manager=$!
finish() {
  user_systemctl exit >/dev/null 2>&1 || true
  wait "$manager" 2>/dev/null || true
  echo $$ >/sys/fs/cgroup/cgroup.procs || true
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
}
trap finish EXIT
tries=0
until [ -S "$XDG_RUNTIME_DIR/systemd/private" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ] || exit 77
  sleep 0.1
done

await_state() {
  local tries=0
  until [ "$(user_systemctl show --value --property=ActiveState koshin-agent.service)" = "$1" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.1
  done
}

# What udev does for each reader that comes; there is none here, so the agent leaves after a while, and the next comes.
for insertion in first second; do
  user_systemctl start smartcard.target
  await_state active && echo "$insertion insertion: started"
  await_state inactive && echo "$insertion insertion: left with $(user_systemctl show --value --property=Result koshin-agent.service)"
done

# The unit as it is installed, which waits a minute for a reader.
cp "$stage/installed/koshin-agent.service" "$HOME/.config/systemd/user/"
user_systemctl daemon-reload
user_systemctl start koshin-agent.service
user_systemctl show --property=ActiveState koshin-agent.service
pid=$(user_systemctl show --value --property=MainPID koshin-agent.service)
sed -nE 's/^(Name|NoNewPrivs|Seccomp|CapBnd):[[:space:]]*/\1=/p' "/proc/$pid/status"
user_systemctl stop koshin-agent.service
user_systemctl show --property=Result koshin-agent.service
