#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What ./dev bench runs: BUILD is the build folder, the rest goes to koshin-bench (--json FILE, --only NAME). "--only ui" is
# the wizard's page alone; its figures join the others in FILE.
set -euo pipefail
build=$1
shift
here=$(dirname "$(readlink -f "$0")")
json="" only="" arguments=("$@")
while [ $# -gt 0 ]; do
  case "$1" in
    --json) json=${2:?--json needs a file}; shift ;;
    --only) only=${2:?--only needs a name}; shift ;;
  esac
  shift
done

[ "$only" = ui ] || "$build/bin/koshin-bench" "${arguments[@]}"
[ -z "$only" ] || [ "$only" = ui ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
KOSHIN_BIN=$build/bin node "$here/ui.mjs" --json "$work/ui.json" || { code=$?; [ "$code" = 77 ] && exit 0; exit "$code"; }
[ -z "$json" ] || python3 - "$json" "$work/ui.json" <<'PYTHON'
import json, os, sys
target, more = sys.argv[1:]
figures = json.load(open(target)) if os.path.exists(target) and os.path.getsize(target) else {}
figures.update(json.load(open(more)))
with open(target, "w") as out:
    json.dump(figures, out, indent=2)
    out.write("\n")
PYTHON
