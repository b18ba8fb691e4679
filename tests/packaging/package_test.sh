#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs, upgrades, removes and purges the packages in a Debian of its own, so that this machine stays as it is.
# usage: package_test.sh KOSHIN.deb KOSHIN-MODULE-CHECK.deb
set -euo pipefail
package=$(readlink -f "${1:?usage: package_test.sh KOSHIN.deb KOSHIN-MODULE-CHECK.deb}")
check_package=$(readlink -f "${2:?usage: package_test.sh KOSHIN.deb KOSHIN-MODULE-CHECK.deb}")
if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  echo "SKIPPED: installing the package into a Debian of its own needs root and debootstrap"
  exit 77
fi
here=$(dirname "$(readlink -f "$0")")
passed=0 failed=0
check() {
  local what=$1
  shift
  if "$@"; then passed=$((passed + 1)); else echo "FAILED: $what" >&2; failed=$((failed + 1)); fi
}
no() { ! "$@"; }

work=$(mktemp -d /var/tmp/koshin-package-test.XXXXXX)
root=$work/root
cleanup() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

# The mirror, the keys and the proxy that this machine's apt uses.
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
[ -n "$mirror" ] || { echo "SKIPPED: apt has no mirror for bookworm here"; exit 77; }
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
  { tail -5 "$work/debootstrap.log"; echo "SKIPPED: debootstrap cannot make a Debian here"; exit 77; }
cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
mount -t proc proc "$root/proc"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
state() { inside dpkg-query -W -f='${db:Status-Status}' koshin 2>/dev/null || echo none; }
installed_is() { [ "$(state)" = "$1" ]; }
# Links there are absolute, and lead nowhere from outside.
in_root() { [ -e "$root$1" ] || [ -L "$root$1" ]; }

cp "$package" "$root/koshin.deb"
inside apt-get update >"$work/apt.log" 2>&1
inside apt-get install -y --no-install-recommends systemd udev /koshin.deb >>"$work/apt.log" 2>&1 || { tail -30 "$work/apt.log"; exit 1; }
check "it is installed" installed_is installed
for file in /usr/bin/koshin /usr/libexec/koshin/koshin-agent /usr/libexec/koshin/koshin-worker /usr/libexec/koshin/koshin-ui /usr/libexec/koshin/koshin-mail \
  /usr/libexec/koshin/koshin-libp11-view.so /usr/libexec/koshin/koshin-slot-watch /usr/libexec/koshin/koshin-desk-check /usr/libexec/koshin/koshin-hooks /usr/libexec/koshin/koshin-proxy-lookup \
  /usr/lib/systemd/user/koshin-agent.service /lib/udev/rules.d/61-koshin-tokens.rules \
  /lib/udev/hwdb.d/61-koshin-tokens.hwdb /etc/koshin/koshin.toml /usr/share/man/man1/koshin.1.gz \
  /usr/share/man/man8/koshin-agent.8.gz /usr/share/man/man8/koshin-ui.8.gz /usr/share/man/man8/koshin-worker.8.gz /usr/share/man/man5/koshin.toml.5.gz \
  /usr/share/bash-completion/completions/koshin /usr/share/zsh/vendor-completions/_koshin \
  /usr/share/fish/vendor_completions.d/koshin.fish /usr/share/applications/koshin.desktop \
  /usr/share/applications/koshin-link.desktop /usr/share/icons/hicolor/scalable/apps/koshin.svg \
  /usr/share/metainfo/invalid.koshin.koshin.metainfo.xml /etc/koshin/conf.d /etc/koshin/banks.d /etc/koshin/hooks.d/README /usr/share/doc/koshin/SECURITY.md; do
  check "$file is there" in_root "$file"
done
# Linked by the programs: dpkg-shlibdeps has to have found them.
for library in libcurl.so.4 libsqlite3.so.0 libsystemd.so.0; do
  check "$library came along" [ -n "$(find "$root/usr/lib" "$root/lib/" -name "$library" -print -quit)" ]
