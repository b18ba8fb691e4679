#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The house rules must find what they forbid: each fixture breaks one rule, named by the words check.sh must print.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

expect() { # NAME FILE WORDS, the file's content on stdin
  local tree="$work/$1"
  mkdir -p "$tree/$(dirname "$2")"
  cat >"$tree/$2"
  if bash "$here/check.sh" "$tree" >"$work/out" 2>&1; then
    echo "FAILED $1: the breach was not found"; failed=$((failed + 1))
  elif ! grep -q "$3" "$work/out"; then
    echo "FAILED $1: said something else:"; cat "$work/out"; failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
}

spdx='// SPDX-License-Identifier: MIT'
expect long agent/a.cpp 'lines; split it' < <(echo "$spdx"; for _ in $(seq 400); do echo "int x;"; done)
expect licence agent/a.cpp 'no SPDX' < <(echo 'int x;')
expect unfinished agent/a.cpp 'unfinished' < <(printf '%s\n// TO%s later\n' "$spdx" DO)
expect outside agent/a.cpp 'points outside' < <(printf '%s\n// see ..%s\n' "$spdx" /shared/x.md)
expect registry docs/a.md 'package registry' < <(printf 'see registry.%s\n' example.org)
expect environment agent/a.cpp 'getenv of something secret' < <(printf '%s\nauto* p = getenv("KOSHIN_%s");\n' "$spdx" PIN)
expect portable agent/a.cpp 'a system header outside' < <(printf '%s\n#include <unistd.h>\n' "$spdx")
expect winscard agent/a.cpp 'a system header outside' < <(printf '%s\n#include <winscard.h>\n' "$spdx")
expect malloc agent/a.cpp 'a system header outside' < <(printf '%s\n#include <malloc.h>\n' "$spdx")
expect csignal agent/a.hpp 'a system header outside' < <(printf '%s\n#include <csignal>\n' "$spdx")
expect signal_name agent/a.hpp 'one system alone' < <(printf '%s\n/// Until SIG%s comes.\n' "$spdx" TERM)
expect descriptor agent/a.hpp 'one system alone' < <(printf '%s\nvoid use(int %s);\n' "$spdx" descriptor)
expect posix_header agent/a.cpp "a system's own header" < <(printf '%s\n#include "system/descriptor_posix.hpp"\n' "$spdx")
expect systems_header agent/a.cpp "a system's own header" < <(printf '%s\n#include "system/spawn_linux.hpp"\n' "$spdx")
expect linux_call agent/a_posix.cpp 'what Linux alone has' < <(printf '%s\nconst int end = ::pidfd_open(child, 0);  // waits\n' "$spdx")
expect linux_flag ui-bridge/a_other.cpp 'what Linux alone has' < <(printf '%s\nconst int f = open(path, O_PATH | O_CLOEXEC);\n' "$spdx")
expect linux_clock agent/a_posix.hpp 'what Linux alone has' < <(printf '%s\ninline constexpr int asleep_too = CLOCK_BOOTTIME;\n' "$spdx")
expect linux_number pkcs11/a_other.cpp 'what Linux alone has' < <(printf '%s\nlong n = syscall(SYS_gettid);\n' "$spdx")
expect linux_include agent/a_posix.cpp 'what Linux alone has' < <(printf '%s\n#include <linux/netlink.h>\n' "$spdx")
expect linux_sys_include agent/a_other.cpp 'what Linux alone has' < <(printf '%s\n#include <sys/epoll.h>\n' "$spdx")
expect linux_systemd agent/a_posix.cpp 'what Linux alone has' < <(printf '%s\n#include <systemd/sd-bus.h>\n' "$spdx")
expect linux_header agent/a_other.cpp 'what Linux alone has' < <(printf '%s\n#include "system/spawn_linux.hpp"\n' "$spdx")
expect which_system agent/a.cpp 'asks which system' < <(printf '%s\n#ifdef _%s\n' "$spdx" WIN32)
expect which_system_elif agent/a.hpp 'asks which system' < <(printf '%s\n# if defined(__%s__)\n' "$spdx" linux)
expect windows_header agent/a.cpp 'a system header outside' < <(printf '%s\n#include <aclapi.h>\n' "$spdx")
expect named_file agent/a.cpp 'not there: gone.hpp' < <(printf '%s\n// see gone.hpp\n' "$spdx")
expect threats docs/threat-model.md 'no test is called Gone' < <(printf '| who | wants | way | shown by |\n| --- | --- | --- | --- |\n| x | y | z | `Gone` |\n\n')
expect threats docs/threat-model.md 'no test is called left behind: gone …' < <(printf '| secret | shown by |\n| --- | --- |\n| x | `left behind: gone …` |\n\n')
expect threats docs/threat-model.md 'no test is called mail: gone' < <(printf '| secret | shown by |\n| --- | --- |\n| x | `mail: gone` |\n\n')
expect protocol agent/renewal/a.hpp "one protocol's own affair" < <(printf '%s\n/// The %s request.\n' "$spdx" 'PKCS#10')
expect protocol_header agent/renewal/a.cpp "one protocol's own affair" < <(printf '%s\n#include "enrollment/%s/est_client.hpp"\n' "$spdx" est)
mkdir -p "$work/clean/agent"
printf '%s\n#include <string>\n' "$spdx" >"$work/clean/agent/a.cpp"
printf '%s\n// pidfd_open(2) does it on Linux, as prctl(PR_SET_PDEATHSIG) does, or O_PATH.\n#include <sys/uio.h>\nint end = waitpid(1, nullptr, 0);  // no SYS_pidfd_open\n' \
  "$spdx" >"$work/clean/agent/a_other.cpp"
printf '%s\n#include <linux/netlink.h>\nint end = pidfd_open(1, 0) + O_PATH;\n' "$spdx" >"$work/clean/agent/a_linux.cpp"
if bash "$here/check.sh" "$work/clean" >/dev/null; then passed=$((passed + 1)); else echo "FAILED clean"; failed=$((failed + 1)); fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
