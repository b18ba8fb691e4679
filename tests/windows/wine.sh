# SPDX-License-Identifier: MIT
# wine with a prefix of its own, for run.sh and for whoever runs one test by hand. Sourced.
# Its drives beside wine's: K: is the build's folder, and M:, which KOSHIN_TEST_FOLDER names to Windows programs, one for what tests make.
# shellcheck shell=bash

wine=/usr/lib/wine/wine64
wineserver=/usr/lib/wine/wineserver64
[ -x "$wineserver" ] || wineserver=/usr/lib/wine/wineserver

wine_patience=180  # seconds, for a prefix that is new on a busy machine

# What the tests at a time make there, many times over; a container has 64 MB of it where nobody has asked for more.
memory_wanted=$((48 * 1024))  # KB
# make_test_folder [MEMORY]: sets KOSHIN_TEST_MEMORY. In memory where there is enough: SoftHSM and SQLite wait for the disk at each change.
make_test_folder() {
  local memory=${1:-/dev/shm} free
  free=$(df --output=avail -k "$memory" 2>/dev/null | tail -n 1) || free=0
  [ -w "$memory" ] && [ "${free:-0}" -ge "$memory_wanted" ] || memory=$(dirname "$WINEPREFIX")/temporary
  KOSHIN_TEST_MEMORY=$(mktemp -d "$memory/koshin-windows-XXXXXX")
  chmod 755 "$KOSHIN_TEST_MEMORY"
  export KOSHIN_TEST_MEMORY KOSHIN_TEST_FOLDER='M:\'
}

# give_drives PREFIX BUILD: drives, since others could replace what lies below the root's /tmp or /dev/shm, and it would not be believed.
give_drives() {
  ln -sfn "$2" "$1/dosdevices/k:"
  ln -sfn "$KOSHIN_TEST_MEMORY" "$1/dosdevices/m:"
}

# remove_left_behind PREFIX: what a run in this prefix has made for its tests and, having been killed, not removed.
remove_left_behind() {
  local left
  left=$(readlink "$1/dosdevices/m:") || left=""
  [[ ! $left =~ /koshin-windows-[A-Za-z0-9]{6}$ ]] || rm -rf "$left"
  rm -rf "$(dirname "$1")"/temporary/{copies.,koshin-windows-}??????
}

# start_wine PREFIX: makes the prefix when it is not there. Nothing of the person who runs this is touched, and nothing is
# shown on a screen.
start_wine() {
  export WINEPREFIX=$1 WINESERVER=$wineserver WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
  unset DISPLAY WAYLAND_DISPLAY
  # What belongs to others or can be written by them is not believed, and wine shows permissions as access lists.
  umask 022
  mkdir -p "$WINEPREFIX"
  if ! [ -f "$WINEPREFIX/prepared" ]; then
    "$wine" wineboot -i </dev/null >/dev/null 2>&1
    # Windows that nobody sees need no display. Here, since a desktop keeps the driver that it was begun with.
    "$wine" reg add 'HKCU\Software\Wine\Drivers' /v Graphics /t REG_SZ /d null /f </dev/null >/dev/null 2>&1
    # The server that wineboot has started goes on while its services end, and refuses to become the persistent one below.
    timeout "$wine_patience" "$wineserver" -w </dev/null >/dev/null 2>&1 || "$wineserver" -k </dev/null >/dev/null 2>&1 || true
    touch "$WINEPREFIX/prepared"
  fi
  mkdir -p "$(dirname "$WINEPREFIX")/temporary"
  remove_left_behind "$WINEPREFIX"
  make_test_folder
  give_drives "$WINEPREFIX" "$(dirname "$WINEPREFIX")"
  "$wineserver" -p </dev/null >/dev/null 2>&1
  # A program that crashes, as tests make some do, leaves no debugger behind that holds its output.
  "$wine" reg add 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /t REG_SZ /d 'cmd.exe /c rem' /f \
    </dev/null >/dev/null 2>&1
  # wine's user is an administrator, as root is here: with User Account Control off, what belongs to that user is one's.
  "$wine" reg add 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' /v EnableLUA /t REG_DWORD /d 0 /f \
    </dev/null >/dev/null 2>&1
}

# end_wine: with the other prefix, that of tests with a screen, whose programs a test that was cut off has left running.
end_wine() {
  local prefix
  for prefix in "$WINEPREFIX" "$WINEPREFIX-screen"; do
    [ ! -d "$prefix" ] || WINEPREFIX=$prefix timeout --kill-after=5 20 "$wineserver" -k </dev/null >/dev/null 2>&1 || true
  done
  [ -z "${KOSHIN_TEST_MEMORY:-}" ] || rm -rf "$KOSHIN_TEST_MEMORY"
}
