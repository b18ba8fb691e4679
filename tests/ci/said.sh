# SPDX-License-Identifier: MIT
# A folder of the test's own, which goes with it, and what the tested script has said: $folder/said. Sourced.
# shellcheck shell=bash

# shellcheck disable=SC2034  # for whoever sources this
tree=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# wrong WORDS: a failure, shown with what was said.
wrong() {
  echo "FAILED: $1"
  sed 's/^/    /' "$folder/said"
  failures=$((failures + 1))
}
# says PATTERN, says_not PATTERN: in some line or in none; says_line LINE: the whole of one.
says() { grep -qE "$1" "$folder/said" || wrong "does not say: $1"; }
says_not() { ! grep -qE "$1" "$folder/said" || wrong "says: $1"; }
says_line() { grep -qxF "$1" "$folder/said" || wrong "does not say: $1"; }