done
check "nothing is set-user-ID or set-group-ID" [ -z "$(find "$root/usr/bin/koshin" "$root/usr/libexec/koshin" -perm /6000)" ]
entry=$(sed -n 's/^Exec=\([^ ]*\).*/\1/p' "$root/usr/share/applications/koshin.desktop" | head -1)
check "the menu entry starts koshin-ui" [ "$entry" = /usr/libexec/koshin/koshin-ui ]
guide=$(sed -n 's/^Exec=xdg-open //p' "$root/usr/share/applications/koshin.desktop")
check "the menu entry leads to the manuals" in_root "${guide:-/nowhere}"
for entry in koshin koshin-link; do
  check "$entry.desktop is a valid desktop entry" desktop-file-validate "$root/usr/share/applications/$entry.desktop"
done
check "the metainfo is valid" appstreamcli validate --no-net "$root"/usr/share/metainfo/*.xml >/dev/null
icon=$(sed -n 's/^Icon=//p' "$root/usr/share/applications/koshin.desktop")
check "the menu entry's icon is there" in_root "/usr/share/icons/hicolor/scalable/apps/$icon.svg"
for program in "$root"/usr/bin/koshin* "$root"/usr/libexec/koshin/koshin-*; do
  name=$(basename "$program")
  case $name in *.so) continue ;; esac
  for language in . ja; do
    check "$name has a man page in man/$language" [ -n "$(find "$root/usr/share/man/$language" -path "*/man/$language/man[18]/$name.[18].gz" -print -quit)" ]
  done
done
# A file that a man page names can be read as it lies there.
for file in $(zgrep -ohE '[a-z-]+\.md in /usr/share/doc/koshin' "$root"/usr/share/man/man[158]/koshin* | cut -d' ' -f1 | sort -u); do
  check "$file, which a man page names, is readable" in_root "/usr/share/doc/koshin/$file"
