#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# koshin-mail.exe at a real SMTP server that insists on STARTTLS and a password, by itself and as koshin-ui.exe --remind starts it:
# mails in Japanese, a wrong password, a server that nobody vouches for. usage: mail_test.sh BUILD
set -euo pipefail
BUILD=$(readlink -f "${1:?usage: mail_test.sh BUILD}")
export BUILD
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/windows/stage.sh
. "$here/stage.sh"
# shellcheck source=tests/windows/mail_server.sh
. "$here/mail_server.sh"

mail_cleanup() {
  end_mail_server
  stage_cleanup
}
trap mail_cleanup EXIT

mkdir "$stage/server" "$stage/other"
start_mail_server "$stage/server"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$stage/other/key.pem" -out "$stage/other/cert.pem" 2>/dev/null

password=mail-passwort-1  # mail_server.py's
# write_mail ANCHORS: what the administrator sets.
write_mail() {
  printf '[branding]\nbank_name = "さくら銀行"\n[mail]\nurl = "smtp://localhost:%s"\nfrom = "bank@example.test"\nto = "user@example.test"\nuser = "koshin"\npassword_file = "%s"\ntrust_anchors = "%s"\nlanguage = "ja"\n' \
    "$port" "$(windows_path "$stage/password")" "$(windows_path "$1")" >"$stage/koshin.toml"
  chmod 600 "$stage/koshin.toml"
  SETTINGS=$(windows_path "$stage/koshin.toml")
}
write_password() {
  printf '%s\n' "$1" >"$stage/password"
  chmod 600 "$stage/password"
}
expires=$(date -u -d '+7 days +1 hour' +%Y-%m-%dT%H:%M:%SZ)
# mail [ARGUMENT]...: sets `status`.
mail() {
  status=0
  run koshin-mail --settings "$SETTINGS" --token-label "トークン 1" --expires "$expires" "$@" >"$stage/said" 2>&1 8>&- || status=$?
}
sent() { [ "$status" = 0 ] || { cat "$stage/said"; return 1; }; }
# not_sent DETAIL: koshin-mail ended with 1, which is that of a mail that was not delivered, and its log says why.
not_sent() { [ "$status" = 1 ] && said "the notice could not be sent by mail" && said "$1"; }
# How often somebody has tried a password at the server.
attempts() { grep -c '^AUTH ' "$stage/server.log" || true; }
are_attempts() { [ "$(attempts)" = "$1" ] || { cat "$stage/server.log" "$stage/said"; return 1; }; }
# last FIELD PATTERN: of the last mail, as its reader sees it.
last() {
  tail -n 1 "$stage/mails" | python3 -c '
import json, re, sys
value = json.load(sys.stdin)[sys.argv[1]] or ""
sys.exit(None if re.search(sys.argv[2], value) else f"{sys.argv[1]}: {value}")' "$1" "$2"
}
tells_no_password() { ! grep -qF "$password" "$stage/said"; }
remind() { run koshin-ui --remind --settings "$SETTINGS" >"$stage/said" 2>&1 8>&- || { cat "$stage/said"; return 1; }; }

write_mail "$stage/server/cert.pem"
write_password "$password"
mail
expect "a mail goes out over STARTTLS, with the password" sent
expect "and comes once" are_mails 1
expect "from the user who has the password" last user '^koshin$'
expect "to whom it is for" last to '^user@example\.test$'
expect "its subject is Japanese" last subject '電子証明書の更新のお願い \(あと 7 日\)'
expect "so is what it says" last body 'さくら銀行'
expect "with the token's name" last body 'トークン 1'
expect "the password is not told" tells_no_password
expect "it was tried once" are_attempts 1
write_password wrong
mail
expect "a wrong password is refused" not_sent "Login denied \(answer 535: "
expect "and no mail comes" are_mails 1
expect "nor is it tried again" are_attempts 2
write_password "$password"
write_mail "$stage/other/cert.pem"
mail
expect "a server that nobody vouches for is refused" not_sent "SSL certificate problem: (self.signed certificate|unable to get local issuer certificate)"
expect "and gets no mail" are_mails 1
expect "nor the password" are_attempts 2
write_mail "$stage/server/cert.pem"
expect "a certificate expires in five days" run koshin-reminder-tool remember 5 8>&-
expect "the task of the reminders runs" remind
expect "and its mail has gone out the same way" are_mails 2
expect "in Japanese, with the days that are left" last subject 'あと 5 日'
[ "$failures" = 0 ]
