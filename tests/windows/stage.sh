# SPDX-License-Identifier: MIT
# A token, a bank and a user of a test's own, all of them Windows programs under wine. Sourced with BUILD set, by a test that
# run.sh has started wine for.
# shellcheck shell=bash

: "${BUILD:?set BUILD to the build directory before sourcing this}"
: "${WINEPREFIX:?tests/windows/run.sh starts wine}" "${KOSHIN_TEST_MEMORY:?tests/windows/wine.sh makes it}"
wine=/usr/lib/wine/wine64

stage=$(mktemp -d "$KOSHIN_TEST_MEMORY/stage.XXXXXX")
# For copies of programs, which are too large for memory.
copies=$(mktemp -d "$BUILD/temporary/copies.XXXXXX")
chmod 755 "$stage" "$copies"
bank_pid=""

stage_cleanup() {
  exec 9>&-
  [ -z "$bank_pid" ] || wait "$bank_pid" 2>/dev/null || true
  rm -rf "$stage" "$copies"
}
trap stage_cleanup EXIT

# run PROGRAM [ARGUMENT]...: the bank's pipe is not for it.
run() {
  local program=$1
  shift
  "$wine" "$BUILD/bin/$program.exe" "$@" 9>&-
}

# windows_path FILE: of the build's folder or the tests' one, both of which wine.sh has made drives.
windows_path() {
  case "$1" in
    "$BUILD"/*) echo "K:${1#"$BUILD"}" ;;
    "$KOSHIN_TEST_MEMORY"/*) echo "M:${1#"$KOSHIN_TEST_MEMORY"}" ;;
    *) echo "windows_path: $1 is on neither drive" >&2; return 1 ;;
  esac
}
backslash_path() { windows_path "$1" | tr / '\\'; }

# A user of its own. Windows programs take the XDG variables too.
mkdir -p "$stage/home"
for name in XDG_CONFIG_HOME XDG_STATE_HOME XDG_RUNTIME_DIR; do
  mkdir -p "$stage/home/$name"
  export "$name=$(windows_path "$stage/home/$name")"
done
unset https_proxy HTTPS_PROXY http_proxy all_proxy ALL_PROXY
export LC_ALL=C.UTF-8

# provision: sets SOFTHSM2_CONF, MODULE, ANCHORS, PIN.
provision() {
  local name value
  while IFS='=' read -r name value; do
    case "$name" in SOFTHSM2_CONF | MODULE | ANCHORS | PIN) export "$name=${value%$'\r'}" ;; esac
  done < <(run koshin-provision "$(windows_path "$stage")" 12)
  [ -n "${PIN:-}" ] || { echo "koshin-provision failed" >&2; exit 1; }
}

# start_bank [ARGUMENT …]: sets BANK_URL and BANK_CONTROL. The bank ends when its standard input, which this shell holds open,
# does.
start_bank() {
  rm -f "$stage/alive" "$stage/ready"
  mkfifo "$stage/alive" "$stage/ready"
  "$wine" "$BUILD/bin/koshin-bank.exe" serve "$(windows_path "$stage/bank")" "$@" <"$stage/alive" >"$stage/ready" 2>"$stage/bank.log" &
  bank_pid=$!
  exec 9>"$stage/alive"
  local line
  IFS= read -r line <"$stage/ready"
  BANK_URL=$(sed -E 's/.*"url":"([^"]*)".*/\1/' <<<"$line")
  BANK_CONTROL=$(sed -E 's/.*"control":"([^"]*)".*/\1/' <<<"$line")
  [ -n "$BANK_URL" ] || { cat "$stage/bank.log" >&2; exit 1; }
}

# write_settings MODULE [LINE …]: sets SETTINGS.
write_settings() {
  local module=$1
  shift
  {
    printf "token.modules = ['%s']\n" "$module"
    printf "authority.url = '%s'\nauthority.trust_anchors = '%s'\nauthority.prove_url = '%s/login'\n" \
      "$BANK_URL" "$ANCHORS" "$BANK_URL"
    [ $# = 0 ] || printf '%s\n' "$@"
  } >"$stage/koshin.toml"
  chmod 600 "$stage/koshin.toml"
  SETTINGS=$(windows_path "$stage/koshin.toml")
}

koshin() { run koshin "$@" --settings "$SETTINGS"; }
bank_state() { curl --silent --show-error --max-time 10 "$BANK_CONTROL/state"; }
# How many certificates the bank has issued, and whether the newest of them has logged in.
certified() { bank_state | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["certificates"]))'; }
newest_logged_in() {
  bank_state | python3 -c '
import json, sys
state = json.load(sys.stdin)
newest = state["certificates"][-1]["serial"]
sys.exit(0 if any(l["serial"] == newest for l in state["logins"]) else 1)'
}

# write_plan FUNCTION AT AFTER ACTION: what the fault module is to do at that call, of any function where none is named
# (ACTION 0: nothing, 1: kill, 2: error, 3: hang; tests/faults/fault_plan.hpp). Its log begins anew.
write_plan() {
  printf '%s\n' "module=$MODULE" "log=$(windows_path "$stage/calls")" "removed=$(windows_path "$stage/removed")" "function=$1" \
    "at=$2" "after=$3" from_then_on=0 "action=$4" rv=0 token_flags=0 token_flags_off=0 free_memory= keypad_pin= only_pkcs1=0 strict=0 \
    imported_keys=0 alike=0 serial=twin within_us=0 pin_max=0 >"$stage/plan"
  rm -f "$stage/calls"
}

# processes_of NAME: the numbers of this system's processes that run that Windows program, by the end of its path. wine's tasklist is a
# stub, which shows none. The second word of a command line counts too: a loader that has not come to the program yet has it there.
processes_of() {
  python3 -c '
import pathlib, sys
for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    try:
        words = file.read_bytes().split(b"\0")
    except OSError:  # ended meanwhile
        continue
    if any(word.endswith(sys.argv[1].encode()) for word in words[:2]):
        print(file.parent.name)' "$1"
}
# comes COMMAND...: the command succeeds within a minute.
comes() {
  for _ in $(seq 300); do
    "$@" && return 0
    sleep 0.2
  done
  return 1
}

# said PATTERN: in what a test's command has written to $stage/said.
said() { grep -qE "$1" "$stage/said" || { cat "$stage/said"; return 1; }; }

failures=0
# expect WORDS COMMAND...: the command must succeed.
expect() {
  local words=$1
  shift
  if "$@"; then echo "ok: $words"; else
    echo "FAILED: $words"
    failures=$((failures + 1))
  fi
}
