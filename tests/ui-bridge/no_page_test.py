#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin-ui where koshin does not know how the system tells whose a connection is: it opens no page, says so where the person looks, sends
the mail that is due, and ends."""
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from checks import check, finish

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])
UI = BIN / os.environ["KOSHIN_UI"]


WHY = "does not know how this system tells whose a connection is"


def run(folder, *arguments, language="en", toml="", program=UI, **variables):
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
                   "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", **variables}
    environment.pop("BROWSER", None)
    environment.pop("WAYLAND_DISPLAY", None)
    return subprocess.run([program, "--settings", settings, "--language", language, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)


def opened(folder, count):
    """What xdg-open was given, which koshin-ui does not wait for: so many lines, or those that there are after a while."""
    def lines():
        return (folder / "opened").read_text().splitlines() if (folder / "opened").exists() else []
    end = time.monotonic() + 20
    while len(lines()) < count and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(0.5)
    return lines()


def check_words(folder):
    for arguments in ([], ["--print-url"], ["--page-only", "--print-url"], ["--reason", "due"]):
        ended = run(folder, *arguments)
        check(f"{arguments}: the exit code of internal_error", ended.returncode == 1, ended)
        check(f"{arguments}: says why", WHY in ended.stderr, ended.stderr)
        check(f"{arguments}: says what does the same", '"koshin renew" in a terminal' in ended.stderr, ended.stderr)
        check(f"{arguments}: prints no address", "http" not in ended.stdout + ended.stderr, ended)
    ended = run(folder, "--page-only", DISPLAY="")
    check("without a display", ended.returncode == 1 and WHY in ended.stderr, ended)
    ended = run(folder, "--reason", "settings_invalid")
    check("settings that are right again are nothing to tell", ended.returncode == 0 and "koshin:" not in ended.stderr, ended)
    ended = run(folder, "--reason", "settings_invalid", toml="nonsense")
    check("settings that the agent has seen to be wrong change nothing", ended.returncode == 1 and WHY in ended.stderr, ended)
    check("no browser was started", opened(folder, 0) == [])
    check("nothing was made for one", not list(folder.glob("run/**/*.html")))
    ended = run(folder, "--remind")
    check("a reminder needs no page", ended.returncode == 0 and ended.stderr == "", ended)
    ended = run(folder, "--help")
    check("help is given", ended.returncode == 0 and "--link" in ended.stdout, ended)
    ended = run(folder, "--link", "koshin://prune")
    check("a link that is none is a mistake as elsewhere", ended.returncode == 2, ended)


def check_notice(folder):
    """The menu and a link, where the desktop shows no messages: two sentences in the browser, by a file."""
    file = folder / "run/koshin/notice.html"
    ways = ((["--page-only"], "en", ""), (["--link", "koshin://renew"], "en", ""), (["--page-only"], "en", "nonsense"), (["--page-only"], "ja", ""))
    for count, (arguments, language, toml) in enumerate(ways, 1):
        file.unlink(missing_ok=True)
        ended = run(folder, *arguments, language=language, toml=toml)
        check(f"{arguments}: the exit code of internal_error", ended.returncode == 1, ended)
        check(f"{arguments}: the browser gets the file, once", opened(folder, count) == [f"file://{file}"] * count)
        check(f"{arguments}: which only this user can read", file.exists() and file.stat().st_mode & 0o777 == 0o600)
        text = file.read_text() if file.exists() else ""
        why, way = (WHY, "&quot;koshin renew&quot; in a terminal") if language == "en" else ("koshin が対応していない", "端末で「koshin renew」")
        check(f"{arguments}: which says why and what does the same", why in text and way in text, text)
        check(f"{arguments}: on standard error too", why in ended.stderr and "koshin renew" in ended.stderr, ended.stderr)
        check(f"{arguments}: in its language", f'lang="{language}"' in text and '<meta charset="utf-8">' in text, text)
        check(f"{arguments}: without script or address", "<script" not in text and "http:" not in text, text)
        check(f"{arguments}: nothing else is left", [path.name for path in (folder / "run").glob("**/*.html*")] == [file.name])
    check("in Japanese", "画面を開けません" in ended.stderr, ended.stderr)


MAIL = '[mail]\nurl = "smtp://127.0.0.1:9"\nfrom = "bank@example.test"\nto = "user@example.test"\n'
DUE = ["--reason", "due", "--certificate", "ab" * 32]


def with_mail_due(folder, program, seconds):
    """This koshin-ui beside a koshin-mail that takes so long, and writes down how it was called, and a journal by which a mail is due."""
    programs = folder / "bin"
    programs.mkdir(parents=True)
    mail = programs / "koshin-mail"
    mail.write_text(f"#!/bin/sh\nsleep {seconds}\necho \"$@\" >> {folder}/mailed\n")
    mail.chmod(0o700)
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=12)
    memory = {"token": {"manufacturer": "Maker", "model": "Model", "serial": "01", "label": "Token"}, "certificate_sha256": "ab" * 32,
              "not_after": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "threshold": "P1M", "decision": "due"}
    subprocess.run([BIN / "ui_bridge_fixture", "journal"], input=json.dumps({"memories": [memory]}), text=True, check=True,
                   env={**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)})
    return shutil.copy(program, programs)


def mails(folder):
    return [line.split() for line in (folder / "mailed").read_text().splitlines()] if (folder / "mailed").exists() else []


def check_slow_mail(folder):
    """A mail that takes longer than one that a page leaves behind is given."""
    program = with_mail_due(folder, UI, seconds=7)
    for time_of_run in ("first", "second"):
        ended = run(folder, *DUE, toml=MAIL, program=program)
        mailed = mails(folder)
        check(f"{time_of_run} run: the person is told", ended.returncode == 1 and WHY in ended.stderr, ended)
        check(f"{time_of_run} run: the mail was sent to its end, once", len(mailed) == 1, mailed)


def check_mail_words(folder):
    """The mail promises no page where none can be opened, and one where koshin-ui knows the system."""
    programs = {False: UI} if UI.name == "koshin-ui" else {False: UI, True: BIN / "koshin-ui"}
    for possible, original in programs.items():
        for way, arguments in (("insertion", DUE), ("reminder", ["--remind"])):
            place = folder / f"{way}-{possible}"
            program = with_mail_due(place, original, seconds=0)
            ended = run(place, *arguments, toml=MAIL, program=program, DISPLAY="")
            mailed = mails(place)
            check(f"{way}, page possible: {possible}: one mail", len(mailed) == 1, (mailed, ended))
            check(f"{way}, page possible: {possible}: what koshin-mail is told of the page", all(("--no-page" in mail) != possible for mail in mailed), mailed)


for look in (check_words, check_notice, check_slow_mail, check_mail_words):
    with tempfile.TemporaryDirectory() as name:
        look(pathlib.Path(name))
finish()
