# SPDX-License-Identifier: MIT
# A real systemd --user of an ordinary user's, for this process tree alone. Sourced in a mount namespace of its own with STAGE set: a
# machine that was not booted by systemd (a build container) is made to look as if it was.
# shellcheck shell=bash

: "${stage:?set stage to a folder of the user with bin, run and home}" "${user:?set user to a user that has a group of the same name}"

group=/sys/fs/cgroup/koshin-test-$$
export XDG_RUNTIME_DIR=$stage/run HOME=$stage/home
unset XDG_CONFIG_HOME XDG_STATE_HOME DBUS_SESSION_BUS_ADDRESS

as_user() { setpriv --reuid="$user" --regid="$user" --clear-groups "$@"; }
user_systemctl() { as_user timeout 30 systemctl --user --no-pager "$@"; }
property() { user_systemctl show --value --property="$1" koshin-agent.service; }

# await SECONDS COMMAND …
await() {
  local tries=$(($1 * 10))
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.1
  done
}

stop_systemd() {
  user_systemctl exit >/dev/null 2>&1 || true
  wait "$manager" 2>/dev/null || true
  echo $$ >/sys/fs/cgroup/cgroup.procs || true
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
}

# start_systemd [NAME=VALUE …]: exit 77 where it cannot run; it is stopped when this shell ends.
start_systemd() {
  mkdir -p /run/systemd
  mount -t tmpfs tmpfs /run/systemd
  mkdir -p /run/systemd/system
  grep -q '/sys/fs/cgroup cgroup2' /proc/mounts || mount -t cgroup2 none /sys/fs/cgroup || exit 77
  mkdir "$group" 2>/dev/null || exit 77
  chown -R "$user:$user" "$group"
  echo $$ >"$group/cgroup.procs" || exit 77
  mkdir -p "$HOME/.config/systemd/user"
  cp "$stage/koshin-agent.service" "$HOME/.config/systemd/user/"
  # As the package enables it.
  mkdir "$HOME/.config/systemd/user/smartcard.target.wants"
  ln -s ../koshin-agent.service "$HOME/.config/systemd/user/smartcard.target.wants/"
  chown -R "$user:$user" "$HOME"
  cd /
  as_user env --ignore-environment PATH="$PATH" HOME="$HOME" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" LANG=C.UTF-8 "$@" timeout 180 /lib/systemd/systemd --user >/dev/null 2>&1 &
  manager=$!
  trap stop_systemd EXIT
  await 20 [ -S "$XDG_RUNTIME_DIR/systemd/private" ] || exit 77
}
