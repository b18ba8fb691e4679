#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The wizard's pictures, and the manuals with them, as HTML and PDF; ./dev screens runs it when the programs are built.
# usage: make.sh BIN [SCREEN]            the project's own: pictures into docs/screens (of one screen alone: SCREEN), manuals
#                                        into build/manuals
#        make.sh BIN --settings FILE [--bank NAME] [--bank-pages FOLDER] OUT
#                                        a bank's: with [branding] of these settings; both into OUT
# BIN: where the built programs are. Debian's Python has the module markdown; another one in PATH need not.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
tree=$(readlink -f "$here/../..")
wrong() { printf 'usage: ./dev screens [SCREEN]\n       ./dev screens --settings FILE [--bank NAME] [--bank-pages FOLDER] OUT\n' >&2; exit 2; }

bin=$(readlink -f "${1:?usage: make.sh BIN …}")
shift
settings='' bank=() bank_pages=''
while [ $# -gt 0 ]; do
  case $1 in
    --settings) settings=$(readlink -e "${2:-}") || { echo "make.sh: ${2:-} is not there" >&2; exit 1; }; shift 2 ;;
    --bank) bank=(--bank "${2:?}"); shift 2 ;;
    --bank-pages) bank_pages=$(readlink -e "${2:-}") || { echo "make.sh: ${2:-} is not there" >&2; exit 1; }; shift 2 ;;
    -*) wrong ;;
    *) break ;;
  esac
done
[ $# -le 1 ] || wrong
export KOSHIN_BIN=$bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/koshin-failure-list" >"$work/failures.json"

if [ -n "$settings" ]; then
  out=${1:?usage: make.sh BIN --settings FILE … OUT}
  mkdir -p "$out/pictures"
  out=$(readlink -f "$out")
  "$bin/koshin" config show --json --settings "$settings" >"$work/settings.json" ||
    { echo "make.sh: koshin config check --settings $settings says what is wrong" >&2; exit 1; }
  for picture in "$tree"/docs/screens/bank_*.png; do cp "$picture" "$out/pictures/"; done
  if [ -n "$bank_pages" ]; then cp "$bank_pages"/bank_*.png "$out/pictures/"; fi
  # Before the pictures, which take minutes: a bank that the settings do not have is told at once.
  /usr/bin/python3 "$here/manuals.py" --failures "$work/failures.json" --pictures "$tree/docs/screens" --settings "$work/settings.json" "${bank[@]}" "$work/first"
  node "$tree/tests/ui-bridge/browser/pictures.mjs" "$out/pictures" --settings "$work/settings.json" "${bank[@]}"
  made=(--pictures "$out/pictures" --settings "$work/settings.json" "${bank[@]}" "$out")
else
  if [ ${#bank[@]} != 0 ] || [ -n "$bank_pages" ]; then wrong; fi
  node "$tree/tests/ui-bridge/browser/pictures.mjs" "$tree/docs/screens" ${1:+--only "$1"}
  out=$tree/build/manuals
  made=(--pictures "$tree/docs/screens" "$out")
fi
/usr/bin/python3 "$here/manuals.py" --failures "$work/failures.json" --pdf "${made[@]}"
bash "$here/print.sh" "$out"
printf 'manuals: %s\n' "$out"/*/index.html
