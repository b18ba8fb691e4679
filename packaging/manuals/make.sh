#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The wizard's pictures, and the manuals with them, as HTML and PDF; ./dev screens runs it when the programs are built.
# usage: make.sh BIN [SCREEN]            the project's own: pictures into docs/screens (of one screen alone: SCREEN), manuals
#                                        into build/manuals
#        make.sh BIN --settings FILE [--bank NAME] [--bank-pages FOLDER] OUT
#                                        a bank's: with [branding] of these settings; both into OUT, which is
#                                        empty, yet to be made, or has such manuals
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
  out=$(realpath -m -- "$out")
  "$bin/koshin" config show --json --settings "$settings" >"$work/settings.json" ||
    { echo "make.sh: koshin config check --settings $settings says what is wrong" >&2; exit 1; }
  options=(--failures "$work/failures.json" --settings "$work/settings.json" "${bank[@]}" ${bank_pages:+--bank-pages "$bank_pages"} --pdf "$out")
  # Before the pictures, which take minutes: a bank that the settings do not have, or a folder with something else, is told at once.
  /usr/bin/python3 "$here/manuals.py" --dry-run --pictures "$tree/docs/screens" "${options[@]}"
  mkdir "$work/pictures"
  cp "$tree"/docs/screens/bank_*.png "$work/pictures/"
  node "$tree/tests/ui-bridge/browser/pictures.mjs" "$work/pictures" --settings "$work/settings.json" "${bank[@]}"
  options=(--pictures "$work/pictures" "${options[@]}")
else
  if [ ${#bank[@]} != 0 ] || [ -n "$bank_pages" ]; then wrong; fi
  node "$tree/tests/ui-bridge/browser/pictures.mjs" "$tree/docs/screens" ${1:+--only "$1"}
  out=$tree/build/manuals
  rm -rf "$out"  # the tree's own, whatever has made it
  options=(--failures "$work/failures.json" --pictures "$tree/docs/screens" --pdf "$out")
fi
/usr/bin/python3 "$here/manuals.py" "${options[@]}"
bash "$here/print.sh" "$out"
printf 'manuals: %s\n' "$out"/*/index.html
