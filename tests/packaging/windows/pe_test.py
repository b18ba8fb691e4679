#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the headers of Windows programs: anywhere in memory (ASLR, with 64 bits of entropy), data not executed (DEP), nothing beside
the system's own libraries; nothing of when and where it was built. Of koshin's programs: their code is in koshin-programs.dll, which has one entry for each and no more.
usage: pe_test.py FILE...
"""
import pathlib
import re
import struct
import sys

CHARACTERISTICS = {0x0020: "high-entropy addresses", 0x0040: "ASLR", 0x0100: "DEP"}
# What Windows 10 has itself. A library of the tool chain would have to be delivered.
SYSTEM = re.compile(r"(kernel32|user32|gdi32|shell32|ole32|oleaut32|advapi32|ws2_32|crypt32|bcrypt|ncrypt|secur32|normaliz|iphlpapi|rstrtmgr|"
                    r"wtsapi32|shlwapi|mswsock|powrprof|msvcrt|wer|msi|userenv|winscard|winhttp|dbghelp|version|comctl32|ntdll|wlanapi|api-ms-win-[\w-]+)\.dll", re.I)
# What a program of koshin's needs before its code is loaded: of the libraries that Windows takes from its own folder alone (KnownDLLs).
BARE = re.compile(r"(advapi32|kernel32|user32|msvcrt)\.dll", re.I)
LIBRARY = "koshin-programs.dll"
WITHOUT_CONSOLE = {"koshin-agent.exe", "koshin-ui.exe"}
FOLDER_OF_BUILD = re.compile(rb"/[\w./+-]+/build/windows[\w./+-]*|/[\w./+-]+\.work/[\w./+-]*")
WHEN_BUILT = re.compile(rb"built on: (?!Thu Jan  1 )[ -~]+")
WINDOW, CONSOLE = 2, 3  # IMAGE_SUBSYSTEM_WINDOWS_GUI, _CUI


class Image:
    """A PE file, as far as it is looked at here (PE/COFF specification)."""

    def __init__(self, path):
        self.data = path.read_bytes()
        header = struct.unpack_from("<I", self.data, 0x3C)[0]
        if self.data[:2] != b"MZ" or self.data[header:header + 4] != b"PE\0\0":
            sys.exit(f"{path}: is no Windows program")
        self.machine, sections, self.linked_at = struct.unpack_from("<HHI", self.data, header + 4)
        self.flags = struct.unpack_from("<H", self.data, header + 22)[0]
        optional = header + 24
        self.magic = struct.unpack_from("<H", self.data, optional)[0]
        self.entry = struct.unpack_from("<I", self.data, optional + 16)[0]
        self.subsystem = struct.unpack_from("<H", self.data, optional + 68)[0]
        self.characteristics = struct.unpack_from("<H", self.data, optional + 70)[0]
        self.directories = [struct.unpack_from("<II", self.data, optional + 112 + 8 * i) for i in range(16)]
        table = optional + struct.unpack_from("<H", self.data, header + 20)[0]
        self.sections = [struct.unpack_from("<8sIIII12xI", self.data, table + 40 * i) for i in range(sections)]

    def offset(self, address):
        """Place in the file of an address in memory."""
        for _, size, begin, raw_size, raw, _ in self.sections:
            if begin <= address < begin + max(size, raw_size):
                return raw + address - begin
        raise ValueError(address)

    def text(self, address):
        """An ASCII string in memory."""
        begin = self.offset(address)
        return self.data[begin:self.data.index(b"\0", begin)].decode("ascii")

    def exports(self):
        """Names of functions."""
        if not self.directories[0][0]:
            return []
        table = self.offset(self.directories[0][0])
        count, _, names = struct.unpack_from("<III", self.data, table + 24)
        return [self.text(struct.unpack_from("<I", self.data, self.offset(names) + 4 * i)[0]) for i in range(count)]

    def imports(self):
        """Names of libraries."""
        names, place = [], self.directories[1][0] and self.offset(self.directories[1][0])
        while place and struct.unpack_from("<I", self.data, place + 12)[0]:
            names.append(self.text(struct.unpack_from("<I", self.data, place + 12)[0]))
            place += 20
        return names


def problems(path):
    """What is wrong with one file."""
    image = Image(path)
    found = [f"is without {name}" for bit, name in CHARACTERISTICS.items() if not image.characteristics & bit]
    if (image.machine, image.magic) != (0x8664, 0x20B):
        found.append("is not for x86-64")
    # A library of sentences is only read, and has no entry and nothing to relocate.
    if image.entry and (image.flags & 1 or not image.directories[5][1]):
        found.append("has no relocations, so that its address cannot be chosen")
    found += [f"has the section {section[0].rstrip(bytes(1)).decode()} that is written and executed"
              for section in image.sections if section[5] & 0xA0000000 == 0xA0000000]
    found += [f"needs {name}" for name in image.imports() if not SYSTEM.fullmatch(name)]
    if image.linked_at:
        found.append(f"says when it was linked ({image.linked_at})")
    found += [f"says {said.decode()}" for pattern in (FOLDER_OF_BUILD, WHEN_BUILT) for said in sorted(set(pattern.findall(image.data)))[:3]]
    return found


def entry_of(program):
    """Of the library."""
    return "enter_" + program.removesuffix(".exe").replace("-", "_")


def problems_of_program(path):
    """What is wrong with one that only calls its entry."""
    image = Image(path)
    found = [f"needs {name} before its code is loaded" for name in image.imports() if not BARE.fullmatch(name)]
    if entry_of(path.name).encode() + b"\0" not in image.data:
        found.append(f"does not name its entry, {entry_of(path.name)}")
    if image.subsystem != (WINDOW if path.name in WITHOUT_CONSOLE else CONSOLE):
        found.append("has a console window, or is without one that it needs")
    return found


def problems_together(paths):
    """What is wrong with the programs and their library; where there are programs there must be the library."""
    library = [path for path in paths if path.name == LIBRARY]
    programs = [path for path in paths if path.suffix == ".exe"]
    if not library:
        return [f"{LIBRARY} is missing, which holds the programs' code"] if programs else []
    wanted, given = {entry_of(path.name) for path in programs}, set(Image(library[0]).exports())
    wrong = [f"{LIBRARY}: is without {name}" for name in sorted(wanted - given)]
    wrong += [f"{LIBRARY}: gives out {name}, which no program enters" for name in sorted(given - wanted)]
    return wrong + [f"{path.name}: {problem}" for path in programs for problem in problems_of_program(path)]


def main(paths):
    """Prints each problem; fails when there is one, or nothing to look at."""
    wrong = [f"{path.name}: {problem}" for path in paths for problem in problems(path)] + problems_together(paths)
    print("\n".join(wrong) or f"{len(paths)} files are right")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main([pathlib.Path(argument) for argument in sys.argv[1:]]))
