#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The demonstration works, shows what it promises, and leaves nothing behind. usage: demo_test.sh BUILD
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
if [ -w /dev/shm ]; then work=$(mktemp -d /dev/shm/koshin-demo-test.XXXXXX); else work=$(mktemp -d); fi
trap 'rm -rf "$work"' EXIT
export KOSHIN_DEMO_PARENT=$work/parent
mkdir "$KOSHIN_DEMO_PARENT"

LC_ALL=C.UTF-8 bash "$here/demo.sh" "$1" >"$work/out" 2>"$work/err" || { cat "$work/out" "$work/err"; exit 1; }
for words in "DUE NOW" "The certificate was renewed." "replaced by a newer certificate" "Logged in: 12345678901234 user0001 with the new certificate"; do
  grep -qF "$words" "$work/out" || { echo "missing: $words"; cat "$work/out" "$work/err"; exit 1; }
done
[ ! -s "$work/err" ] || { echo "said on stderr:"; cat "$work/err"; exit 1; }
LC_ALL=ja_JP.UTF-8 bash "$here/demo.sh" "$1" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
grep -qF "電子証明書を更新しました。" "$work/out" || { echo "not in Japanese"; cat "$work/out"; exit 1; }

[ -z "$(ls -A "$KOSHIN_DEMO_PARENT")" ] || { echo "left behind:"; ls -A "$KOSHIN_DEMO_PARENT"; exit 1; }
