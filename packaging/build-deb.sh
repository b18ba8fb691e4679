#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the Debian package from the tree as it is, in a folder of its own, and checks it with lintian.
# usage: packaging/build-deb.sh OUT [--test]      leaves OUT/koshin_VERSION_ARCH.deb and
# OUT/koshin-module-check_VERSION_ARCH.deb; --test also installs, upgrades, removes and purges them in a Debian of its own (as root)
set -euo pipefail
tree=$(dirname "$(dirname "$(readlink -f "$0")")")
mkdir -p "${1:?usage: packaging/build-deb.sh OUT [--test]}"
out=$(readlink -f "$1")
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$tree/packaging/debian/changelog")
source=$out/koshin-$version

# dpkg-buildpackage wants ./debian at the top, and writes into its tree.
rm -rf "$source"
mkdir -p "$source"
(cd "$tree" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
  if [ -f "$file" ]; then printf '%s\0' "$file"; fi
done | tar --create --null --files-from=- --file=-) | tar --extract --directory "$source"
mv "$source/packaging/debian" "$source/debian"

cd "$source"
[ -d /usr/lib/ccache ] && export PATH=/usr/lib/ccache:$PATH CCACHE_DIR=$out/ccache
log=$out/build.log
DEB_BUILD_OPTIONS="parallel=$(nproc) ${DEB_BUILD_OPTIONS:-}" dpkg-buildpackage --build=binary --unsigned-source \
  --unsigned-changes >"$log" 2>&1 || { tail -40 "$log" >&2; echo "building the package failed; $log has the whole output" >&2; exit 1; }

package=$(sed -n 's/^ [0-9a-f]* [0-9]* .* \(koshin_.*\.deb\)$/\1/p' "$out/koshin_${version}_$(dpkg --print-architecture).changes" | head -1)
check=${package/#koshin_/koshin-module-check_}
echo "built $out/$package and $out/$check"
lintian --fail-on error,warning --info "$out/$package" "$out/$check" || { echo "lintian is not content" >&2; exit 1; }
echo "lintian is content"
if [ "${2:-}" = --test ]; then
  status=0
  bash "$tree/tests/packaging/package_test.sh" "$out/$package" "$out/$check" || status=$?
  [ "$status" = 77 ] || exit "$status"
fi
