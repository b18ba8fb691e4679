# SPDX-License-Identifier: MIT
# wine with a prefix of its own, for run.sh and for whoever runs one test by hand. Sourced.
# shellcheck shell=bash

wine=/usr/lib/wine/wine64
wineserver=/usr/lib/wine/wineserver64
[ -x "$wineserver" ] || wineserver=/usr/lib/wine/wineserver

wine_patience=180  # seconds, for a prefix that is new on a busy machine

# start_wine PREFIX: makes the prefix when it is not there. Nothing of the person who runs this is touched, and nothing is
# shown on a screen.
start_wine() {
  export WINEPREFIX=$1 WINESERVER=$wineserver WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
  unset DISPLAY WAYLAND_DISPLAY
  # What belongs to others or can be written by them is not believed, and wine shows permissions as access lists.
  umask 022
  mkdir -p "$WINEPREFIX"
  if ! [ -f "$WINEPREFIX/system.reg" ]; then
    "$wine" wineboot -i </dev/null >/dev/null 2>&1
    # The server that wineboot has started goes on while its services end, and refuses to become the persistent one below.
    timeout "$wine_patience" "$wineserver" -w </dev/null >/dev/null 2>&1 || "$wineserver" -k </dev/null >/dev/null 2>&1 || true
  fi
  # The build's folder is a drive: what lies below /tmp others could replace, and it would not be believed.
  ln -sfn "$(dirname "$WINEPREFIX")" "$WINEPREFIX/dosdevices/k:"
  mkdir -p "$(dirname "$WINEPREFIX")/temporary"
  "$wineserver" -p </dev/null >/dev/null 2>&1
  # A program that crashes, as tests make some do, leaves no debugger behind that holds its output.
  "$wine" reg add 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /t REG_SZ /d 'cmd.exe /c rem' /f \
    </dev/null >/dev/null 2>&1
  # Windows that nobody sees need no display.
  "$wine" reg add 'HKCU\Software\Wine\Drivers' /v Graphics /t REG_SZ /d null /f </dev/null >/dev/null 2>&1
  # wine's user is an administrator, as root is here: with User Account Control off, what belongs to that user is one's.
  "$wine" reg add 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' /v EnableLUA /t REG_DWORD /d 0 /f \
    </dev/null >/dev/null 2>&1
}

end_wine() { "$wineserver" -k </dev/null >/dev/null 2>&1 || true; }