done
links() { grep -ohE '\]\([a-z-]+\.md' "$root"/usr/share/doc/koshin/README.md "$root"/usr/share/doc/koshin/SECURITY.md | cut -c3- | sort -u; }
for file in $(links); do check "$file, to which a document leads, is there" in_root "/usr/share/doc/koshin/$file"; done
check "the documents lead to others" [ "$(links | wc -l)" -gt 5 ]
# The manuals, which lead to each other and to the documents. They lead to no PDF where the build profile has it so, and then none is there.
manuals=$root/usr/share/doc/koshin/manuals
printed() { grep -qF "href=\"$2.pdf\"" "$manuals/$1/index.html"; }
led_to() { cat "$manuals"/*/index.html | grep -cE 'href="[a-z-]+\.pdf"'; }
case " ${DEB_BUILD_PROFILES:-} " in *" pkg.koshin.nopdf "*) least=0 ;; *) least=1 ;; esac
check "manuals lead to PDFs, without the build profile pkg.koshin.nopdf" [ "$(led_to)" -ge "$least" ]
for language in en ja; do
  for manual in guide help-desk administration; do
    check "the manual $language/$manual.html is there" [ -s "$manuals/$language/$manual.html" ]
    if printed "$language" "$manual"; then
      check "$language/$manual.pdf is a PDF" grep -q '^%PDF-' "$manuals/$language/$manual.pdf"
    else
      check "$language/$manual.pdf, to which nothing leads, is not there" no [ -e "$manuals/$language/$manual.pdf" ]
    fi
  done
done
manual_links() {
  local page
  for page in "$manuals"/index.html "$manuals"/*/*.html; do
    grep -oE '(href|src)="[^"#:]+' "$page" | cut -d'"' -f2 | sed "s#^#$(dirname "$page")/#"
  done | sort -u
}
for file in $(manual_links); do [ -e "$file" ] || check "a manual leads to $file" false; done
check "the manuals lead to others" [ "$(manual_links | wc -l)" -gt 60 ]
check "the command line starts" inside koshin --version
check "the agent starts" inside /usr/libexec/koshin/koshin-agent --version
check "the default settings are valid" inside koshin config check
check "every user's smartcard.target wants the agent" in_root /etc/systemd/user/smartcard.target.wants/koshin-agent.service
check "every user's timers.target wants the reminders" in_root /etc/systemd/user/timers.target.wants/koshin-remind.timer
# The examples are settings that could be used as they are, once somebody has named a module.
examples() {
  cp "$root"/usr/share/doc/koshin/examples/conf.d/*.toml "$root/etc/koshin/conf.d/"
  cp "$root"/usr/share/doc/koshin/examples/banks.d/*.toml "$root/etc/koshin/banks.d/"
  local status=0
  inside koshin config check || status=$?
  rm -f "$root"/etc/koshin/conf.d/*.toml "$root"/etc/koshin/banks.d/*.toml
  return "$status"
}
check "the examples are valid settings" examples
marked() { inside systemd-hwdb query usb:v0529p0514d0100 | grep -qx KOSHIN_TOKEN=1; }
check "udev's database was made anew and knows an eToken" marked

# The package's own test (autopkgtest), as Debian would run it: in a system where koshin is installed.
own_test() {
  inside apt-get install -y --no-install-recommends softhsm2 opensc openssl >>"$work/apt.log" 2>&1 || return 1
  mkdir "$root/own-test"
  cp "$here/../../packaging/debian/tests/software-token" "$root/own-test/"
  inside env AUTOPKGTEST_TMP=/own-test /own-test/software-token >"$work/own-test.log" 2>&1 || { tail -5 "$work/own-test.log"; return 1; }
}
check "the package's own test passes" own_test

# The check of modules is a package of its own, which comes and goes without the other one.
check "the check of modules is not part of the package" no in_root /usr/bin/koshin-module-check
cp "$check_package" "$root/koshin-module-check.deb"
check "the check of modules is installed" inside dpkg --install /koshin-module-check.deb >/dev/null
for file in /usr/bin/koshin-module-check /usr/libexec/koshin/koshin-module-look /usr/share/man/man1/koshin-module-check.1.gz \
  /usr/share/bash-completion/completions/koshin-module-check; do
  check "$file is there" in_root "$file"
done
check "the check of modules starts" inside koshin-module-check --version
missing_module() {
  local status=0
  inside koshin-module-check /nowhere.so --token-uri pkcs11: >"$work/check.log" 2>&1 || status=$?
  [ "$status" = 1 ] && grep -q module_not_found "$work/check.log"
}
check "it finds what looks at modules" missing_module
check "the check of modules is purged" inside dpkg --purge koshin-module-check >/dev/null
check "it is gone" no in_root /usr/bin/koshin-module-check
check "and koshin stays" in_root /usr/libexec/koshin/koshin-worker

# An upgrade keeps what the administrator has set.
echo '# set by the administrator' >>"$root/etc/koshin/koshin.toml"
dpkg-deb --raw-extract "$package" "$work/next"
sed -i 's/^Version: .*/&+next/' "$work/next/DEBIAN/control"
dpkg-deb --root-owner-group --build "$work/next" "$root/next.deb" >/dev/null
check "the upgrade works" inside dpkg --install --force-confdef --force-confold /next.deb >/dev/null
upgraded() { inside dpkg-query -W -f='${Version}' koshin | grep -q '+next$'; }
check "the new version is installed" upgraded
check "the administrator's settings are kept" grep -q 'set by the administrator' "$root/etc/koshin/koshin.toml"
check "the agent is still wanted" in_root /etc/systemd/user/smartcard.target.wants/koshin-agent.service

check "the removal works" inside dpkg --remove koshin >/dev/null
check "the settings outlive a removal" in_root /etc/koshin/koshin.toml
check "the programs are gone" no in_root /usr/bin/koshin
check "the private programs are gone" no in_root /usr/libexec/koshin
check "the unit is gone" no in_root /usr/lib/systemd/user/koshin-agent.service
check "the timer is gone" no in_root /usr/lib/systemd/user/koshin-remind.timer

mkdir -p "$root/etc/koshin/conf.d"
check "the purge works" inside dpkg --purge koshin >/dev/null
check "nothing is left in /etc/koshin" no in_root /etc/koshin
check "no unit is wanted any more" [ -z "$(find "$root/etc/systemd/user" "$root/var/lib/systemd" -name '*koshin*' 2>/dev/null)" ]
check "dpkg knows nothing of it" installed_is none

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
