#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs koshin-agent.service from STAGE under a systemd --user, as readers come and go and as it is installed.
# usage: unshare --mount run_user_unit.sh STAGE USER   exit 77: systemd --user cannot run here
set -euo pipefail
stage=$1 user=$2
# shellcheck source=tests/packaging/systemd_user.sh
source "$(dirname "$(readlink -f "$0")")/systemd_user.sh"
start_systemd

is_state() { [ "$(property ActiveState)" = "$1" ]; }

# What udev does for each reader that comes; there is none here, so the agent leaves after a while, and the next comes.
for insertion in first second; do
  user_systemctl start smartcard.target
  await 10 is_state active && echo "$insertion insertion: started"
  await 10 is_state inactive && echo "$insertion insertion: left with $(property Result)"
done

# The unit as it is installed, which waits a minute for a reader.
cp "$stage/installed/koshin-agent.service" "$HOME/.config/systemd/user/"
user_systemctl daemon-reload

# With the shipped drop-in for the metrics, on a computer where their folder is absent.
mkdir "$HOME/.config/systemd/user/koshin-agent.service.d"
cp "$stage/koshin-metrics.unit.conf" "$HOME/.config/systemd/user/koshin-agent.service.d/koshin-metrics.conf"
user_systemctl daemon-reload
user_systemctl start koshin-agent.service && echo "without the folder of the metrics: $(property ActiveState)"
user_systemctl stop koshin-agent.service
rm -r "$HOME/.config/systemd/user/koshin-agent.service.d"
user_systemctl daemon-reload

# With settings that contain an error it stays.
mkdir -p "$HOME/.config/koshin"
echo 'nonsense = 1' >"$HOME/.config/koshin/koshin.toml"
chown -R "$user:$user" "$HOME/.config/koshin"
chmod 600 "$HOME/.config/koshin/koshin.toml"
user_systemctl start koshin-agent.service
sleep 1
echo "wrong settings: $(property ActiveState), restarted $(property NRestarts) times"
user_systemctl stop koshin-agent.service
rm -r "$HOME/.config/koshin"

user_systemctl start koshin-agent.service
user_systemctl show --property=ActiveState koshin-agent.service
sed -nE 's/^(Name|NoNewPrivs|Seccomp|CapBnd):[[:space:]]*/\1=/p' "/proc/$(property MainPID)/status"

# An upgrade exchanges the program as dpkg does, by rename; a removal takes it away.
first=$(property MainPID)
is_another() { is_state active && [ "$(property MainPID)" != "$first" ] && [ "$(property MainPID)" != 0 ]; }
cp "$stage/bin/koshin-agent" "$stage/bin/koshin-agent.dpkg-new"
mv -f "$stage/bin/koshin-agent.dpkg-new" "$stage/bin/koshin-agent"
await 60 is_another && echo "upgraded: another one runs"
mv "$stage/bin/koshin-agent" "$stage/aside"
await 30 is_state inactive && echo "removed: left with $(property Result)"
mv "$stage/aside" "$stage/bin/koshin-agent"
user_systemctl start koshin-agent.service

user_systemctl stop koshin-agent.service
user_systemctl show --property=Result koshin-agent.service

# The reminders, by a timer that elapses now; then as they are installed, with the last run two days ago.
remind() { user_systemctl show --value --property="$1" koshin-remind.service; }
has_run() { [ "$(remind ExecMainExitTimestampMonotonic)" != "$1" ] && [ "$(remind ActiveState)" = inactive ]; }
cp "$stage/koshin-remind.service" "$stage/koshin-remind.timer" "$HOME/.config/systemd/user/"
sed -i 's/^OnCalendar=.*/OnActiveSec=0/; s/^RandomizedDelaySec=.*//' "$HOME/.config/systemd/user/koshin-remind.timer"
user_systemctl daemon-reload
user_systemctl start koshin-remind.timer
await 30 has_run 0 && echo "reminders: $(remind Result) $(remind ExecMainStatus)"
last=$(remind ExecMainExitTimestampMonotonic)
user_systemctl stop koshin-remind.timer
sed 's/^RandomizedDelaySec=.*//' "$stage/koshin-remind.timer" >"$HOME/.config/systemd/user/koshin-remind.timer"
stamp=$HOME/.local/share/systemd/timers/stamp-koshin-remind.timer
mkdir -p "$(dirname "$stamp")"
touch --date='2 days ago' "$stamp"
chown -R "$user:$user" "$HOME/.local"
user_systemctl daemon-reload
user_systemctl start koshin-remind.timer
await 30 has_run "$last" && echo "reminders: caught up"
