#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Holds the hardware database against usb.ids, and shows that the real udev, with the stock rules and ours, pulls in
# smartcard.target for a token that is not CCID and for nothing else.
set -euo pipefail
udev=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
passed=0
# check WHAT COMMAND...: counts it, and says WHAT when the command fails.
check() {
  local what=$1
  shift
  if "$@"; then passed=$((passed + 1)); else echo "FAILED: $what" >&2; failed=$((failed + 1)); fi
}
no() { ! "$@"; }

mkdir -p "$work/root/etc/udev/hwdb.d" "$work/rules"
cp "$udev"/*.hwdb "$work/root/etc/udev/hwdb.d/"
cp "$udev"/*.rules "$work/rules/"
check "the hardware database compiles" systemd-hwdb update --strict --root="$work/root"

marked() { systemd-hwdb --root="$work/root" query "usb:v${1}p${2}d0100dc00dsc00dp00icFFisc00ip00in00" | grep -qx KOSHIN_TOKEN=1; }

in_usb_ids() {
  awk -v v="${1,,}" -v p="${2,,}" '/^[0-9a-f]/ { here = ($1 == v) } here && /^\t[0-9a-f]/ && $1 == p { found = 1 } END { exit !found }' \
    /usr/share/misc/usb.ids
}

# Every entry is marked, and those whose source is usb.ids are in it.
mapfile -t entries < <(sed -n 's/^usb:v\(....\)p\(....\)\*$/\1 \2/p' "$udev/61-koshin-tokens.hwdb")
check "the database has its entries (${#entries[@]} found)" [ "${#entries[@]}" -ge 50 ]
known_from_drivers='^(0C4B|0DC3|08E6 043)' # by their own packages, as the file says
for entry in "${entries[@]}"; do
  read -r vendor product <<<"$entry"
  check "$entry is marked" marked "$vendor" "$product"
  [[ $entry =~ $known_from_drivers ]] || check "$entry is in usb.ids" in_usb_ids "$vendor" "$product"
done
check "no entry stands twice" [ -z "$(printf '%s\n' "${entries[@]}" | sort | uniq -d)" ]
check "a root hub is not marked" no marked 1D6B 0002

if [ "$(id -u)" != 0 ]; then
  echo "SKIPPED the part that needs root: udev's own rules with ours bound over /etc/udev/rules.d"
  if [ "$failed" = 0 ]; then exit 77; else exit 1; fi
fi

device() { # VENDOR PRODUCT (hexadecimal): what udev makes of a device with one vendor-specific interface
  cat >"$work/device.umockdev" <<DUMP
P: /devices/pci0000:00/0000:00:14.0/usb1/1-2
N: bus/usb/001/004
E: DEVTYPE=usb_device
E: DRIVER=usb
E: SUBSYSTEM=usb
E: PRODUCT=$1/$2/100
E: TYPE=0/0/0
E: BUSNUM=001
E: DEVNUM=004
E: DEVNAME=/dev/bus/usb/001/004
E: MAJOR=189
E: MINOR=3
A: idVendor=$1
A: idProduct=$2
A: bDeviceClass=00
A: bcdDevice=0100
DUMP
  unshare --mount bash -c "
    mount --bind '$work/rules' /etc/udev/rules.d
    mount --bind '$work/root/etc/udev/hwdb.bin' /usr/lib/udev/hwdb.bin
    umockdev-run --device='$work/device.umockdev' -- udevadm test /sys/devices/pci0000:00/0000:00:14.0/usb1/1-2" 2>&1
}

if ! unshare --mount true 2>/dev/null; then
  echo "SKIPPED, no mount namespace here (a chroot, a container?): asking udev itself. $passed passed, $failed failed"
  if [ "$failed" = 0 ]; then exit 77; else exit 1; fi
fi
said=$(device 0529 0514)
says() { grep -qE "$1" <<<"$said"; }
for line in ID_SMARTCARD_READER=1 SYSTEMD_USER_WANTS=smartcard.target SYSTEMD_WANTS=smartcard.target; do
  check "udev says $line of an eToken" says "^$line\$"
done
check "the user at the seat may use an eToken" says '^TAGS=.*:uaccess:'
check "udev has no complaint about the rule" no says '61-koshin-tokens.rules.*([Ii]nvalid|[Uu]nknown|[Ii]gnoring)'
said=$(device 046d c31c)
check "udev was really asked about a keyboard" says '^ID_MODEL_ID=c31c$'
check "a keyboard does not pull in smartcard.target" no says smartcard

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
