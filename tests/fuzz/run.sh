#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the harnesses as libFuzzer programs with both sanitizers, two at a time, until each has had its executions or its
# time, and puts the inputs that reach something new, minimised, back into tests/fuzz/corpus, which ./dev test replays.
# usage: tests/fuzz/run.sh [--executions N] [--seconds N] [--keep-corpus] [HARNESS]...   (called by ./dev fuzz, which builds)
# Without HARNESS: all. An input that ends a harness stays in build/finds, and the run fails.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
executions=10000000 seconds=600 keep= corpus_bytes=14000
programs=build/fuzz/bin finds=build/finds work=build/fuzz-work

while [ $# -gt 0 ]; do
  case "$1" in
    --executions) executions=${2:?--executions wants a number}; shift 2 ;;
    --seconds) seconds=${2:?--seconds wants a number}; shift 2 ;;
    --keep-corpus) keep=1; shift ;;
    -*) printf 'fuzz: unknown option %s\n' "$1" >&2; exit 2 ;;
    *) break ;;
  esac
done
if [ $# -eq 0 ]; then
  mapfile -t harnesses < <(find "$programs" -name 'koshin-fuzz-*' -type f -executable | sed 's/.*koshin-fuzz-//' | sort)
  [ ${#harnesses[@]} -gt 0 ] || { printf 'fuzz: no harness in %s\n' "$programs" >&2; exit 1; }
  set -- "${harnesses[@]}"
fi
mkdir -p "$finds" "$work"

# LeakSanitizer cannot attach where the caller is traced; every other finding ends the harness.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1

fuzz_one() {
  local name=$1 program=$programs/koshin-fuzz-$1 corpus=tests/fuzz/corpus/${1//-/_}
  local grown=$work/$name log=$work/$name.log begin=$SECONDS status=0
  [ -x "$program" ] || { printf 'fuzz: there is no harness %s\n' "$name" >&2; return 2; }
  mkdir -p "$grown"
  "$program" "$grown" "$corpus" -runs="$executions" -max_total_time="$seconds" -max_len=16384 -timeout=15 \
    -rss_limit_mb=2048 -reduce_inputs=1 -print_final_stats=1 -verbosity=1 -artifact_prefix="$finds/$name-" \
    >"$log" 2>&1 || status=$?
  printf '%-16s %10s executions %5d s   coverage %s   %s\n' "$name" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" $((SECONDS - begin)) \
    "$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2)" \
    "$([ $status = 0 ] && echo 'nothing found' || echo "FOUND SOMETHING: $log, $finds/$name-*")"
  return $status
}

# A small set of inputs that reaches what all of them reach, the shortest first and no more than a harness's share of what a
# repository should hold; those with a name that says what they are stay.
minimise() {
  local name=$1 program=$programs/koshin-fuzz-$1 corpus=tests/fuzz/corpus/${1//-/_} merged=$work/$1.merged
  rm -rf "$merged" && mkdir -p "$merged"
  find "$corpus" -type f -regextype egrep ! -regex '.*/[0-9a-f]{40}' -exec cp -t "$merged" {} +
  "$program" -set_cover_merge=1 -max_len=16384 "$merged" "$corpus" "$work/$name" >"$work/$name.merge.log" 2>&1 || return 0
  find "$corpus" -type f -regextype egrep -regex '.*/[0-9a-f]{40}' -delete
  find "$merged" -type f -regextype egrep -regex '.*/[0-9a-f]{40}' -printf '%s %p\n' | sort -n |
    awk -v most="$corpus_bytes" '(sum += $1) <= most { print $2 }' | xargs -r cp -t "$corpus"
}

export -f fuzz_one
export executions seconds programs finds work
status=0
printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} bash -c 'fuzz_one {}' || status=1
[ -n "$keep" ] || for name; do minimise "$name"; done
exit $status
