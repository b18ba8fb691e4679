#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# koshin-ui.exe --remind, as the task of the reminders starts it: a certificate on a token that is not inserted is told of by mail
# through a real SMTP server, and on a desktop that nobody sees (Xvfb), where the message stays until it was read. usage: remind_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: remind_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"
# shellcheck source=tests/windows/mail_server.sh
. "$here/mail_server.sh"
# shellcheck source=tests/windows/wine.sh
. "$here/wine.sh"

screen_pid=""
remind_cleanup() {
  end_mail_server
  [ -z "$screen_pid" ] || { WINEPREFIX=$BUILD/wine-screen "$WINESERVER" -k </dev/null >/dev/null 2>&1 || true; kill "$screen_pid" 2>/dev/null || true; }
  stage_cleanup
}
trap remind_cleanup EXIT

start_mail_server

# write_mail PORT
write_mail() {
  printf '[mail]\nurl = "smtp://127.0.0.1:%s"\nfrom = "bank@example.test"\nto = "user@example.test"\nlanguage = "en"\nstarttls = false\n' "$1" >"$stage/koshin.toml"
  chmod 600 "$stage/koshin.toml"
  SETTINGS=$(windows_path "$stage/koshin.toml")
}
tool() { run koshin-reminder-tool "$@" 8>&-; }
remind() { run koshin-ui --remind --language en --settings "$SETTINGS" >"$stage/said" 2>&1 8>&- || { cat "$stage/said"; return 1; }; }

write_mail "$port"
expect "a user of whom nothing is known is told nothing" remind
expect "and no mail goes out" are_mails 0
expect "a certificate expires in five days" tool remember 5
expect "the task runs" remind
expect "one mail went out" are_mails 1
expect "with the days that are left" grep -q "5 days left" "$stage/mails"
expect "it runs again" remind
expect "and nothing is told twice" are_mails 1

if command -v Xvfb >/dev/null; then
  mkfifo "$stage/number"
  Xvfb -displayfd 3 -screen 0 1024x768x24 3>"$stage/number" >/dev/null 2>&1 8>&- &
  screen_pid=$!
  IFS= read -r number <"$stage/number"
  # A prefix of its own: that of the other tests has no screen.
  export DISPLAY=:$number WINEPREFIX=$BUILD/wine-screen
  mkdir -p "$WINEPREFIX"
  [ -f "$WINEPREFIX/system.reg" ] || "$wine" wineboot -i </dev/null >/dev/null 2>&1 8>&-
  give_drives "$WINEPREFIX" "$BUILD"
  "$wine" reg add 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' /v EnableLUA /t REG_DWORD /d 0 /f </dev/null >/dev/null 2>&1 8>&-
  # on_desktop PROGRAM [ARGUMENT]...: explorer's exit code is not the program's.
  on_desktop() {
    local program=$1
    shift
    timeout 150 "$wine" explorer /desktop=koshin,800x600 "$(windows_path "$BUILD/bin/$program.exe")" "$@" </dev/null >>"$stage/said" 2>&1 8>&- || true
  }
  write_mail 1 # nobody listens there: the message alone tells
  tool remember 2
  on_desktop koshin-ui --remind --language en --settings "$SETTINGS" &
  on_desktop koshin-reminder-tool read "$(windows_path "$stage/read")"
  # The explorer that comes second, to the desktop of the other, does not stay until its program ends.
  for _ in $(seq 650); do grep -qsx gone "$stage/read" && break; sleep 0.2; done
  expect "a message is shown on the desktop" grep -qx shown "$stage/read"
  expect "it stays, although there is nothing else to do" grep -qx stays "$stage/read"
  expect "and koshin-ui ends once it was read" grep -qx gone "$stage/read"
else
  echo "left out: the message on a desktop (Xvfb is not installed)"
fi
[ "$failures" = 0 ]
