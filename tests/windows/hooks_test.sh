#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The administrator's programs after a renewal by koshin.exe: what they get, how often they run, what is not run, and that nothing of
# theirs stays. usage: hooks_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: hooks_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"

hooks=$stage/hooks.d
out=$stage/out
mkdir "$hooks" "$out"
provision
start_bank
write_settings "$MODULE" "hooks.directory = '$(windows_path "$hooks")'"

# hook NAME LINE...: a script of cmd.exe.
hook() {
  local name=$1
  shift
  printf '%s\r\n' '@echo off' "$@" >"$hooks/$name"
}
there=$(backslash_path "$out")
export KOSHIN_SECRET_OF_THE_USER=1
hook 10-see.cmd "set > $there\\environment" "cd > $there\\folder" "K:\\bin\\foundation_probe.exe echo > $there\\certificate.pem" "echo run >> $there\\runs" "echo the hook was here" "exit /b 0"
# What it leaves behind would go on for a minute, and has a name of its own.
left=left-${stage##*.}.exe
cp "$BUILD/bin/foundation_probe.exe" "$stage/$left"
hook 20-leave.cmd "start /b $(backslash_path "$stage")\\$left sleep" "echo run >> $there\\left" "exit /b 0"
hook 30-fail.cmd "echo run >> $there\\failed" "exit /b 3"
printf 'not a program\r\n' >"$hooks/40-text.txt"
printf 'not a program either\r\n' >"$hooks/50-empty.exe"
hook '60-copy.cmd~' "echo run >> $there\\copy"

log=$stage/home/XDG_STATE_HOME/koshin/koshin.log
runs() { [ ! -f "$out/$1" ] && echo 0 || grep -c run "$out/$1"; }
renew() { koshin renew --pin-stdin "$@" <<<"$PIN" >"$stage/said" 2>&1; }
look_again() { koshin renew --if-due --pin-stdin <<<"$PIN" >"$stage/said" 2>&1; }
variable() { tr -d '\r' <"$out/environment" | grep -qxE "$1=$2" || { echo "no $1=$2 in:"; cat "$out/environment"; return 1; }; }
no_variable() { ! grep -q "^$1=" "$out/environment"; }
# The newest certificate that the bank has issued is the one on its stdin.
got_the_certificate() {
  local serial
  serial=$(openssl x509 -in "$out/certificate.pem" -noout -serial | cut -d= -f2)
  bank_state | python3 -c '
import json, sys
sys.exit(0 if int(json.load(sys.stdin)["certificates"][-1]["serial"], 16) == int(sys.argv[1], 16) else 1)' "$serial"
}
# Processes of that program, of any command line that begins with it.
left_programs() { processes_of "$left"; }
left_runs() { [ -n "$(left_programs)" ]; }
is_seen_while_it_runs() {
  "$wine" "$(backslash_path "$stage")\\$left" sleep >/dev/null 2>&1 9>&- &
  local pid=$! seen=0
  comes left_runs || seen=1
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  return "$seen"
}
logged() { grep -rqE "$1" "$log" 2>/dev/null || { [ ! -f "$log" ] || cat "$log"; return 1; }; }
checked() { koshin config check >"$stage/said" 2>&1; said "$1"; }

expect "a renewal runs them" renew
expect "the first has run once" [ "$(runs runs)" = 1 ]
expect "it got the new certificate" got_the_certificate
expect "and knows what happened" variable KOSHIN_EVENT renewed
expect "and of which token" variable KOSHIN_TOKEN_LABEL '.+'
expect "and what the certificate is for" variable KOSHIN_PURPOSE log_in
expect "and where Windows is" variable SystemRoot '[Cc]:\\windows'
expect "nothing of the caller's environment gets there" no_variable KOSHIN_SECRET_OF_THE_USER
expect "it began in Windows' folder" grep -qi 'c:.windows' "$out/folder"
expect "what it said is in the log" logged "the hook was here"
expect "one that leaves a program behind has run" [ "$(runs left)" = 1 ]
expect "and the program is gone" [ -z "$(left_programs)" ]
expect "which is seen while it runs" is_seen_while_it_runs
expect "the one that failed is named" said "30-fail.cmd"
look_again || true
look_again || true
look_again || true
expect "one that failed is run three times" [ "$(runs failed)" = 3 ]
expect "one that has run is not run again" [ "$(runs runs)" = 1 ]
expect "a copy is not run" [ "$(runs copy)" = 0 ]
expect "the check of the settings names what is no program" checked "40-text.txt"
expect "whatever its name says" checked "50-empty.exe"
[ "$failures" = 0 ]
