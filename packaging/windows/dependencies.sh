#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The libraries that koshin for Windows is linked with, built from Debian's source packages.
# usage: dependencies.sh FOLDER   Prints the folder below FOLDER that holds them, and builds it if it is not there. Its name
# is a hash of what makes it, so a change here builds anew, and nothing else does. Remove it to take newer source packages.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=${1:?usage: dependencies.sh FOLDER}
mkdir -p "$root"
root=$(cd "$root" && pwd)
triplet=x86_64-w64-mingw32
jobs=${KOSHIN_JOBS:-$(nproc)}

hash=$({ cat "$here/dependencies.sh" "$here/toolchain.cmake" "$here/softhsm.cmake"; $triplet-g++-posix --version; } | sha256sum | cut -c1-16)
prefix=$root/$hash
if [ -f "$prefix/complete" ]; then echo "$prefix"; exit 0; fi

# Built beside its destination, and renamed when it is whole: an interrupted build is begun again.
work=$root/$hash.work
rm -rf "$work"
mkdir -p "$work/sources"
made=$work/made
mkdir -p "$made/lib/pkgconfig" "$made/include" "$made/share/cmake" "$made/test"
export KOSHIN_WINDOWS_DEPENDENCIES=$made
# What is linked with these is to be the same bytes wherever and whenever they were built: OpenSSL writes down when that was.
export SOURCE_DATE_EPOCH=1

# step NAME FUNCTION: its output goes into a log of its own.
step() {
  local begin=$SECONDS
  if ! ( set -euo pipefail; "$2" ) >"$work/$1.log" 2>&1; then
    tail -30 "$work/$1.log" >&2
    echo "dependencies.sh: $1 failed; $work/$1.log has the whole output" >&2
    exit 1
  fi
  echo "   $1 ($((SECONDS - begin)) s)" >&2
}

