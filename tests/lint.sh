#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The checks that run no product code: formatting, shell syntax, house rules, a clang build, clang-tidy, cppcheck.
# usage: tests/lint.sh [CHECK]...   (called by ./dev lint, which installs the tools; without CHECK all but clang_tidy_tests)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
# The sanitizers' tree, so that code is compiled by clang once for both.
tree=build/asan-ubsan
checks=(formatting shell_syntax house_rules cppcheck clang_build clang_tidy)
by_name_only=clang_tidy_tests
failed=0

check() {
  local name=$1 begin=$SECONDS
  if "check_$name" >"build/lint-$name.log" 2>&1; then
    printf 'ok      %-14s %d s\n' "$name" $((SECONDS - begin))
  else
    printf 'FAILED  %-14s %d s; build/lint-%s.log has the whole output\n' "$name" $((SECONDS - begin)) "$name"
    { grep -E -A6 'error:|warning:|FAILED' "build/lint-$name.log" || cat "build/lint-$name.log"; } | head -80
    failed=$((failed + 1))
  fi
}

check_formatting() { git ls-files -- '*.cpp' '*.hpp' '*.c' '*.h' | xargs clang-format --dry-run --Werror; }

check_shell_syntax() {
  local file wrong=0
  while read -r file; do bash -n "$file" || wrong=1; done < <(git ls-files -- '*.sh' dev .ci/run .ci/windows)
  return $wrong
}

check_house_rules() { bash tests/house_rules/check.sh .; }

check_cppcheck() {
  # Its own reading of C++: the system's headers are not followed, ours are. The sources are those of this system.
  cppcheck --quiet --std=c++20 --language=c++ --enable=warning,portability --inline-suppr --error-exitcode=1 -U_WIN32 \
    --library=googletest -I agent -I . -I tests --suppress=missingIncludeSystem --suppress=missingInclude \
    -j "$(nproc)" agent pkcs11 ui-bridge tests
}

check_clang_build() {
  [ -f "$tree/build.ninja" ] || cmake --preset asan-ubsan
  cmake --build "$tree" --parallel "$(nproc)"
}

# The test cases are held to the warnings of both compilers alone: GoogleTest's macros would double the time for little.
tidy_units() {
  grep -o '"file": "[^"]*"' "$tree/compile_commands.json" | cut -d'"' -f4 | sort -u |
    grep -E '\.(cpp|cxx|c)$' | grep -vE '_test\.cpp$|cmake_pch|/test_prefix\.cpp$'
}
tidy() { xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$tree"; }
check_clang_tidy() { tidy_units | grep -v /tests/ | tidy; }
# The programs and fixtures of the tests.
check_clang_tidy_tests() { tidy_units | grep /tests/ | tidy; }

if [ $# -eq 0 ]; then
  set -- "${checks[@]}"
  printf 'SKIPPED %s (the programs and fixtures of the tests): ./dev lint %s\n' "$by_name_only" "$by_name_only"
fi
for name; do
  case " ${checks[*]} $by_name_only " in
    *" $name "*) check "$name" ;;
    *) printf 'lint: no check %s; there are: %s\n' "$name" "${checks[*]} $by_name_only" >&2; exit 2 ;;
  esac
done
printf '%d checks failed\n' "$failed"
exit $((failed > 0))
