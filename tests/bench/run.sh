#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What ./dev bench runs: all measurements, one after the other, and their figures in one flat JSON object.
# usage: run.sh BUILD [--json FILE] [--only NAME]      NAME: token-calls, growth, wall-time, memory, agent, ui (the
# wizard's page), lost-answers
set -euo pipefail
build=$1
here=$(dirname "$(readlink -f "$0")")
shift
json="" only=""
while [ $# -gt 0 ]; do
  case "$1 ${2:+value}" in
    "--json value") json=$2 ;;
    "--only value") only=$2 ;;
    *) echo "usage: ./dev bench [--json FILE] [--only token-calls|growth|wall-time|memory|agent|ui|lost-answers]" >&2; exit 2 ;;
  esac
  shift 2
done
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT

case "$only" in
  agent | ui | lost-answers) ;;
  *) "$build/bin/koshin-bench" --json "$parts/1.json" ${only:+--only "$only"} ;;
esac
case "$only" in
  "" | lost-answers) "$build/bin/koshin_issuance_test" --gtest_brief=1 ;;
esac
case "$only" in
  "" | agent) "$build/bin/koshin-bench-agent" --json "$parts/2.json" ;;
esac
case "$only" in
  "" | ui)
    status=0
    KOSHIN_BIN=$build/bin node "$here/ui.mjs" --json "$parts/3.json" || status=$?
    # 77: Chromium is missing, and ui.mjs has said so.
    [ "$status" = 0 ] || [ "$status" = 77 ] || exit "$status"
    ;;
esac
[ -z "$json" ] || python3 - "$json" "$parts"/*.json <<'PYTHON'
import json, os, sys

figures = {}
for part in filter(os.path.exists, sys.argv[2:]):
    with open(part, encoding="utf-8") as stream:
        figures.update(json.load(stream))
with open(sys.argv[1], "w", encoding="utf-8") as stream:
    json.dump(figures, stream, indent=2)
    stream.write("\n")
PYTHON
