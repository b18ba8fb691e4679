#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# House rules that no compiler knows. usage: check.sh TREE   Prints one line for each breach; exit 1 when there is one.
set -euo pipefail
cd "${1:?usage: check.sh TREE}"
breaches=0
breach() { printf '%s\n' "$*"; breaches=$((breaches + 1)); }

if git rev-parse --is-inside-work-tree >/dev/null 2>&1 && [ "$(git rev-parse --show-toplevel)" = "$PWD" ]; then
  mapfile -t files < <(git ls-files | grep -vE '^tests/house_rules/fixtures/')
else
  mapfile -t files < <(find . -type f -printf '%P\n' | sort)
fi

for file in "${files[@]}"; do
  [ -f "$file" ] || continue
  case "$file" in
    *.cpp | *.hpp | *.c | *.h | *.js | *.mjs | *.css | *.sh | dev | .ci/run)
      lines=$(wc -l <"$file")
      [ "$lines" -le 330 ] || breach "$file: $lines lines; split it where it has two reasons to change (about 300)"
      head -3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || breach "$file: no SPDX-License-Identifier in its first lines"
      ;;
    *.md | *.txt | *.cmake | */CMakeLists.txt | CMakeLists.txt | *.json | *.yaml | *.service | *.rules) ;;
    *) continue ;;
  esac
  case "$file" in tests/house_rules/check.sh) continue ;; esac
  while IFS= read -r hit; do breach "$file:$hit: unfinished by its own words"; done \
    < <(grep -nIE '\b(TODO|FIXME|XXX|HACK)\b|[Nn]ot implemented' "$file" | cut -d: -f1)
  while IFS= read -r hit; do breach "$file:$hit: points outside the project"; done \
    < <(grep -nIE '\.\./shared|/work/(main|shared)|\bissue #?[0-9]' "$file" | cut -d: -f1)
  while IFS= read -r hit; do breach "$file:$hit: names a package registry's host"; done \
    < <(grep -nIE 'registry\.npmjs|registry\.yarnpkg|deb\.debian\.org|pypi\.org' "$file" | cut -d: -f1)
  case "$file" in
    agent/*.cpp | agent/*.hpp | pkcs11/*.cpp | ui-bridge/*.cpp)
      while IFS= read -r hit; do breach "$file:$hit: getenv of something secret"; done \
        < <(grep -nE 'getenv\("[A-Z_]*(PIN|PASSWORD|SECRET|CODE)' "$file" | cut -d: -f1)
      ;;
  esac
  case "$file" in
    *_posix.cpp | *_linux.cpp | *_windows.cpp | tests/*) ;;
    agent/*.cpp | agent/*.hpp | pkcs11/*.cpp | pkcs11/*.hpp | ui-bridge/*.cpp | ui-bridge/*.hpp)
      while IFS= read -r hit; do breach "$file:$hit: a system header outside a *_posix, *_linux or *_windows file"; done \
        < <(grep -nE '#include <(unistd|fcntl|poll|signal|dlfcn|termios|sys/[a-z]+|systemd/[a-z-]+|windows)\.h>' "$file" | cut -d: -f1)
      ;;
  esac
done
[ "$breaches" -eq 0 ] || { printf '%d breaches of the house rules\n' "$breaches"; exit 1; }
echo "house rules kept in ${#files[@]} files"
