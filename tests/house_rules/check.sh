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

mapfile -t code < <(choose '\.(cpp|hpp|c|h|js|mjs|css|sh)$|^dev$|^\.ci/(run|windows)$')
mapfile -t texts < <(choose '\.(cpp|hpp|c|h|js|mjs|css|sh|md|txt|cmake|json|yaml|service|rules)$|^dev$|^\.ci/(run|windows)$' \
  '^tests/house_rules/check\.sh$|^tests/fuzz/corpus/')
mapfile -t product < <(choose '^(agent|pkcs11|ui-bridge)/.*\.(cpp|hpp)$')
mapfile -t portable < <(choose '^(agent|pkcs11|ui-bridge)/.*\.(cpp|hpp)$' '_(posix|linux|other|windows)\.(cpp|hpp)$')

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
forbid "a system header outside a *_posix, *_linux, *_other or *_windows file" \
  '#include <((unistd|fcntl|poll|signal|dlfcn|termios|malloc|link|pthread|spawn|sched|pwd|grp|netdb|time|sys/[a-z]+|net[a-z]+/[a-z]+|arpa/[a-z]+|linux/[a-z_]+|systemd/[a-z-]+|windows|winscard|winsock2|ws2tcpip|aclapi|sddl|shlobj|knownfolders|tlhelp32|PCSC/[a-z]+)\.h|csignal)>' "${portable[@]}"
forbid "what one system alone has a name for, in a portable file: foundation/system/ has another" \
  '\bSIG(TERM|INT|HUP|QUIT|KILL|STOP|TSTP|CHLD|PIPE|XFSZ|ALRM|SEGV|BUS|ABRT)\b|\b(pid|uid|gid|mode|off|ssize|sigset)_t\b|\bSTD(IN|OUT|ERR)_FILENO\b|\bint (fd|descriptor)\b|\bO_CLOEXEC\b' "${portable[@]}"
mapfile -t undivided < <(choose '^(agent|pkcs11|ui-bridge)/.*\.(cpp|hpp)$' '_(posix|linux|other|windows)\.(cpp|hpp)$|^agent/foundation/system/handle\.hpp$')
forbid "asks which system it is compiled for: give it a *_windows file beside the others (handle.hpp alone may ask)" \
  '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif).*\b(_WIN32|_WIN64|__MINGW32__|__MINGW64__|__linux__|__unix__)\b' "${undivided[@]}"
forbid "a system's own header in a portable file" '#include "[^"]*_(posix|linux|other|windows)\.hpp"' "${portable[@]}"
# In front of a comment: a comment may say what Linux has in its place.
mapfile -t every_posix < <(choose '^(agent|pkcs11|ui-bridge)/.*_(posix|other)\.(cpp|hpp)$')
forbid "what Linux alone has, in a file for every POSIX system: make it a *_linux file with an *_other one beside it (packaging/cmake/KoshinTargets.cmake)" \
  '^([^/]|/[^/])*(<(linux/[a-z_]+|asm/[a-z_]+|systemd/[a-z-]+|malloc|sys/(auxv|epoll|eventfd|fanotify|fsuid|inotify|pidfd|prctl|random|sendfile|signalfd|syscall|sysinfo|timerfd|vfs|xattr))\.h>|"[^"]*_linux\.hpp"|\b(O_PATH|O_TMPFILE|O_NOATIME|CLOCK_BOOTTIME|CLOCK_(BOOTTIME|REALTIME)_ALARM|SO_PEERCRED|POLLRDHUP|AF_NETLINK|(F_OFD|SYS|PR|EPOLL|RTLD_DI|TFD|MFD)_[A-Za-z0-9_]+|program_invocation(_short)?_name)\b|\b(prctl|syscall|(memfd|epoll|timerfd)_create1?|pidfd_[a-z_]+|epoll_p?wait2?|eventfd|inotify_[a-z0-9_]+|signalfd|close_range|getdents(64)?|renameat2|statx|gettid|getauxval|secure_getenv|malloc_trim|mallinfo2?|euidaccess|eaccess|canonicalize_file_name|get_current_dir_name|unshare|setns|prlimit)\()' \
  "${every_posix[@]}"
# The names of messages have one of before, which is read as well.
mapfile -t renewal < <(choose '^agent/(renewal|foundation/jobs)/.*\.(cpp|hpp)$' '^agent/foundation/jobs/messages_names\.hpp$')
forbid "names what is one protocol's own affair: enrollment/est/ has it, and enrollment/authority/ says it in koshin's words" \
  '\bEST\b|\bsimple(re)?enroll|/(cacerts|csrattrs)\b|PKCS ?#?10\b|RFC 7030|[Cc]hannel.?binding|[Bb]ase64|http_password|enrollment/est/' "${renewal[@]}"

# A comment that names a file names one that is there.
if [ ${#product[@]} -gt 0 ]; then
  printf '%s\n' "${files[@]}" | sed 's|.*/||' | sort -u >"$breaches.names"
  { grep -noHE '//.*\b[a-z0-9_]+\.(cpp|hpp|mjs|sh)\b' "${product[@]}" || true; } |
    while IFS= read -r line; do
      grep -oE '\b[a-z0-9_]+\.(cpp|hpp|mjs|sh)\b' <<<"${line#*//}" | sort -u | grep -vxFf "$breaches.names" |
        sed "s|^|$(cut -d: -f1,2 <<<"$line"): a comment names a file that is not there: |" || true
    done >>"$breaches"
  rm -f "$breaches.names"
fi

# The last column of the threat model's tables names tests: "Suite", "Suite.CaseThatBegins…", "hostile: words of one …",
# "refused: …", "left behind: …", "system log: …" or "mail: words of one …".
if [ -f docs/threat-model.md ]; then
  while IFS= read -r name; do
    words=${name%…} words=${words% }
    case "$name" in
      hostile:* | refused:* | links:* | "left behind:"* | "system log:"*) pattern="test('$words" ;;
      mail:*) pattern="check(\"${words#mail: }" ;;
      *.*) pattern="(${words%%.*}, ${words#*.}" ;;
      *) pattern="($words, " ;;
    esac
    grep -rqF -e "$pattern" -e "${pattern/"test('"/test(\`}" tests || echo "docs/threat-model.md: no test is called $name" >>"$breaches"
  done < <(awk -F'|' '/\| shown by \|$/, /^$/ { if (NF > 1) print $(NF - 1) }' docs/threat-model.md | grep -oE '`[^`]+`' | tr -d '`')
fi

cat "$breaches"
[ ! -s "$breaches" ] || { printf '%d breaches of the house rules\n' "$(wc -l <"$breaches")"; exit 1; }
echo "house rules kept in ${#files[@]} files"
