#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes the installer for Windows of programs that are built: koshin-VERSION-x64.msi, its bill of materials, the manifests for
# winget. The same tree gives the same bytes.
# usage: packaging/windows/build-msi.sh PROGRAMS TEMPLATES SOURCES OUT
#   PROGRAMS: build/windows/bin, with delivered.txt, their list (packaging/cmake/WindowsPrograms.cmake); TEMPLATES: what koshin-templates wrote; SOURCES: the dependencies' list of source packages
# environment: KOSHIN_VERSION (default: the tree's), KOSHIN_SIGNING_CERTIFICATE and KOSHIN_SIGNING_KEY (PEM; default: a certificate made
#   for this build, which nobody trusts), KOSHIN_SIGNING_OPTIONS (more words for osslsigncode, such as -ts URL),
#   KOSHIN_DOWNLOAD_URL (the folder that the manifests say the installer is in), SOURCE_DATE_EPOCH (default: the last commit's),
#   KOSHIN_FAILURES (what koshin-failure-list prints; default: of the build that TEMPLATES is in)
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
tree=$(dirname "$(dirname "$here")")
programs=$(readlink -f "${1:?usage: build-msi.sh PROGRAMS TEMPLATES SOURCES OUT}")
templates=$(readlink -f "${2:?}")
sources=$(readlink -f "${3:?}")
mkdir -p "${4:?}"
out=$(readlink -f "$4")
version=${KOSHIN_VERSION:-$(sed -nE 's/^project\(koshin VERSION ([0-9.]+).*/\1/p' "$tree/CMakeLists.txt")}
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$tree" log -1 --format=%ct)}
url=${KOSHIN_DOWNLOAD_URL:-https://koshin.invalid/download}
certificate=${KOSHIN_SIGNING_CERTIFICATE:-} key=${KOSHIN_SIGNING_KEY:-}
export LC_ALL=C TZ=UTC

stage=$out/stage
rm -rf "$stage"
mkdir -p "$stage"/{en-US,ja-JP}

# uuid NAME: the same for the same name.
uuid() { python3 -c 'import sys, uuid; print(str(uuid.uuid5(uuid.UUID("b3a2e7d4-6e0f-4c39-8c2b-0b8a5c7d9e00"), sys.argv[1])).upper())' "$1"; }

make_certificate() {
  certificate=$out/throw-away-certificate.pem key=$out/throw-away-key.pem
  [ -s "$certificate" ] && [ -s "$key" ] && return 0
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=koshin test build/O=nobody trusts this" \
    -addext extendedKeyUsage=codeSigning -keyout "$key" -out "$certificate" 2>/dev/null
  chmod 600 "$key"
}

# sign FILE: in its place.
sign() {
  # shellcheck disable=SC2086
  osslsigncode sign -certs "$certificate" -key "$key" -h sha256 -n koshin -time "$epoch" ${KOSHIN_SIGNING_OPTIONS:-} \
    -in "$1" -out "$1.signed" >"$out/signing.log" 2>&1 || { cat "$out/signing.log" >&2; exit 1; }
  mv "$1.signed" "$1"
}

# A program may be missing, which the installer is then one without; a library is what the others run on.
# The programs without debug information, for which a crash report would need the build tree anyway.
stage_programs() {
  local name
  while read -r name; do
    if [ -f "$programs/$name" ]; then
      x86_64-w64-mingw32-strip --strip-all -p -o "$stage/$name" "$programs/$name"
    elif [[ $name = *.exe ]]; then
      echo "left out, since this build has not made it: $name" >&2
    else
      echo "$programs/$name is missing: no installer works without it" >&2
      exit 1
    fi
  done < <(echo koshin-setup.dll; cat "$programs/delivered.txt")
  ls "$stage"/*.exe >/dev/null 2>&1 || { echo "no program is built in $programs" >&2; exit 1; }
  bash "$here/event-messages.sh" "$templates/koshin-events.mc" "$templates/koshin-names.rc" "$stage/koshin-events.dll" "$version"
}

# HTML alone: the six PDFs would make the installer larger by a third, and every browser prints these pages. The project's other
# documents are not installed: links to them become words.
stage_manuals() {
  local failures=${KOSHIN_FAILURES:-$templates/../../../manuals/failures.json}
  [ -s "$failures" ] || { echo "left out, since this build has not made $failures: the manuals" >&2; return 0; }
  /usr/bin/python3 "$tree/packaging/manuals/manuals.py" --failures "$failures" --pictures "$tree/docs/screens" "$stage/manuals"
  rm "$stage/manuals/.koshin-manuals"
  python3 "$here/installer/guide_page.py" "$stage/manuals"
}

stage_documents() {
  cp "$templates/koshin.admx" "$stage/"
  cp "$templates/en-US/koshin.adml" "$stage/en-US/"
  cp "$templates/ja-JP/koshin.adml" "$stage/ja-JP/"
  sed 's/$/\r/' "$tree/LICENSE" >"$stage/LICENSE.txt"
  python3 "$here/installer/sbom.py" "$version" "$epoch" "$sources" "$stage" "$out/koshin-$version.spdx.json" "$stage/NOTICES.txt"
  cp "$out/koshin-$version.spdx.json" "$stage/koshin.spdx.json"
}

make_icon() {
  local size images=()
  rsvg-convert --width 256 --height 256 "$tree/packaging/icons/koshin.svg" -o "$out/icon-256.png"
  for size in 16 24 32 48 64; do
    rsvg-convert --width "$size" --height "$size" "$tree/packaging/icons/koshin.svg" -o "$out/icon-$size.png"
    images+=("$out/icon-$size.png")
  done
  # The largest as PNG: as a bitmap it is ten times the size of all the others.
  icotool --create --output="$stage/koshin.ico" --raw="$out/icon-256.png" "${images[@]}"
  rm -f "${images[@]}" "$out/icon-256.png"
}

msi_query() { msibuild "$msi" -q "$1"; }

# run_action ACTION PLACE CONDITION
run_action() {
  msi_query "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Condition\`, \`Sequence\`) VALUES ('$1', '$3', $2)"
}

# The task of the reminders comes and goes with the feature that has koshin-ui. The removal of an older version, which is part of an
# upgrade, leaves it: only what is there shows that an administrator has disabled it.
run_reminder_actions() {
  local wanted='&Agent = 3 OR (!Agent = 3 AND NOT (&Agent = 2))'
  run_action RegisterReminderData 6505 "$wanted"
  run_action RegisterReminder 6506 "$wanted"
  run_action RemoveReminder 6507 "(&Agent = 2 AND NOT UPGRADINGPRODUCTCODE) OR (NOT Installed AND NOT ($wanted))"
}

# The menu entry in the language of each user: Windows takes its name and description from a library (docs/windows.md).
name_menu_entry() {
  local entry="WHERE \`Shortcut\` = 'MenuEntry'" library='[INSTALLDIR]koshin-events.dll'
  msi_query "UPDATE \`Shortcut\` SET \`Name\` = 'CERTRENW|Certificate renewal' $entry"
  msi_query "UPDATE \`Shortcut\` SET \`DisplayResourceDLL\` = '$library', \`DisplayResourceId\` = 1 $entry"
  msi_query "UPDATE \`Shortcut\` SET \`DescriptionResourceDLL\` = '$library', \`DescriptionResourceId\` = 2 $entry"
}

# What wixl has no word for.
complete_database() {
  [ ! -f "$stage/koshin-ui.exe" ] || name_menu_entry
  local secure
  secure=$(sed -nE 's/^KOSHIN_(LIST_)?PROPERTY\((\w+),.*/\2/p' "$here/installer/properties.def" | paste -sd';')
  msi_query "UPDATE \`Property\` SET \`Value\` = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;BANK_FILE;PURGE;$secure' WHERE \`Property\` = 'SecureCustomProperties'"
  local property
  for property in ${secure//;/ }; do
    msi_query "UPDATE \`Component\` SET \`Condition\` = '$property' WHERE \`Component\` = 'Setting_$property'"
  done
  msi_query "UPDATE \`Component\` SET \`Condition\` = 'BANK_FILE' WHERE \`Component\` = 'BankFile'"
  msi_query "INSERT INTO \`LaunchCondition\` (\`Condition\`, \`Description\`) VALUES ('Installed OR (VersionNT64 >= 603)', 'koshin needs Windows 10 or later, 64 bits.')"
  # What was remembered is needed before folders and conditions are looked at, and counts less than what is given now.
  local place=60
  for property in ${secure//;/ }; do
    run_action "Remember_$property" $((place++)) "REMEMBERED_$property AND NOT $property"
    msi_query "UPDATE \`CustomAction\` SET \`Type\` = 51 WHERE \`Action\` = 'Remember_$property'"
  done
  run_action CheckSettings 1050 'NOT (REMOVE="ALL")'
  msi_query "UPDATE \`CustomAction\` SET \`Type\` = 1 WHERE \`Action\` = 'CheckSettings'"
  run_action StopProgramsData 1501 1
  run_action StopPrograms 1502 1
  run_action StartAgentsData 6501 'NOT (REMOVE="ALL")'
  run_action StartAgents 6502 'NOT (REMOVE="ALL")'
  run_action RemoveSettingsData 6503 '(REMOVE="ALL") AND NOT UPGRADINGPRODUCTCODE'
  run_action RemoveSettings 6504 '(REMOVE="ALL") AND NOT UPGRADINGPRODUCTCODE'
  [ ! -f "$stage/koshin-ui.exe" ] || run_reminder_actions
  local action
  for action in StartAgents RemoveSettings RegisterReminder RemoveReminder; do  # 1 library, 64 failure passed over, 512 + 1024 commit, 2048 as the system
    msi_query "UPDATE \`CustomAction\` SET \`Type\` = 3649 WHERE \`Action\` = '$action'"
  done
  # The whole earlier version goes first: then no file of it stays that this one does not have.
  msi_query "UPDATE \`InstallExecuteSequence\` SET \`Sequence\` = 1510 WHERE \`Action\` = 'RemoveExistingProducts'"
  msi_query "CREATE TABLE \`MoveFile\` (\`FileKey\` CHAR(72) NOT NULL, \`Component_\` CHAR(72) NOT NULL, \`SourceName\` CHAR(255) LOCALIZABLE, \`DestName\` CHAR(255) LOCALIZABLE, \`SourceFolder\` CHAR(72), \`DestFolder\` CHAR(72) NOT NULL, \`Options\` SHORT NOT NULL PRIMARY KEY \`FileKey\`)"
  msi_query "INSERT INTO \`MoveFile\` (\`FileKey\`, \`Component_\`, \`SourceFolder\`, \`DestFolder\`, \`Options\`) VALUES ('BankFile', 'BankFile', 'BANK_FILE', 'BANKSDIR', 0)"
  # Only administrators write the settings; Windows lets every user put files into a new folder below ProgramData.
  msi_query "CREATE TABLE \`MsiLockPermissionsEx\` (\`MsiLockPermissionsEx\` CHAR(72) NOT NULL, \`LockObject\` CHAR(72) NOT NULL, \`Table\` CHAR(32) NOT NULL, \`SDDLText\` CHAR(0) NOT NULL LOCALIZABLE, \`Condition\` CHAR(255) PRIMARY KEY \`MsiLockPermissionsEx\`)"
  local folder
  for folder in DATADIR DROPINSDIR BANKSDIR; do
    msi_query "INSERT INTO \`MsiLockPermissionsEx\` (\`MsiLockPermissionsEx\`, \`LockObject\`, \`Table\`, \`SDDLText\`) VALUES ('$folder', '$folder', 'CreateFolder', 'D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)')"
  done
  if [ -f "$stage/koshin.exe" ]; then
    msi_query "CREATE TABLE \`Environment\` (\`Environment\` CHAR(72) NOT NULL, \`Name\` CHAR(255) NOT NULL LOCALIZABLE, \`Value\` CHAR(255) LOCALIZABLE, \`Component_\` CHAR(72) NOT NULL PRIMARY KEY \`Environment\`)"
    msi_query "INSERT INTO \`Environment\` (\`Environment\`, \`Name\`, \`Value\`, \`Component_\`) VALUES ('Path', '=-*PATH', '[~];[INSTALLDIR]', 'Program_koshin')"
    msi_query "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('WriteEnvironmentStrings', 5200)"
    msi_query "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('RemoveEnvironmentStrings', 3300)"
  fi
  msi_query "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('MoveFiles', 3800)"
}

# list_files: what the installer's own table of files says, the largest first.
list_files() {
  msiinfo export "$msi" File | tr -d '\r' | awk -F'\t' 'NR > 3 { sub(/.*\|/, "", $3); printf "   %9d  %s\n", $4, $3 }' | sort -k1,1nr -k2
}

[ -n "$certificate" ] || make_certificate
stage_programs
for file in "$stage"/*.exe "$stage"/*.dll; do sign "$file"; done
stage_manuals
stage_documents
make_icon
find "$stage" -exec touch --no-dereference --date="@$epoch" {} +
python3 "$here/installer/make_wxs.py" "$here/installer/koshin.wxs" "$here/installer/properties.def" "$programs/delivered.txt" "$stage" "$stage/koshin.wxs"
content=$(cd "$stage" && find . -type f ! -name '*.wxs' -print0 | sort -z | xargs -0 sha256sum; sha256sum <"$stage/koshin.wxs")
msi=$out/koshin-$version-x64.msi
rm -f "$msi"
# Two packages of one version are one product, and of one content one package.
# Its tables are in the order of addresses in memory: those are made the same each time.
(cd "$stage" && setarch --addr-no-randomize wixl --arch x64 -D Version="$version" -D ProductCode="$(uuid "product $version")" \
  -o "$msi" koshin.wxs)
complete_database
python3 "$here/installer/steady_summary.py" "$msi" "$epoch" "$(uuid "$version $content")"
sign "$msi"
python3 "$here/winget/make_manifests.py" "$msi" "$version" "$(uuid "product $version")" "$epoch" "$url/koshin-$version-x64.msi" "$out/winget"
rm -f "$out/signing.log"
echo "built $msi ($(stat -c %s "$msi") bytes), which holds"
list_files
