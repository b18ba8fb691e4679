#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin-ui where the system does not tell whose a connection is: it says so before it opens anything, and ends."""
import os
import pathlib
import subprocess
import sys
import tempfile

from checks import check, finish

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])
UI = BIN / os.environ["KOSHIN_UI"]


def run(folder, *arguments, language="en", toml=""):
    """With an xdg-open that leaves a mark, and a display for it."""
    (folder / "run").mkdir(mode=0o700, exist_ok=True)
    settings = folder / "koshin.toml"
    settings.write_text(toml)
    settings.chmod(0o600)
    opener = folder / "xdg-open"
    opener.write_text(f"#!/bin/sh\necho \"$1\" >> {folder}/opened\n")
    opener.chmod(0o700)
    environment = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
                   "XDG_RUNTIME_DIR": str(folder / "run"), "DISPLAY": ":0", "PATH": f"{folder}:{os.environ['PATH']}",
                   "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    return subprocess.run([UI, "--settings", settings, "--language", language, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    for arguments in ([], ["--page-only"], ["--print-url"], ["--link", "koshin://renew"], ["--reason", "due"]):
        ended = run(folder, *arguments)
        check(f"{arguments}: the exit code of internal_error", ended.returncode == 1, ended)
        check(f"{arguments}: says why", "does not tell whose a connection is" in ended.stderr, ended.stderr)
        check(f"{arguments}: says what does the same", '"koshin renew" in a terminal' in ended.stderr, ended.stderr)
        check(f"{arguments}: prints no address", "http" not in ended.stdout + ended.stderr, ended)
    ended = run(folder, "--page-only", language="ja")
    check("in Japanese", "koshin renew" in ended.stderr and "画面を開けません" in ended.stderr, ended.stderr)
    ended = run(folder, "--page-only", toml="nonsense")
    check("settings that are wrong change nothing", ended.returncode == 1 and "whose a connection is" in ended.stderr, ended)
    ended = run(folder, "--reason", "settings_invalid", toml="nonsense")
    check("settings that the agent has seen to be wrong either", ended.returncode == 1 and "whose a connection is" in ended.stderr, ended)
    ended = run(folder, "--reason", "settings_invalid")
    check("settings that are right again are nothing to tell", ended.returncode == 0 and "koshin:" not in ended.stderr, ended)
    check("no browser was started", not (folder / "opened").exists())
    check("no page's file was left or made", not list(folder.glob("run/**/*.html")))
    ended = run(folder, "--remind")
    check("a reminder needs no page", ended.returncode == 0 and ended.stderr == "", ended)
    ended = run(folder, "--help")
    check("help is given", ended.returncode == 0 and "--link" in ended.stdout, ended)
    ended = run(folder, "--link", "koshin://prune")
    check("a link that is none is a mistake as elsewhere", ended.returncode == 2, ended)
finish()
