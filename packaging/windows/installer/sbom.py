#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The bill of materials of the installer for Windows (SPDX 2.3, JSON), and the notices of what is linked into its programs.

usage: sbom.py VERSION EPOCH SOURCES FOLDER OUT.SPDX.JSON NOTICES.TXT
SOURCES: the list of source packages that dependencies.sh has built; FOLDER: the files that are installed; EPOCH: seconds.
"""
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys

# Library, its licence (SPDX), the Debian package whose copyright file has its notices. Of the source package in SOURCES when it is
# named there, else the installed package: libraries that are headers alone, and the compiler's own.
LIBRARIES = (
    ("openssl", "Apache-2.0", "libssl-dev"),
    ("curl", "curl", "libcurl4-openssl-dev"),
    ("sqlite3", "blessing", "libsqlite3-dev"),
    ("re2", "BSD-3-Clause", "libre2-dev"),
    ("boost", "BSL-1.0", "libboost1.74-dev"),
    ("nlohmann-json3", "MIT", "nlohmann-json3-dev"),
    ("cli11", "BSD-3-Clause", "libcli11-dev"),
    ("tomlplusplus", "MIT", "libtomlplusplus-dev"),
    ("spdlog", "MIT", "libspdlog-dev"),
    ("fmtlib", "MIT", "libfmt-dev"),
    ("p11-kit", "BSD-3-Clause", "libp11-kit-dev"),
    ("gcc-mingw-w64", "GPL-3.0-or-later WITH GCC-exception-3.1", "gcc-mingw-w64-x86-64-posix-runtime"),
    ("mingw-w64", "ZPL-2.1", "mingw-w64-x86-64-dev"),
)


def installed_version(package):
    """Version of a Debian package of this machine."""
    return subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], check=True, capture_output=True, text=True).stdout


def built_version(name, sources):
    """Version of a source package in dependencies.sh's list; None when it is not there."""
    found = re.search(rf"^{re.escape(name)}_([^/\s]+?)(?:\.dsc|\.orig\.tar\.\w+)$", sources, re.M)
    return found and found[1]


def packages(sources):
    """One SPDX package for each library."""
    result = []
    for name, licence, package in LIBRARIES:
        version = built_version(name, sources) or installed_version(package)
        result.append({"SPDXID": f"SPDXRef-{name}", "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
                       "filesAnalyzed": False, "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION",
                       "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                         "referenceLocator": f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}"}]})
    return result


def files(folder):
    """One SPDX file for each that is installed."""
    result = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        result.append({"SPDXID": "SPDXRef-File-" + re.sub(r"[^A-Za-z0-9.]", "-", name), "fileName": "./" + name,
                       "checksums": [{"algorithm": kind, "checksumValue": hashlib.new(kind.lower(), content).hexdigest()}
                                     for kind in ("SHA1", "SHA256")],
                       "licenseConcluded": "MIT", "copyrightText": "NOASSERTION"})
    return result


def document(version, epoch, libraries, installed):
    """The whole of it."""
    own = "SPDXRef-koshin"
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", own)]
    relations += [(library["SPDXID"], "STATIC_LINK", own) for library in libraries]
    relations += [(own, "CONTAINS", file["SPDXID"]) for file in installed]
    verification = hashlib.sha1("".join(sorted(file["checksums"][0]["checksumValue"] for file in installed)).encode()).hexdigest()
    created = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"koshin-{version}-windows-x64",
            "documentNamespace": f"https://koshin.invalid/spdx/koshin-{version}-{verification}",
            "creationInfo": {"created": created, "creators": ["Tool: koshin-sbom", "Organization: koshin"]},
            "packages": [{"SPDXID": own, "name": "koshin", "versionInfo": version, "downloadLocation": "NOASSERTION",
                          "filesAnalyzed": True, "packageVerificationCode": {"packageVerificationCodeValue": verification},
                          "licenseConcluded": "MIT", "licenseDeclared": "MIT", "licenseInfoFromFiles": ["MIT"],
                          "copyrightText": "NOASSERTION", "supplier": "Organization: koshin"}, *libraries],
            "files": installed,
            "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                              for one, kind, other in relations]}


def own_terms(name, text):
    """Of Boost, whose file names the licence of each of forty thousand files, what holds for its headers."""
    if name != "boost":
        return text
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(part for part in paragraphs if re.match(r"Files: \*\n|License: BSL-1\.0\n", part)) + "\n"


def notices(libraries):
    """The licences' texts as Debian's packages have them."""
    text = "koshin is under the MIT licence (LICENSE.txt). Its programs contain the following software.\n"
    for library, (name, licence, package) in zip(libraries, LIBRARIES):
        copyright_file = pathlib.Path("/usr/share/doc") / package / "copyright"
        text += f"\n{'=' * 78}\n{name} {library['versionInfo']} ({licence})\n{'=' * 78}\n\n"
        text += own_terms(name, copyright_file.read_text(encoding="utf-8", errors="replace"))
    return text.replace("\n", "\r\n")


def main(version, epoch, sources, folder, out, notices_file):
    """Writes both; the notices first, which are installed and listed as well."""
    libraries = packages(pathlib.Path(sources).read_text(encoding="utf-8"))
    pathlib.Path(notices_file).write_bytes(notices(libraries).encode("utf-8"))
    whole = document(version, epoch, libraries, files(pathlib.Path(folder)))
    pathlib.Path(out).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
