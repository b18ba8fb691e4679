# SPDX-License-Identifier: MIT
# Shared by the demonstrations: a token, a bank and a user of their own, gone at the end. Sourced with BUILD set.
# shellcheck shell=bash

: "${BUILD:?set BUILD to the build directory before sourcing this}"

# Below /dev/shm when there is one: SoftHSM syncs each object to disk.
demo_parent=${KOSHIN_DEMO_PARENT:-/dev/shm}
[ -w "$demo_parent" ] || demo_parent=${TMPDIR:-/tmp}
demo=$(mktemp -d "$demo_parent/koshin-demo.XXXXXX")
bank_pid=""

demo_cleanup() {
  if [ -n "$bank_pid" ]; then kill "$bank_pid" 2>/dev/null || true; wait "$bank_pid" 2>/dev/null || true; fi
  rm -rf "$demo"
}
trap demo_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A user of its own, so that no journal, setting or token of the person who runs this is touched.
export HOME=$demo/home XDG_CONFIG_HOME=$demo/home/config XDG_STATE_HOME=$demo/home/state XDG_RUNTIME_DIR=$demo/home/run
(umask 077 && mkdir -p "$HOME" "$XDG_CONFIG_HOME" "$XDG_STATE_HOME" "$XDG_RUNTIME_DIR")
unset https_proxy HTTPS_PROXY http_proxy all_proxy ALL_PROXY
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in *UTF-8 | *utf8) ;; *) export LC_ALL=C.UTF-8 ;; esac

# provision DAYS: sets SOFTHSM2_CONF, MODULE, ANCHORS, PIN.
provision() {
  local made
  made=$("$BUILD/bin/koshin-provision" "$demo" "$1")
  while IFS='=' read -r name value; do
    case "$name" in SOFTHSM2_CONF | MODULE | ANCHORS | PIN) export "$name=$value" ;; esac
  done <<<"$made"
}

# start_bank [ARGUMENT …]: sets BANK_URL and BANK_CONTROL. The bank ends with this shell, however that ends: its standard
# input is a pipe that only this shell holds open.
start_bank() {
  mkfifo "$demo/alive" "$demo/ready"
  "$BUILD/bin/koshin-bank" serve "$demo/bank" "$@" <"$demo/alive" >"$demo/ready" 2>"$demo/bank.log" &
  bank_pid=$!
  exec 9>"$demo/alive"
  local line
  IFS= read -r line <"$demo/ready"
  BANK_URL=$(sed -E 's/.*"url":"([^"]*)".*/\1/' <<<"$line")
  BANK_CONTROL=$(sed -E 's/.*"control":"([^"]*)".*/\1/' <<<"$line")
  [ -n "$BANK_URL" ] || { cat "$demo/bank.log" >&2; exit 1; }
  export BANK_URL BANK_CONTROL
}

# write_settings [LINE …]: the user's koshin.toml; sets SETTINGS.
write_settings() {
  SETTINGS=$demo/koshin.toml
  {
    printf 'token.modules = ["%s"]\n' "$MODULE"
    printf 'authority.url = "%s"\nauthority.trust_anchors = "%s"\nauthority.prove_url = "%s/login"\n' \
      "$BANK_URL" "$ANCHORS" "$BANK_URL"
    printf '%s\n' "$@"
  } >"$SETTINGS"
  chmod 600 "$SETTINGS"
  export SETTINGS
}

koshin() { "$BUILD/bin/koshin" "$@" --settings "$SETTINGS" 9>&-; }
bold="" dim="" plain=""
if [ -t 1 ]; then bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'; fi
heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
# in_words ENGLISH JAPANESE: the one that koshin will speak here.
in_words() { case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in ja*) echo "$2" ;; *) echo "$1" ;; esac; }
command_line() { printf '%s$ %s%s\n' "$dim" "$*" "$plain"; }
