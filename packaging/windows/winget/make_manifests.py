#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The manifests of the installer for winget, of the version, the product code and the hash that it has.

usage: make_manifests.py FILE.MSI VERSION PRODUCT_CODE EPOCH URL OUT     URL: where the installer will be downloaded from
"""
import datetime
import hashlib
import pathlib
import sys

IDENTIFIER = "koshin.koshin"
SCHEMA = "1.6.0"
SHORT = {"en-US": "Renews the certificate on a hardware token before it expires",
         "ja-JP": "トークンの電子証明書を有効期限の前に更新します"}


def document(kind, lines):
    """One manifest, in YAML."""
    head = f"# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.{SCHEMA}.schema.json\n"
    return head + "\n".join(lines) + f"\nManifestType: {kind}\nManifestVersion: {SCHEMA}\n"


def locale(version, tag, kind):
    """What a person reads of it, in one language."""
    return document(kind, [f"PackageIdentifier: {IDENTIFIER}", f"PackageVersion: {version}", f"PackageLocale: {tag}", "Publisher: koshin",
                           "PackageName: koshin", "License: MIT", f"ShortDescription: {SHORT[tag]}"])


def installer(version, product_code, epoch, url, digest):
    """Where it is, and what its bytes are."""
    date = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%d")
    return document("installer", [
        f"PackageIdentifier: {IDENTIFIER}", f"PackageVersion: {version}", "Platform:", "- Windows.Desktop", "MinimumOSVersion: 10.0.17763.0",
        "InstallerType: wix", "Scope: machine", "InstallModes:", "- interactive", "- silent", "- silentWithProgress", "UpgradeBehavior: install",
        f"ReleaseDate: {date}", "Protocols:", "- koshin", "Installers:", "- Architecture: x64", f"  InstallerUrl: {url}",
        f"  InstallerSha256: {digest}", f"  ProductCode: '{{{product_code}}}'"])


def main(path, version, product_code, epoch, url, out):
    """Writes a folder of them, as winget's repository has it."""
    folder = pathlib.Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest().upper()
    files = {"": document("version", [f"PackageIdentifier: {IDENTIFIER}", f"PackageVersion: {version}", "DefaultLocale: en-US"]),
             ".installer": installer(version, product_code, epoch, url, digest),
             ".locale.en-US": locale(version, "en-US", "defaultLocale"), ".locale.ja-JP": locale(version, "ja-JP", "locale")}
    for name, text in files.items():
        (folder / f"{IDENTIFIER}{name}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
