#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The agent's unit: valid, rated at most 2.0, able to run confined under a real `systemd --user` as an ordinary user, and to
# have the page opened from there.
# usage: unit_test.sh BUILD
set -euo pipefail
build=$1
here=$(dirname "$(readlink -f "$0")")
installed=$build/packaging/koshin-agent.service
passed=0 failed=0
check() {
  local what=$1
  shift
  if "$@"; then passed=$((passed + 1)); else echo "FAILED: $what" >&2; failed=$((failed + 1)); fi
}

# PrivateTmp hides /tmp and /var/tmp from the unit: the stage stands elsewhere.
work=$(mktemp -d /var/lib/koshin-test.XXXXXX 2>/dev/null || mktemp -d)
cleanup() {
  rm -rf "$work"
  [ -z "$folder_made" ] || rmdir /etc/koshin
}
folder_made=
trap cleanup EXIT

sed 's#^ExecStart=[^ ]*#ExecStart='"$work"'/bin/koshin-agent#; s#^Documentation=.*##' "$installed" >"$work/koshin-agent.service"
cp "$here/../../packaging/prometheus/koshin-metrics.unit.conf" "$work/"
mkdir "$work/bin" "$work/run" "$work/home" "$work/installed"
cp "$work/koshin-agent.service" "$work/installed/"
for program in koshin-agent koshin-worker koshin-slot-watch koshin-libp11-view.so koshin-ui; do
  if [ -e "$build/bin/$program" ]; then cp "$build/bin/$program" "$work/bin/"; fi
done
chmod 700 "$work/run"

sed 's#^ExecStart=[^ ]*#ExecStart='"$work"'/bin/koshin-ui#; s#^Documentation=.*##' "$build/packaging/koshin-remind.service" >"$work/koshin-remind.service"
sed 's#^Documentation=.*##' "$build/packaging/koshin-remind.timer" >"$work/koshin-remind.timer"

for unit in koshin-agent koshin-remind; do
  rating=$(systemd-analyze security --offline=yes --no-pager "$work/$unit.service" | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p')
  echo "systemd-analyze security: $unit $rating"
  check "$unit.service is rated at most 2.0 (it is $rating)" awk -v rating="$rating" 'BEGIN { exit !(rating != "" && rating <= 2.0) }'
done
for unit in koshin-agent.service koshin-remind.service koshin-remind.timer; do
  verified=$(XDG_RUNTIME_DIR=$work/run systemd-analyze verify --user --man=no "$work/$unit" 2>&1 || true)
  check "systemd-analyze verify has nothing to say of $unit: $verified" [ -z "$(grep "$unit" <<<"$verified")" ]
done
wanted() { grep -q "^WantedBy=.*$1" "$installed" && ! grep -q "^WantedBy=.*default.target" "$installed"; }
check "smartcard.target pulls it in" wanted smartcard.target

if [ "$(id -u)" != 0 ]; then
  echo "SKIPPED, needs root: running the unit under a systemd --user of its own. $passed passed, $failed failed"
  if [ "$failed" = 0 ]; then exit 77; else exit 1; fi
fi
if ! unshare --mount true 2>/dev/null; then
  echo "SKIPPED, no mount namespace here (a chroot, a container?): running the unit under a systemd --user of its own." \
    "$passed passed, $failed failed"
  if [ "$failed" = 0 ]; then exit 77; else exit 1; fi
fi
sed -i 's/--exit-when-idle 60/--exit-when-idle 2/' "$work/koshin-agent.service"
user=games  # anybody but nobody, as whom a user namespace shows all others
# A place for the settings to be mounted at, where koshin is not installed.
[ -d /etc/koshin ] || { mkdir /etc/koshin && folder_made=1; }
made=$(HOME=$work/home "$build/bin/koshin-provision" "$work/home" 12)
chown -R "$user:$user" "$work"
chmod 755 "$work" "$work/bin"

# run SCRIPT: in $work/report what it said, in $status how it ended.
run() {
  status=0
  timeout 200 unshare --mount bash "$here/$1" "$work" "$user" >"$work/report" 2>"$work/errors" || status=$?
  cat "$work/report"
  [ "$status" != 77 ] || {
    echo "SKIPPED: this machine does not let a systemd --user run. $passed passed, $failed failed"
    if [ "$failed" = 0 ]; then exit 77; else exit 1; fi
  }
}
reported() { grep -qx "$1" "$work/report"; }

run run_user_unit.sh
for insertion in first second; do
  check "the $insertion insertion starts it (status $status; $(cat "$work/errors"))" reported "$insertion insertion: started"
  check "with no reader there it leaves after the $insertion" reported "$insertion insertion: left with success"
done
check "it starts where the folder of the metrics is absent (status $status; $(cat "$work/errors"))" reported "without the folder of the metrics: active"
check "with wrong settings it stays" reported "wrong settings: active, restarted 0 times"
check "the unit runs (status $status; $(cat "$work/errors"))" reported "ActiveState=active"
check "it is the agent that runs" reported "Name=koshin-agent"
check "it has no new privileges" reported "NoNewPrivs=1"
check "it has a system call filter" reported "Seccomp=2"
check "it has no capability to gain" reported "CapBnd=0000000000000000"
check "an upgrade of its program starts the new one (status $status; $(cat "$work/errors"))" reported "upgraded: another one runs"
check "without its program it leaves" reported "removed: left with success"
check "it ends when asked to" reported "Result=success"
check "the timer of the reminders runs them" reported "reminders: success 0"
check "a computer that was off in the morning runs them when it is on again" reported "reminders: caught up"

rm -rf "$work/home/.config" "$work/run"
install -d -o "$user" -g "$user" -m 700 "$work/run"
while IFS='=' read -r name value; do export "$name=$value"; done <<<"$made"
run run_user_page.sh
check "a browser is given the page (status $status; $(cat "$work/errors"))" reported "page=200"
# This machine may confine all that runs on it.
here_is() { sed -nE "s/^$1:[[:space:]]*//p" /proc/self/status; }
check "koshin-ui gives up new privileges by itself" reported "koshin-ui NoNewPrivs=1"
check "koshin-ui has not the agent's system call filter" reported "koshin-ui Seccomp=$(here_is Seccomp)"
check "koshin-ui is in a unit of its own" reported "koshin-ui unit=run-.*\.service"
check "the browser has no confinement of koshin's: privileges" reported "browser NoNewPrivs=$(here_is NoNewPrivs)"
check "the browser has no confinement of koshin's: system calls" reported "browser Seccomp=$(here_is Seccomp)"
check "the browser is not in the agent's unit" reported "browser unit=run-.*\.service"
check "the agent went on" reported "agent's restarts=0"
check "koshin-ui ends with the agent" reported "koshin-ui ended with the agent"
check "the browser does not" reported "the browser went on"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
