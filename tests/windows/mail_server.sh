# SPDX-License-Identifier: MIT
# A real SMTP server, tests/ui-bridge/mail_server.py, and what has come to it. Sourced after stage.sh. It lives as long as somebody holds
# descriptor 8: whatever may outlive the test is started with 8>&-.
# shellcheck shell=bash

mail_server_pid=""
# start_mail_server [FOLDER]: sets `port`; what FOLDER is for, mail_server.py says. Its own log is in $stage/server.log.
start_mail_server() {
  mkfifo "$stage/alive"
  /usr/bin/python3 "$here/../ui-bridge/mail_server.py" "$@" <"$stage/alive" >"$stage/mails" 2>"$stage/server.log" &
  mail_server_pid=$!
  exec 8>"$stage/alive"
  comes [ -s "$stage/mails" ] || true
  port=$(grep -oE '[0-9]+' "$stage/mails" | head -1) || true
  [ -n "$port" ] || { echo "no SMTP server"; cat "$stage/mails" "$stage/server.log"; exit 1; }
}
end_mail_server() {
  exec 8>&-
  [ -z "$mail_server_pid" ] || wait "$mail_server_pid" 2>/dev/null || true
}

# How many mails have come, each of which is a line of JSON in $stage/mails behind the port's.
mails() { tail -n +2 "$stage/mails" | wc -l; }
are_mails() { [ "$(mails)" = "$1" ] || { cat "$stage/mails" "$stage/said"; return 1; }; }
