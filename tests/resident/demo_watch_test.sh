#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./dev demo --watch works, in the order it promises, and leaves nothing behind; and what its agent has published is taken by a
# real Prometheus. usage: demo_watch_test.sh SOURCE BUILD
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/parent"
status=0
KOSHIN_DEMO_METRICS=$work/koshin.prom KOSHIN_DEMO_PARENT=$work/parent LC_ALL=C.UTF-8 bash "$1/tests/e2e/demo_watch.sh" "$2" >"$work/out" 2>&1 || status=$?
cat "$work/out"
[ "$status" = 0 ] || exit "$status"
line_of() { grep -nF -m1 "$1" "$work/out" | cut -d: -f1; }
last=0
for words in "Watching" "A card is in" "renewal is due" "Step 8 of 8" "Renewed: the new certificate" "renewal is not due yet" "was removed."; do
  line=$(line_of "$words")
  [ -n "$line" ] && [ "$line" -gt "$last" ] || { echo "missing, or out of order: $words"; exit 1; }
  last=$line
done
[ -z "$(ls -A "$work/parent")" ] || { echo "left behind:"; ls -A "$work/parent"; exit 1; }
python3 "$1/tests/resident/monitoring_test.py" "$1" "$work/koshin.prom" "$2" || [ $? = 77 ]
