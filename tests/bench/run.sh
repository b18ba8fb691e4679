#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What ./dev bench runs: BUILD is the build folder, the rest goes to koshin-bench (--json FILE, --only NAME).
set -euo pipefail
build=$1
shift
exec "$build/bin/koshin-bench" "$@"
