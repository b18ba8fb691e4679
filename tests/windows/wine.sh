# SPDX-License-Identifier: MIT
# wine with a prefix of its own, for run.sh and for whoever runs one test by hand. Sourced.
# shellcheck shell=bash

wine=/usr/lib/wine/wine64
wineserver=/usr/lib/wine/wineserver64
[ -x "$wineserver" ] || wineserver=/usr/lib/wine/wineserver

# start_wine PREFIX: makes the prefix when it is not there. Nothing of the person who runs this is touched, and nothing is
# shown on a screen.
start_wine() {
  export WINEPREFIX=$1 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
  unset DISPLAY WAYLAND_DISPLAY
  # What belongs to others or can be written by them is not believed, and wine shows permissions as access lists.
  umask 022
  mkdir -p "$WINEPREFIX"
  [ -f "$WINEPREFIX/system.reg" ] || "$wine" wineboot -i </dev/null >/dev/null 2>&1
  "$wineserver" -p </dev/null >/dev/null 2>&1
  "$wine" cmd /c rem </dev/null >/dev/null 2>&1
}

end_wine() { "$wineserver" -k </dev/null >/dev/null 2>&1 || true; }
