#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./dev demo --ui: the wizard's page for a person to try, on a software token at a stand-in bank. usage: demo_ui.sh BUILD
set -euo pipefail
export BUILD=${1:?usage: demo_ui.sh BUILD}
here=$(dirname "$(readlink -f "$0")")
# The browser is the person's own: it needs the folders that the demonstration hides from koshin.
own=(HOME="$HOME" XDG_CONFIG_HOME="${XDG_CONFIG_HOME:-$HOME/.config}")
[ -z "${XDG_RUNTIME_DIR:-}" ] || own+=(XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR")
# shellcheck source=tests/e2e/demo_common.sh
. "$here/demo_common.sh"

provision 12
start_bank
write_settings "branding.bank_name = \"さくらテスト銀行\"" "branding.bank_name_en = \"Sakura Test Bank\"" "branding.help_desk = \"0120-000-000\"" "page.idle_timeout = 1800" "log.level = \"warning\""

heading "The wizard. The software token's PIN is $PIN."
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${BROWSER:-}" ] && command -v xdg-open >/dev/null; then
  echo "Its page opens in your browser. End it there, or with Ctrl-C."
  arguments=()
else
  echo "No browser can be opened here. Open this address on this computer, as this user; it works once. End it on the page, or with Ctrl-C."
  arguments=(--print-url)
fi
# The headings above are English.
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in ja*) ;; *) arguments+=(--language en) ;; esac
env "${own[@]}" "$BUILD/bin/koshin-ui" --page-only "${arguments[@]}" --settings "$SETTINGS" </dev/null 9>&-