# apt with lists of its own that are this machine's, asked for sources; the machine's own stay as they are.
private_apt() {
  local apt=$work/apt file
  mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial "$apt"/parts
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/${file##*/}"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -f "$file" ] || sed -nE 's/^deb(-src)?[[:space:]]/deb-src /p' "$file" | sort -u >"$apt/parts/${file##*/}"
  done
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/parts";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "";
Acquire::Retries "3";
CONF
  export APT_CONFIG=$apt/apt.conf
}

fetch() {
  private_apt
  apt-get -q update
  cd "$work/sources"
  apt-get -q source curl sqlite3 re2
  # Their patches are of no use here, or do not apply by themselves.
  apt-get -q source --tar-only openssl
  apt-get -q source --tar-only softhsm2
  ls *.dsc >"$made/sources.txt" 2>/dev/null || true
  ls -d */ *.orig.tar.* >>"$made/sources.txt"
}

# unpack NAME: the upstream archive of a package.
unpack() {
  rm -rf "${work:?}/$1"
  mkdir "$work/$1"
  tar xf "$(ls "$work/sources/$1"_*.orig.tar.* | grep -v '\.asc$' | sort -V | tail -1)" -C "$work/$1" --strip-components=1
}
# source_of NAME: the folder that apt has unpacked and patched.
source_of() { find "$work/sources" -maxdepth 1 -type d -name "$1-[0-9]*" | sort -V | tail -1; }

build_openssl() {
  unpack openssl
  cd "$work/openssl"
  # What no authority, token or proxy asks for is left out: it is a third of the compile time.
  ./Configure mingw64 no-shared no-module no-tests no-legacy no-idea no-camellia no-seed no-aria no-bf no-cast no-mdc2 \
    no-whirlpool no-rc2 no-rc5 no-sm2 no-sm3 no-sm4 no-gost no-srp no-dtls \
    --cross-compile-prefix=$triplet- --prefix="$made" --libdir=lib --openssldir='C:/Program Files/Common Files/SSL' \
    -D_WIN32_WINNT=0x0A00 -DOPENSSL_TLS_SECURITY_LEVEL=2 -ffunction-sections -fdata-sections  # Debian's level
  # Configure takes a drive for a folder below the prefix. On Windows that would be a path that anybody can make, and OpenSSL
  # would read its configuration and its anchors there.
  local folder='C:/Program Files/Common Files/SSL'
  make -j"$jobs" build_libs OPENSSLDIR="$folder" ENGINESDIR="$folder/engines-3" MODULESDIR="$folder/ossl-modules"
  make install_dev
}

build_curl() {
  cp -r "$(source_of curl)" "$work/curl"
  cd "$work/curl/lib"
  mkdir -p $triplet
  # HTTP(S) and SMTP(S). CPPFLAGS come from the environment: on make's command line they would switch off the makefile's own.
  local left_out='' protocol
  for protocol in DICT FILE FTP GOPHER IMAP LDAP LDAPS MQTT POP3 RTSP SMB TELNET TFTP; do
    left_out+=" -DCURL_DISABLE_$protocol"
  done
  CFLAGS="-O2 -ffunction-sections -fdata-sections" CPPFLAGS="$left_out -D_WIN32_WINNT=0x0A00" \
    make -j"$jobs" -f Makefile.mk libcurl.a CROSSPREFIX=$triplet- CFG=-ssl-ipv6-sspi-winidn-unicode OPENSSL_PATH="$made"
  cp libcurl.a "$made/lib/"
  mkdir -p "$made/include/curl"
  cp ../include/curl/*.h "$made/include/curl/"
}

build_sqlite() {
  mkdir "$work/sqlite"
  cd "$work/sqlite"
  "$(source_of sqlite3)"/configure --disable-tcl --disable-readline
  make sqlite3.c
  $triplet-gcc-posix -O2 -c sqlite3.c -D_WIN32_WINNT=0x0A00 -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 -DSQLITE_OMIT_LOAD_EXTENSION
  $triplet-ar rcs "$made/lib/libsqlite3.a" sqlite3.o
  cp sqlite3.h "$made/include/"
}

build_re2() {
  mkdir "$work/re2" "$made/include/re2"
  cd "$work/re2"
  local tree
  tree=$(source_of re2)
  # Debian leaves Unicode's tables out of the source and makes them of its own package of them.
  make -C "$tree" REBUILD_TABLES=1 re2/perl_groups.cc re2/unicode_casefold.cc re2/unicode_groups.cc
  find "$tree/re2" "$tree/util" -name '*.cc' ! -path '*/testing/*' ! -path '*/fuzzing/*' ! -name 'benchmark.cc' ! -name 'fuzz.cc' \
    ! -name 'test.cc' ! -name 'pcre.cc' |
    xargs -P "$jobs" -I{} $triplet-g++-posix -std=c++17 -O2 -ffunction-sections -fdata-sections -DNDEBUG "-ffile-prefix-map=$tree=." -I"$tree" -c {}
  $triplet-ar rcs "$made/lib/libre2.a" ./*.o
  cp "$tree"/re2/*.h "$made/include/re2/"
}

# Libraries that are headers alone are the ones that koshin for Linux is built with.
link_headers() {
  local header
  for header in boost nlohmann CLI toml++ spdlog fmt p11-kit-1; do
    [ -e "/usr/include/$header" ] || { echo "/usr/include/$header is missing: ./dev setup"; return 1; }
    ln -sfn "/usr/include/$header" "$made/include/$header"
  done
  cp -r /usr/share/cmake/nlohmann_json /usr/share/cmake/CLI11 "$made/share/cmake/"
  for header in spdlog tomlplusplus; do
    printf 'Name: %s\nDescription: headers\nVersion: %s\nCflags: -I${pcfiledir}/../../include\n' \
      "$header" "$(pkg-config --modversion "$header")" >"$made/lib/pkgconfig/$header.pc"
  done
  # Windows has no modules that are registered with p11-kit: its header alone, and no folder.
  printf 'Name: p11-kit-1\nDescription: headers\nVersion: %s\nCflags: -I${pcfiledir}/../../include/p11-kit-1\n' \
    "$(pkg-config --modversion p11-kit-1)" >"$made/lib/pkgconfig/p11-kit-1.pc"
}

cmake_build() { # SOURCE FOLDER TARGET [OPTION]...
  cmake -S "$1" -B "$2" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$here/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$made" -DCMAKE_POLICY_DEFAULT_CMP0127=NEW "${@:4}"
  ninja -C "$2" -j"$jobs" "$3"
}

build_googletest() { cmake_build /usr/src/googletest "$work/googletest" install; }

build_softhsm() {
  unpack softhsm2
  # The questions that its CMake files would ask by running a program are answered here.
  cmake_build "$work/softhsm2" "$work/softhsm-build" softhsm2 -DENABLE_GOST=OFF -DENABLE_EDDSA=ON -DENABLE_P11_KIT=OFF \
    -DENABLE_STATIC=OFF -DDISABLE_NON_PAGED_MEMORY=ON -DWITH_CRYPTO_BACKEND=openssl -DOPENSSL_USE_STATIC_LIBS=ON \
    -DOPENSSL_ROOT_DIR="$made" -DBUILD_TESTS=OFF -DRUN_ECC=0 -DRUN_ED25519=0 -DRUN_ED448=0 -DRUN_AES_KEY_WRAP=0 \
    -DRUN_AES_KEY_WRAP_PAD=0 -DCOMPILE_RESULT=TRUE -DCMAKE_PROJECT_softhsm2_INCLUDE="$here/softhsm.cmake"
  $triplet-strip -o "$made/test/softhsm2.dll" "$work/softhsm-build/src/lib/libsofthsm2.dll"
}

echo "== building the libraries for Windows (about ten minutes; once)" >&2
step headers link_headers
step sources fetch
step sqlite build_sqlite
step re2 build_re2
step googletest build_googletest
step openssl build_openssl
step curl build_curl
step softhsm build_softhsm

touch "$made/complete"
rm -rf "$prefix"
mv "$made" "$prefix"
rm -rf "$work"
echo "$prefix"
