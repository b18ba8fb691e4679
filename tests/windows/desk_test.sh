#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What koshin.exe doctor sees of the computer, koshin.exe browser, and an agent whose program is replaced. usage: desk_test.sh BUILD
# The smart card service is the tests' winscard.dll (tests/resident/fake_winscard_windows.cpp).
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: desk_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

roaming=$WINEPREFIX/drive_c/users/$(id -un)/AppData/Roaming
profile=$roaming/Mozilla/Firefox/Profiles/desk.test
programs=$copies/programs
agent_pid=""
desk_cleanup() {
  [ -z "$agent_pid" ] || kill "$agent_pid" 2>/dev/null || true
  rm -rf "$profile"
  stage_cleanup
}
trap desk_cleanup EXIT

provision
start_bank
write_settings "$MODULE"
mkdir -p "$programs" "$profile"
for name in koshin koshin-worker koshin-desk-check koshin-agent koshin-slot-watch; do cp "$BUILD/bin/$name.exe" "$programs/"; done
cp "$BUILD/bin/koshin-programs.dll" "$BUILD/bin/smart_cards/winscard.dll" "$programs/"
printf 'service 1\nreader card 1 Fake Reader 0\nreader empty 0 Fake Reader 1\n' >"$stage/readers"
KOSHIN_FAKE_READERS=$(windows_path "$stage/readers")
export KOSHIN_FAKE_READERS WINEDLLOVERRIDES="winscard=n;mscoree,mshtml="
: >"$profile/cert9.db"
printf 'library=\nname=NSS Internal PKCS #11 Module\n\n' >"$profile/pkcs11.txt"

here_koshin() { "$wine" "$programs/koshin.exe" "$@" --settings "$SETTINGS" 9>&-; }
# seen: "id finding" of each result of the doctor's, in lines.
seen() {
  here_koshin doctor --json --pin-stdin <<<"$PIN" 2>"$stage/errors" | python3 -c '
import json, sys
def walk(value):
    if isinstance(value, list):
        for one in value: walk(one)
    if isinstance(value, dict):
        if "id" in value and "finding" in value: print(value["id"], value["finding"], value.get("subject", ""))
        for one in value.values(): walk(one)
walk(json.load(sys.stdin))' >"$stage/seen" || true
}
has() { grep -qE "^$1( |\$)" "$stage/seen" || { echo "no $1 in:"; cat "$stage/seen" "$stage/errors"; return 1; }; }
has_not() { ! grep -qE "^$1 " "$stage/seen"; }
browser() { here_koshin browser "$1" >"$stage/said" 2>&1 || { cat "$stage/said"; return 1; }; }
lists_module() { grep -qxF "library=$MODULE" "$profile/pkcs11.txt"; }
lists_none() { ! lists_module; }

seen
expect "the smart card service answers" has "card_service windows_service_answers"
expect "a reader with a card is seen" has "reader reader_with_card Fake Reader 0"
expect "an empty reader is seen" has "reader reader_empty Fake Reader 1"
expect "no agent runs" has "agent windows_agent_absent"
expect "the default browser was looked for" has "browser [a-z_]+"
expect "the handler of links was looked for" has "link_handler windows_link_opens_nothing"
expect "the profile of Firefox lacks the module" has "firefox browser_lacks_module"
expect "files can be used" has "named_files files_usable"
expect "mail is off" has "mail mail_off"
expect "metrics are off" has "metrics metrics_off"
expect "nothing starts the agent" has "agent_unit windows_start_missing"
expect "there is no task of the reminders" has "reminder windows_reminder_missing"
for other in notifications chromium desk; do expect "nothing is said of $other" has_not "$other"; done

expect "the module is added" browser add
expect "it stands in the list" lists_module
seen
expect "the profile has the module" has "firefox browser_has_module"
expect "the module is taken out" browser remove
expect "it does not stand in the list" lists_none

printf 'service 0\n' >"$stage/readers"
seen
expect "a service that does not run is told" has "card_service windows_service_refuses"
printf 'service 1\n' >"$stage/readers"
seen
expect "no reader is told" has "readers windows_readers_none"

