#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An ordinary user's ./dev demo does nothing, and says what to do instead. usage: not_root_test.sh SOURCE (as root)
set -euo pipefail
cd "${1:?usage: not_root_test.sh SOURCE}"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if [ "$(id -u)" != 0 ] || ! "${nobody[@]}" test -x dev; then
  echo "skipped: only root can become nobody, who must be able to reach the source"
  exit 77
fi
for arguments in "demo" "demo --ui" "demo --watch" "bench"; do
  # shellcheck disable=SC2086  # words of a command line
  said=$("${nobody[@]}" ./dev $arguments 2>&1) && { echo "./dev $arguments went on as nobody"; exit 1; }
  for words in "./dev $arguments needs root, and nothing was done" "sudo ./dev $arguments" "in a container of Debian 12"; do
    [[ $said == *"$words"* ]] || { printf 'not said: %s\n%s\n' "$words" "$said"; exit 1; }
  done
done
echo "passed"
