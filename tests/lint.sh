#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The checks that run no product code: formatting, shell syntax, house rules, a clang build, clang-tidy, cppcheck.
# usage: tests/lint.sh            (called by ./dev lint, which installs the tools)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
tree=build/clang
failed=0

check() {
  local name=$1 begin=$SECONDS
  shift
  if "$@" >"build/lint.log" 2>&1; then
    printf 'ok      %-22s %d s\n' "$name" $((SECONDS - begin))
  else
    printf 'FAILED  %-22s\n' "$name"
    tail -60 build/lint.log
    failed=$((failed + 1))
  fi
}

sources() { git ls-files -- '*.cpp' '*.hpp' '*.c' '*.h'; }

formatting() { sources | xargs clang-format --dry-run --Werror; }
shell_syntax() {
  local file
  git ls-files -- '*.sh' dev .ci/run | while read -r file; do bash -n "$file" || exit 1; done
}
house_rules() { bash tests/house_rules/check.sh .; }
clang_build() {
  cmake --preset clang -DCMAKE_BUILD_TYPE=Debug && cmake --build "$tree" --parallel "$(nproc)"
}
tidy() {
  # Product code, and the programs and fixtures of the tests. The test cases themselves are held to the warnings of both
  # compilers: GoogleTest's macros would double the time for little.
  git ls-files -- 'agent/*.cpp' 'pkcs11/*.cpp' 'ui-bridge/*.cpp' 'tests/*.cpp' | grep -v '_test\.cpp$' |
    xargs -P "$(nproc)" -n 2 clang-tidy --quiet -p "$tree"
}
cppcheck_sources() {
  cppcheck --quiet --std=c++20 --language=c++ --enable=warning,portability --inline-suppr --error-exitcode=1 \
    --suppress=missingIncludeSystem --suppress=missingInclude --suppress=unknownMacro --suppress=syntaxError \
    -j "$(nproc)" agent pkcs11 ui-bridge
}

check "formatting" formatting
check "shell syntax" shell_syntax
check "house rules" house_rules
check "clang build" clang_build
check "clang-tidy" tidy
check "cppcheck" cppcheck_sources
printf '%d checks failed\n' "$failed"
exit $((failed > 0))