# What starts the agent at a log-in, as the installer writes it and as Windows' settings switch it off.
current='SOFTWARE\Microsoft\Windows\CurrentVersion'
registry() { "$wine" reg "$@" /f >/dev/null 2>&1 9>&-; }
registry add "HKLM\\$current\\Run" /v koshin /d "\"$(windows_path "$programs/koshin-agent.exe")\""
seen
expect "the entry is seen" has "agent_unit windows_start_registered"
registry add "HKLM\\$current\\Explorer\\StartupApproved\\Run" /v koshin /t REG_BINARY /d 030000001122334455667788
seen
expect "an entry that is switched off is told" has "agent_unit windows_start_switched_off"
registry add "HKLM\\$current\\Explorer\\StartupApproved\\Run" /v koshin /t REG_BINARY /d 020000000000000000000000
seen
expect "one that was switched on again counts" has "agent_unit windows_start_registered"
registry delete "HKLM\\$current\\Run" /v koshin
registry delete "HKLM\\$current\\Explorer\\StartupApproved\\Run" /v koshin

# The task of the reminders: enabled, then disabled.
write_task() {
  cat >"$stage/task.xml" <<XML
<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Settings><Enabled>$1</Enabled></Settings>
  <Actions><Exec><Command>koshin-ui.exe</Command></Exec></Actions>
</Task>
XML
  "$wine" schtasks /create /f /tn koshin-remind /xml "$(windows_path "$stage/task.xml")" >/dev/null 2>&1 9>&-
}
expect "a task is registered" write_task true
seen
expect "the task is seen" has "reminder windows_reminder_ready"
expect "it is disabled" write_task false
seen
expect "that is told" has "reminder windows_reminder_disabled"
"$wine" schtasks /delete /f /tn koshin-remind >/dev/null 2>&1 9>&- || true

# start_agent PROGRAM: an agent of these settings.
start_agent() {
  "$wine" "$1" --settings "$SETTINGS" >"$stage/agent.log" 2>&1 9>&- &
  agent_pid=$!
}
# told_of_agent FINDING: within 20 seconds.
told_of_agent() {
  for _ in $(seq 40); do
    seen
    if grep -q "^agent $1" "$stage/seen"; then return 0; fi
    kill -0 "$agent_pid" 2>/dev/null || break
    sleep 0.5
  done
  cat "$stage/seen" "$stage/agent.log"
  return 1
}
agent_leaves() {
  for _ in $(seq 100); do
    kill -0 "$agent_pid" 2>/dev/null || { agent_pid=""; return 0; }
    sleep 0.2
  done
  return 1
}

# One of an earlier version, in another folder: its version resource says so.
mkdir -p "$copies/earlier"
cp "$programs"/*.exe "$programs"/*.dll "$copies/earlier/"
python3 - "$copies/earlier/koshin-agent.exe" <<'PYTHON'
import pathlib, struct, sys
file = pathlib.Path(sys.argv[1])
content = bytearray(file.read_bytes())
at = content.index(struct.pack("<II", 0xFEEF04BD, 0x10000)) + 8  # VS_FIXEDFILEINFO: FileVersion
content[at:at + 8] = struct.pack("<HHHH", 0, 0, 0, 9)            # 0.0.9.0, the lower word of each half first
file.write_bytes(content)
PYTHON
start_agent "$copies/earlier/koshin-agent.exe"
expect "an agent of another version is told" told_of_agent windows_agent_other_version
kill "$agent_pid" 2>/dev/null || true
expect "it ends" agent_leaves

# The library that holds its code is renamed and another is put in its place, as an upgrade does. The agent stands still meanwhile, as one does that has
# a page open.
start_agent "$programs/koshin-agent.exe"
expect "the agent is seen" told_of_agent agent_runs
kill -STOP "$agent_pid"
cp "$programs/koshin-programs.dll" "$programs/new.dll"
mv "$programs/koshin-programs.dll" "$programs/old.dll"
mv "$programs/new.dll" "$programs/koshin-programs.dll"
expect "that its program was replaced is told" told_of_agent windows_agent_outdated
kill -CONT "$agent_pid"
expect "an agent whose program was replaced leaves" agent_leaves
[ "$failures" = 0 ]
