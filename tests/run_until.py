#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs ctest until a moment. What was not begun or not finished by then is named and fails nothing; a test that has failed before does.

usage: run_until.py MOMENT ctest --test-dir BUILD [OPTION]...     MOMENT: seconds since 1970
Exit code: that of ctest; 0 where only what was cut off has failed; 75 (and nothing is run) where the moment is too near.
"""
import datetime
import json
import pathlib
import re
import subprocess
import sys
import time

NEAREST = 5  # seconds: ctest takes a moment that has passed for one of tomorrow
NOT_RUN = 75  # EX_TEMPFAIL
DEFAULT_TIMEOUT = 1500  # ctest's own
ENDED = re.compile(r"^ *\d+/\d+ Test +#\d+: (.+?) \.+ *(\**)(Passed|Skipped|Failed|Timeout|Not Run|Exception: \S+) +(?:\(.*\) +)?([\d.]+) sec")


def wanted(command):
    """Name and time limit of each test that the command would run."""
    listed = subprocess.run([*command, "--show-only=json-v1"], capture_output=True, check=True, text=True)
    limits = {}
    for test in json.loads(listed.stdout)["tests"]:
        values = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        limits[test["name"]] = float(values.get("TIMEOUT", DEFAULT_TIMEOUT))
    return limits


def run(command, moment):
    """ctest's exit code, and of each test that has ended how and after how many seconds. What it says is passed on as it comes."""
    stop = datetime.datetime.fromtimestamp(moment).strftime("%H:%M:%S")  # of this place, as ctest takes it
    ended = {}
    with subprocess.Popen([*command, "--stop-time", stop], stdout=subprocess.PIPE, text=True, errors="replace") as ctest:
        for line in ctest.stdout:
            print(line, end="", flush=True)
            if found := ENDED.match(line):
                ended[found[1]] = (found[3], float(found[4]))
    return ctest.returncode, ended


def forget_failures(folder, names):
    """Takes tests out of ctest's list of those that have failed, which a second try goes by."""
    failed = folder / "Testing/Temporary/LastTestsFailed.log"
    if failed.exists():
        failed.write_text("".join(line for line in failed.read_text().splitlines(True) if line.strip().split(":", 1)[-1] not in names))


def main(moment, *command):
    """Says what was cut off."""
    moment = float(moment)
    if moment - time.time() < NEAREST:
        print("SKIPPED for lack of time: all of these tests")
        return NOT_RUN
    limits = wanted(command)
    status, ended = run(command, moment)
    absent = sorted(limits.keys() - ended.keys())
    # ctest ends a test at the moment as it does at the test's own limit.
    cut = sorted(name for name, (how, took) in ended.items()
                 if how == "Timeout" and took + 1 < limits.get(name, DEFAULT_TIMEOUT) and time.time() >= moment - 1)
    if absent and time.time() >= moment - 1:
        print(f"SKIPPED for lack of time: not begun: {len(absent)} of {len(limits)} tests: {' '.join(absent)}")
    if cut:
        print(f"SKIPPED for lack of time: not finished: {' '.join(cut)}")
        forget_failures(pathlib.Path(command[command.index("--test-dir") + 1]), set(cut))
        others = [name for name, (how, _) in ended.items() if how not in ("Passed", "Skipped") and name not in cut]
        return status if others else 0
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
