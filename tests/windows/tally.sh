#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a run of the Windows tests under wine has shown, from ctest's log: cases of each program beside those of the same program
# on Linux, places that sweeps interrupted something at with their losses, and what is not run at all.
# usage: tally.sh BUILD [LINUX-BUILD]   Without programs of Linux in LINUX-BUILD, their numbers are left out.
set -euo pipefail
build=$(readlink -f "${1:?usage: tally.sh BUILD [LINUX-BUILD]}")
linux=${2:-}
[ -d "$linux/bin" ] || linux=""
log=$build/Testing/Temporary/LastTest.log
[ -s "$log" ] || { echo "tally.sh: $log is missing: no test was run" >&2; exit 1; }
grep -qE '^[0-9]+/[0-9]+ Test: ' "$log" || { echo "tally.sh: no test is in $log" >&2; exit 1; }

# cases_of PROGRAM: how many cases that program of Linux has; nothing where it is not built.
cases_of() { [ ! -x "$1" ] || "$1" --gtest_list_tests 2>/dev/null | grep -c '^  [^ ]' || true; }
linux_programs() {
  [ -z "$linux" ] || find "$linux/bin" -maxdepth 1 -type f -executable \( -name '*_test' -o -name '*_sweep' -o -name 'koshin_storms' \
    -o -name 'koshin_bad_input' \) -printf '%f\n' | sort
}

# "NAME CASES": what GoogleTest's last line says of each program; the shares of one are named NAME.1, NAME.2, ...
ran=$(awk '/^[0-9]+\/[0-9]+ Test: / { name = $3 } /^\[  PASSED  \] [0-9]+ tests?\.$|^\[  PASSED  \] [0-9]+ tests?\.\r$/ { sub(/\.[0-9]+$/, "", name); cases[name] += $4 }
  END { for (name in cases) print name, cases[name] }' "$log" | sort)
sum=0 sum_linux=0
while read -r name cases; do
  [ -n "$name" ] || continue
  beside=$(cases_of "${linux:-/nowhere}/bin/$name")
  sum=$((sum + cases)) sum_linux=$((sum_linux + ${beside:-0}))
  printf '   %-32s %4d cases%s\n' "$name" "$cases" "${beside:+ of $beside on Linux}"
done <<<"$ran"
awk '/^[0-9]+\/[0-9]+ Test: / { name = $3 } /^ok: / { ok[name]++ } /^ok +[^ ]/ { ok[name]++ }
  END { for (name in ok) printf "   %-32s %4d checks\n", name, ok[name] }' "$log" | sort
absent=$(linux_programs | grep -vxFf <(cut -d' ' -f1 <<<"$ran") || true)
if [ -n "$absent" ]; then
  cases=0
  for name in $absent; do cases=$((cases + $(cases_of "$linux/bin/$name"))); done
  echo "   NOT RUN under wine, $cases cases of these programs of Linux: $(paste -sd' ' <<<"$absent")"
fi
printf '== under wine: %d cases%s; ' "$sum" "${linux:+ ($sum_linux in the same programs on Linux)}"
awk '/^swept [0-9]+ points / { sub(/\r$/, ""); points += $2; losses += $(NF - 1) } END { printf "sweeps: %d points, %d losses\n", points, losses }' "$log"
