#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Logs in with a browser as a person does who has named the token's module to it (koshin browser add): types the PIN where the browser asks for
# it, and takes the certificate that the browser offers first.
# usage: browser_log_in.sh chromium|firefox|chromium-by-proxy|firefox-by-proxy KOSHIN MODULE PIN ANCHORS URL FOLDER
# "by-proxy": the browser has p11-kit's proxy module already, by which it has MODULE; koshin must add nothing then.
# Exit code 0: the bank's page "Log in" has come; 3: Firefox shows that the connection has failed; 1: nothing of the kind.
set -euo pipefail
browser=${1%-by-proxy} koshin=$2 module=$3 pin=$4 anchors=$5 url=$6 folder=$7
proxy=
[ "$browser" = "$1" ] || proxy=$(pkg-config --variable=proxy_module p11-kit-1)
rm -rf "$folder" && mkdir -p "$folder/home" && cd "$folder"
export HOME=$folder/home
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS

started=()
# shellcheck disable=SC2317  # called by the trap
end_all() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap end_all EXIT

# A database of NSS: $1, with the module and the bank's root in it.
make_database() {
  mkdir -p "$1"
  certutil -N -d "sql:$1" --empty-password
  printf '[token]\nmodules = ["%s"]\n' "$module" >koshin.toml
  if [ -n "$proxy" ]; then
    printf '[token]\nmodules = ["p11-kit:softhsm2"]\n' >koshin.toml
    modutil -force -dbdir "sql:$1" -add p11-kit -libfile "$proxy"
    cp "$1/pkcs11.txt" before.txt
  fi
  "$koshin" --settings koshin.toml browser add
  if [ -n "$proxy" ]; then cmp before.txt "$1/pkcs11.txt"; fi
  certutil -A -d "sql:$1" -n root -t C,, -i "$anchors"
}

# All stay in this script's process group: whoever gives up on it ends them with it.
mkfifo display
Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>display >/dev/null 2>&1 &
started+=($!)
read -r number <display
export DISPLAY=:$number

case $browser in
  chromium)
    make_database "$HOME/.pki/nssdb"
    prompt="Unlock Security Device"
    chromium --no-sandbox --user-data-dir="$folder/profile" --no-first-run --disable-gpu --password-store=basic \
      --disable-background-networking "$url" >browser.log 2>&1 &
    ;;
  firefox)
    profile=$HOME/.mozilla/firefox/log-in.default
    make_database "$profile"
    prompt="Password Required"
    cat >"$profile/user.js" <<'TEXT'
user_pref("security.default_personal_cert", "Select Automatically");
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.preonboarding.enabled", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
TEXT
    firefox-esr --profile "$profile" --no-remote "$url" >browser.log 2>&1 &
    ;;
esac
started+=($!)

# The first window whose title begins so.
window() { { xdotool search --onlyvisible --name "^$1" 2>/dev/null || true; } | head -n 1; }

typed=
while [ "$SECONDS" -lt 90 ]; do
  sleep 0.5
  [ -z "$(window 'Log in')" ] || exit 0
  [ -z "$(window 'Warning: Security Risk')" ] || exit 3
  asking=$(window "$prompt")
  if [ -n "$asking" ] && [ -z "$typed" ]; then
    sleep 1 # until it takes keys
    xdotool windowfocus --sync "$asking" type --delay 60 "$pin"
    xdotool key Return
    typed=yes
    sleep 2
  elif [ -z "$asking" ] && [ -n "$typed" ] && [ "$browser" = chromium ]; then
    xdotool windowfocus --sync "$(window '.*Chromium')" key Return || true # the list of certificates
    sleep 1
  fi
done
echo "$browser shows: $(xdotool search --onlyvisible --name . getwindowname %@ 2>/dev/null | tr '\n' '|')"
tail -n 20 browser.log
exit 1
