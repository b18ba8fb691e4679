#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The version resource of one program or library of koshin, compiled.
# usage: packaging/windows/version-resource.sh FILE DESCRIPTION VERSION OUT.O
set -euo pipefail
file=${1:?usage: version-resource.sh FILE DESCRIPTION VERSION OUT.O} description=${2:?} version=${3:?} out=${4:?}
numbers=${version//./,},0
x86_64-w64-mingw32-windres -O coff -o "$out" <<RC
1 VERSIONINFO
FILEVERSION $numbers
PRODUCTVERSION $numbers
FILEOS 0x40004
FILETYPE $([[ $file == *.dll ]] && echo 2 || echo 1)
BEGIN
 BLOCK "StringFileInfo" BEGIN BLOCK "040904b0" BEGIN
  VALUE "CompanyName", "koshin"
  VALUE "FileDescription", "$description"
  VALUE "FileVersion", "$version"
  VALUE "LegalCopyright", "MIT"
  VALUE "OriginalFilename", "$file"
  VALUE "ProductName", "koshin"
  VALUE "ProductVersion", "$version"
 END END
 BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x409, 1200 END
END
RC
