#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints the manuals to PDF, beside their HTML, with Chromium. usage: print.sh FOLDER [LANGUAGE]     (what manuals.py has made)
# The dates inside are those of SOURCE_DATE_EPOCH where it is set, so that a package built again has the same bytes.
set -euo pipefail
folder=$(readlink -f "${1:?usage: print.sh FOLDER [LANGUAGE]}")
profile=$(mktemp -d)
page=''
trap 'rm -rf "$profile" ${page:+"$page.print.html"}' EXIT

# Of all that may lie there, the pages that the folder's mark names (output.py).
mapfile -t names < <(sed -n '/index/!s/\.html$//p' "$folder/.koshin-manuals")
[ ${#names[@]} != 0 ] || { echo "print.sh: $folder has no manuals" >&2; exit 1; }
for name in "${names[@]}"; do
  case $name in "${2:-}"*) ;; *) continue ;; esac
  page=$folder/$name.html
  pdf=${page%.html}.pdf
  rm -f "$pdf"
  # A PDF knows whole addresses alone, and would name this computer's folders: links within it and to the web stay.
  sed -E 's/<a href="(#|https?:)/<A="\1/g; s/<a href="[^"]*"/<a/g; s/<A="/<a href="/g' "$page" >"$page.print.html"
  # The pages are our own and fetch nothing, and a build's container mostly permits no sandbox.
  HOME=$profile timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$profile/browser" \
    --no-pdf-header-footer --generate-pdf-document-outline --print-to-pdf="$pdf" "file://$page.print.html" >"$profile/log" 2>&1 ||
    { tail -20 "$profile/log" >&2; echo "print.sh: $page was not printed" >&2; exit 1; }
  [ -s "$pdf" ] || { tail -20 "$profile/log" >&2; echo "print.sh: $pdf did not come" >&2; exit 1; }
  rm "$page.print.html"
  if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
    # As many bytes as before: the table at the end of a PDF counts them.
    date=$(date --utc --date="@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S)
    LC_ALL=C sed -i -E "s/\/(CreationDate|ModDate) \(D:[0-9]{14}/\/\1 (D:$date/" "$pdf"
  fi
done
