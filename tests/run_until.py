#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs ctest until a moment. What was not begun or not finished by then is named and fails nothing; a test that has failed before does.

usage: run_until.py MOMENT ctest --test-dir BUILD [OPTION]...     MOMENT: in seconds of /proc/uptime, which nobody sets
Exit code: that of ctest; 0 where only what was cut off has failed, but 1 with --rerun-failed: nothing shows that it passes the second
time; 75 where the moment is too near and nothing was run.
environment: KOSHIN_CUT_AT_MOST, the seconds that none of these tests takes on any machine: one that has run for longer hangs, and has failed
"""
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

NEAREST = 5  # seconds: ctest takes a moment that has passed for one of tomorrow
NOT_RUN = 75  # EX_TEMPFAIL
DEFAULT_TIMEOUT = 1500  # ctest's own
CUT_AT_MOST = float(os.environ.get("KOSHIN_CUT_AT_MOST", "inf"))
STOPPED = "The stop time has been passed."
FAILED = "The following tests FAILED:"
FAILED_HOW = re.compile(r"^\s+\d+ - (.+) \((.+)\)$")


def now():
    return float(pathlib.Path("/proc/uptime").read_text().split()[0])


def wanted(command):
    """Name and time limit of each test that the command would run."""
    listed = subprocess.run([*command, "--show-only=json-v1"], stdout=subprocess.PIPE, check=True, text=True)
    limits = {}
    for test in json.loads(listed.stdout)["tests"]:
        values = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        limits[test["name"]] = float(values.get("TIMEOUT", DEFAULT_TIMEOUT))
    return limits


def run(command, moment):
    """ctest's exit code, how each test in its list of failed ones has failed, and whether it has said that the moment has passed.
    What it says is passed on as it comes."""
    stop = datetime.datetime.now() + datetime.timedelta(seconds=moment - now())  # of this place, as ctest takes it
    failed, stopped = {}, False
    with subprocess.Popen([*command, "--stop-time", stop.strftime("%H:%M:%S")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace") as ctest:
        for line in ctest.stdout:
            print(line, end="", flush=True)
            stopped = stopped or line.startswith(STOPPED)
            if line.startswith(FAILED):  # the last list is ctest's, any before it a test's
                failed = {}
            elif found := FAILED_HOW.match(line):
                failed[found[1]] = found[2]
    return ctest.returncode, failed, stopped


def results(report):
    """Of each test that has ended: how (run, fail, notrun, disabled) and after how many seconds."""
    try:
        cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
        return {case.get("name"): (case.get("status"), float(case.get("time", 0))) for case in cases}
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        print(f"run_until.py: no results of ctest: {error}")
        return None


def forget_failures(folder, names):
    """Takes tests out of ctest's list of those that have failed, which a second try goes by."""
    failed = folder / "Testing/Temporary/LastTestsFailed.log"
    if failed.exists():
        failed.write_text("".join(line for line in failed.read_text().splitlines(True) if line.strip().split(":", 1)[-1] not in names))


def main(moment, *command):
    """Says what was cut off."""
    moment = float(moment)
    if moment - now() < NEAREST:
        print("SKIPPED for lack of time: all of these tests")
        return NOT_RUN
    folder = pathlib.Path(command[command.index("--test-dir") + 1]).resolve()
    report = folder / "Testing/Temporary/run_until.xml"
    if "--output-junit" in command:
        report = pathlib.Path(command[command.index("--output-junit") + 1])
    else:
        command = (*command, "--output-junit", str(report))
    limits = wanted(command)
    report.unlink(missing_ok=True)
    status, failed, stopped = run(command, moment)
    ended = results(report)
    if ended is None:
        return status or 1
    stopped = stopped or now() >= moment - 1
    # ctest ends a test at the moment as it does at the test's own limit.
    cut = sorted(name for name in failed.keys() & ended.keys()
                 if stopped and failed[name] == "Timeout" and ended[name][1] + 1 < min(limits.get(name, DEFAULT_TIMEOUT), CUT_AT_MOST))
    absent = sorted(limits.keys() - ended.keys()) if stopped else []
    if absent:
        print(f"SKIPPED for lack of time: not begun: {len(absent)} of {len(limits)} tests: {' '.join(absent)}")
    if cut:
        print(f"SKIPPED for lack of time: not finished: {' '.join(cut)}")
        forget_failures(folder, set(cut))
    if absent and not ended:
        return NOT_RUN
    if "--rerun-failed" in command and (cut or absent):
        return status or 1
    others = {name for name, (how, _) in ended.items() if how not in ("run", "notrun", "disabled")} | failed.keys()
    return 0 if cut and others <= set(cut) else status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
