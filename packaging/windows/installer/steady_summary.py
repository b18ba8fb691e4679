#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives the summary of an installer fixed times and a fixed package code: wixl writes those of its own run.

usage: steady_summary.py FILE.MSI EPOCH UUID

A property set stream (MS-OLEPS) holds a VT_FILETIME (0x40) for each time, the properties 12 (created) and 13 (last saved), and a
VT_LPSTR (0x1e) for the package code, the property 9. The stream lies in the compound file as it is, in sectors of 512 or 64 bytes: only these values are replaced, byte for byte.
"""
import pathlib
import struct
import sys

FORMAT = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")  # FMTID_SummaryInformation
TIMES = (12, 13)
FILETIME = 0x40
PACKAGE_CODE = 9
TEXT = 0x1E


def filetime(epoch):
    """100 nanoseconds since 1601."""
    return (epoch + 11644473600) * 10_000_000


def replace(data, place, identifier, epoch, uuid):
    """Replaces one property; False when it is none of those. Fails when it is not of the type that the format says."""
    kind, first = struct.unpack_from("<II", data, place)
    if identifier in TIMES and kind == FILETIME:
        struct.pack_into("<Q", data, place + 4, filetime(epoch))
    elif identifier == PACKAGE_CODE and kind == TEXT and first == len(uuid) + 3:  # braces and a zero
        data[place + 8:place + 8 + first] = b"{" + uuid.encode("ascii") + b"}\0"
    else:
        if identifier in (*TIMES, PACKAGE_CODE):
            sys.exit(f"property {identifier} of the summary is not of its type")
        return False
    return True


def main(path, epoch, uuid):
    """Replaces all three; fails when they are not where the format says."""
    file = pathlib.Path(path)
    data = bytearray(file.read_bytes())
    header = data.find(FORMAT)
    if header < 28 or data.find(FORMAT, header + 1) != -1:
        sys.exit(f"{path}: has not exactly one summary")
    stream = header - 28
    section = stream + struct.unpack_from("<I", data, header + 16)[0]
    count = struct.unpack_from("<I", data, section + 4)[0]
    replaced = 0
    for number in range(count):
        identifier, offset = struct.unpack_from("<II", data, section + 8 + 8 * number)
        replaced += replace(data, section + offset, identifier, int(epoch), uuid)
    if replaced != len(TIMES) + 1:
        sys.exit(f"{path}: the summary has {replaced} of its times and its package code")
    file.write_bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
