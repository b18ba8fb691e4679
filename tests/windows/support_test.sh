#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# koshin.exe support-bundle: what is in it, listed before it is written, and what is left out. wine's Event Log keeps nothing: how its
# entries are read is cli_test's. usage: support_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: support_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

# A policy is one for all tests of the prefix, so that this one runs alone (CMakeLists.txt).
policy='HKLM\SOFTWARE\Policies\koshin'
support_cleanup() {
  "$wine" reg delete "$policy" /f >/dev/null 2>&1 </dev/null 9>&- || true
  stage_cleanup
}
trap support_cleanup EXIT

provision
start_bank
write_settings "$MODULE" "mail.url = 'smtp://127.0.0.1:1'" "mail.from = 'koshin@corp.example'" "mail.to = 'tanaka@corp.example'" \
  "mail.starttls = false"
mkdir -p "$stage/home/XDG_STATE_HOME/koshin"
printf 'via http://user:hunter2@proxy.example:3128\nthe last line\n' >"$stage/home/XDG_STATE_HOME/koshin/koshin.log"
"$wine" reg add "$policy\\branding" /v help_desk /t REG_SZ /d 'https://user:hunter3@help.example' /f >/dev/null 2>&1 </dev/null 9>&-

bundle=$stage/bundle.tar.gz
make() { koshin support-bundle --yes --output "$(windows_path "$bundle")" "$@" >"$stage/said" 2>&1 </dev/null; }
# part NAME PATTERN: in that part of the bundle.
part() {
  python3 - "$bundle" "$@" <<'PYTHON'
import re, sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    texts = {member.name.split("/")[-1]: archive.extractfile(member).read().decode() for member in archive.getmembers()}
text = texts.get(sys.argv[2], "")
if not re.search(sys.argv[3], text, re.M):
    sys.exit(f"{sys.argv[2]}:\n{text[:3000]}")
PYTHON
}
# answers NAME COMMAND: a part that is koshin's own document.
answers() {
  python3 - "$bundle" "$@" <<'PYTHON'
import json, sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    text = next(archive.extractfile(member).read().decode() for member in archive.getmembers() if member.name.endswith("/" + sys.argv[2]))
sys.exit(0 if json.loads(text)["command"] == sys.argv[3] else text[:2000])
PYTHON
}
all_parts="versions.txt settings.json doctor.json tokens.json status.json history.json koshin.log policies.txt windows.txt system-log.txt"
has_all_parts() { [ "$(tar -tzf "$bundle" | sed 's#.*/##' | paste -sd' ')" = "$all_parts" ] || { tar -tzf "$bundle"; return 1; }; }
is_listed() { for name in $all_parts; do said "^  $name +[0-9]+" || return 1; done; }
has_no() { ! tar -xzOf "$bundle" | grep -aF "$1"; }
is_refused() { ! make && said "exists"; }
is_not_asked_for() {
  local code=0
  koshin support-bundle --output "$(windows_path "$stage/other.tar.gz")" >"$stage/said" 2>&1 </dev/null || code=$?
  [ "$code" = 2 ] && [ ! -e "$stage/other.tar.gz" ] && said "use --yes"
}

expect "it is written" make
expect "with all its parts" has_all_parts
expect "each of which was listed" is_listed
expect "koshin's version" part versions.txt '^koshin [0-9]+\.[0-9]+\.[0-9]+'
expect "and that of the library with the code" part versions.txt '^library .*koshin-programs\.dll [0-9]+\.[0-9]+\.[0-9]+'
expect "Windows' version" part versions.txt '^CurrentBuild [0-9]+'
expect "and languages" part versions.txt '^display languages [a-z]{2}_[A-Z]{2}'
expect "and the module, with its version" part versions.txt '^K:.*softhsm2\.dll '
expect "a policy, as the registry has it" part policies.txt '^\\branding\\help_desk=https://\*\*\*@help\.example'
expect "the state of the smart card service" part windows.txt '^SCardSvr '
expect "and of a service that runs" part windows.txt '^EventLog (running|stopped), '
expect "koshin's processes, with their versions" part windows.txt '^koshin\.exe [0-9]+, session [0-9]+, .*koshin\.exe, version [0-9]+\.'
expect "the task of the reminders" part windows.txt '^koshin-remind (missing|disabled|enabled)'
expect "what the Event Log said, or why nothing" part system-log.txt '.'
expect "the log's end" part koshin.log '^the last line'
expect "what the settings come to" answers settings.json "config check"
expect "what the doctor has seen" answers doctor.json doctor
expect "of the agent and the smart card service too" part doctor.json '"id":"card_service"'
expect "the tokens" answers tokens.json inspect
expect "no password of an address" has_no hunter2
expect "nor of a policy's" has_no hunter3
expect "no person's mail address" has_no tanaka@
expect "no PIN" has_no "$PIN"
expect "a file that exists is not overwritten" is_refused
expect "without a person or --yes nothing is written" is_not_asked_for
[ "$failures" = 0 ]
