#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# House rules that no compiler knows. usage: check.sh TREE   Prints one line for each breach; exit 1 when there is one.
set -euo pipefail
cd "${1:?usage: check.sh TREE}"
breaches=$(mktemp)
trap 'rm -f "$breaches"' EXIT

if git rev-parse --is-inside-work-tree >/dev/null 2>&1 && [ "$(git rev-parse --show-toplevel)" = "$PWD" ]; then
  mapfile -t files < <(git ls-files)
else
  mapfile -t files < <(find . -type f -printf '%P\n' | sort)
fi

# The tracked files that are there and whose path fits: PATTERN [PATTERN THAT MUST NOT FIT].
choose() {
  local file
  for file in "${files[@]}"; do
    if [[ $file =~ $1 && ! $file =~ ${2:-^$} && -f $file && ! -L $file ]]; then printf '%s\n' "$file"; fi
  done
}

# No line of these files may fit: WORDS EXPRESSION FILE...
forbid() {
  local words=$1 expression=$2
  shift 2
  [ $# -gt 0 ] || return 0
  { grep -nHIE "$expression" "$@" || true; } | sed -E "s|^([^:]*:[0-9]+):.*|\1: $words|" >>"$breaches"
}

mapfile -t code < <(choose '\.(cpp|hpp|c|h|js|mjs|css|sh)$|^dev$|^\.ci/run$')
mapfile -t texts < <(choose '\.(cpp|hpp|c|h|js|mjs|css|sh|md|txt|cmake|json|yaml|service|rules)$|^dev$|^\.ci/run$' \
  '^tests/house_rules/check\.sh$|^tests/fuzz/corpus/')
mapfile -t product < <(choose '^(agent|pkcs11|ui-bridge)/.*\.(cpp|hpp)$')
mapfile -t portable < <(choose '^(agent|pkcs11|ui-bridge)/.*\.(cpp|hpp)$' '_(posix|linux|windows)\.cpp$')

if [ ${#code[@]} -gt 0 ]; then
  awk '
    function closed() {
      if (name == "") return
      if (lines > 330) print name ": " lines " lines; split it where it has two reasons to change (about 300)"
      if (!licensed) print name ": no SPDX-License-Identifier in its first lines"
    }
    FNR == 1 { closed(); name = FILENAME; licensed = 0 }
    { lines = FNR }
    FNR <= 3 && /SPDX-License-Identifier: MIT/ { licensed = 1 }
    END { closed() }' "${code[@]}" >>"$breaches"
fi
forbid "unfinished by its own words" '\b(TODO|FIXME|XXX|HACK)\b|[Nn]ot implemented' "${texts[@]}"
forbid "points outside the project" '\.\./[s]hared|/[w]ork/[a-z]|\bissue #?[0-9]' "${texts[@]}"
forbid "names a package registry's host" '\bregistry\.[a-z]+\.(org|com)|\b(deb|security|ftp)\.[a-z]+\.org|\bpypi\.[a-z]' "${texts[@]}"
forbid "getenv of something secret" 'getenv\("[A-Z_]*(PIN|PASSWORD|SECRET|CODE)' "${product[@]}"
forbid "a system header outside a *_posix, *_linux or *_windows file" \
  '#include <(unistd|fcntl|poll|signal|dlfcn|termios|sys/[a-z]+|systemd/[a-z-]+|windows)\.h>' "${portable[@]}"

# The last column of the threat model names tests: "Suite", "Suite.CaseThatBegins…" or "hostile: words of one …", "refused: …".
if [ -f docs/threat-model.md ]; then
  while IFS= read -r name; do
    words=${name%…}
    case "$name" in
      hostile:* | refused:*) pattern="test('${words% }" ;;
      *.*) pattern="(${words%%.*}, ${words#*.}" ;;
      *) pattern="($words, " ;;
    esac
    grep -rqF -- "$pattern" tests || echo "docs/threat-model.md: no test is called $name" >>"$breaches"
  done < <(awk -F'|' '/^\| who /, /^$/ { print $5 }' docs/threat-model.md | grep -oE '`[^`]+`' | tr -d '`')
fi

cat "$breaches"
[ ! -s "$breaches" ] || { printf '%d breaches of the house rules\n' "$(wc -l <"$breaches")"; exit 1; }
echo "house rules kept in ${#files[@]} files"
