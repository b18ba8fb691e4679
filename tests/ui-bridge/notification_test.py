#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin-ui and the desktop's notification server: actions, urgency, a server without actions, none at all."""
import datetime
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

try:
    import dbus  # noqa: F401  (the server's)
    from gi.repository import GLib  # noqa: F401
except ImportError:
    print("skipped: python3-dbus or python3-gi is not installed")
    sys.exit(77)

from checks import check, finish
from notification_desktop import Desktop

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])

class Ui:
    """koshin-ui with a notification first, its page's address printed instead of opened."""

    def __init__(self, folder, *arguments, toml=""):
        settings = folder / "koshin.toml"
        settings.write_text(toml)
        settings.chmod(0o600)
        environment = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        self.process = subprocess.Popen([BIN / "koshin-ui", "--print-url", "--settings", settings, *arguments], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def line(self):
        return self.process.stdout.readline().strip()

    def say(self, **message):
        """As the agent would, on its standard input."""
        print(json.dumps({"schema": 1, **message}), file=self.process.stdin, flush=True)

    def end(self):
        self.process.stdin.close()
        return self.process.wait(timeout=60)


TOKEN = {"manufacturer": "Maker", "model": "Model", "serial": "01", "label": "Sakura Token"}


def remember(folder, days, decision="due", purpose="log_in", **more):
    """What the agent saw: a certificate that expires in so many days (and an hour). When that is."""
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days, hours=1)
    memory = {"token": TOKEN, "certificate_sha256": "ab" * 32, "not_after": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "threshold": f"P{days}D" if days >= 0 else "expired", "decision": decision, "purpose": purpose}
    subprocess.run([BIN / "ui_bridge_fixture", "journal"], input=json.dumps({"memories": [memory], **more}), text=True, check=True,
                   env={**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder)})
    return expires


def check_urgency(folder, desktop):
    urgencies = []
    for days in (20, 5):
        remember(folder, days)
        ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
        shown = desktop.shown()
        urgencies.append(shown["urgency"])
        check("the message says how many days are left", f"({days} days left)" in shown["body"], shown)
        ui.end()
    check("it becomes more urgent as the expiry comes nearer", urgencies == [1, 2], urgencies)


def status(folder):
    """What koshin status tells of the one token."""
    told = subprocess.run([BIN / "koshin", "status", "--json", "--settings", folder / "koshin.toml"], capture_output=True, text=True, check=True,
                          env={**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)})
    return json.loads(told.stdout)["tokens"][0]


def check_later(folder, desktop):
    remember(folder, 20)
    ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
    desktop.shown()
    check("nothing is put off yet", not status(folder)["snoozed_at"])
    desktop.press("later")
    check("later is the end", ui.line() == "snoozed" and ui.process.wait(timeout=60) == 0)
    check("and is remembered", bool(status(folder)["snoozed_at"]), status(folder))


def check_later_that_cannot_be_written(folder, desktop):
    """What the person asks for cannot be remembered: it is as if nothing had been said, and nothing breaks."""
    remember(folder, 20)
    ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
    desktop.shown()
    with sqlite3.connect(folder / "koshin/journal.sqlite", timeout=20) as journal:
        journal.execute("CREATE TRIGGER full BEFORE INSERT ON token BEGIN SELECT RAISE(ABORT, 'no room'); END")
    desktop.press("later")
    check("it ends as it does when the message is closed", ui.line() == "closed" and ui.process.wait(timeout=60) == 0, str(ui.process.returncode))
    check("and nothing is put off", not status(folder)["snoozed_at"])
    with sqlite3.connect(folder / "koshin/journal.sqlite", timeout=20) as journal:
        journal.execute("DROP TRIGGER full")
    with sqlite3.connect(folder / "koshin/journal.sqlite", timeout=20) as journal:
        journal.execute("ALTER TABLE mail RENAME COLUMN threshold TO elsewhere")
    ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en", toml='[mail]\nurl = "smtp://127.0.0.1:1"\nfrom = "bank@example.test"\nto = "user@example.test"\n')
    check("a journal that cannot say whether a mail went out keeps nobody from being told", "(20 days left)" in desktop.shown()["body"])
    ui.end()
    with sqlite3.connect(folder / "koshin/journal.sqlite", timeout=20) as journal:
        journal.execute("ALTER TABLE mail RENAME COLUMN elsewhere TO threshold")


def check_told_again(folder, desktop):
    """Nobody has answered for days: the message is brought up to date, until the page is open."""
    remember(folder, 20)
    ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
    desktop.shown()
    first = desktop.number
    remember(folder, 5)
    ui.say(type="told_again", reason="due", certificate="ab" * 32)
    shown = desktop.shown()
    check("the same message", shown["replaces"] == first, shown)
    check("with the days that are left now", "(5 days left)" in shown["body"], shown)
    check("and their urgency", shown["urgency"] == 2, shown)
    ui.say(type="told_again", reason="due", certificate="ab" * 32, due=2, purpose="signature")
    shown = desktop.shown()
    check("meanwhile two are due, and this one does not log in", shown["body"].startswith("2 ") and "log in" not in shown["body"], shown)
    ui.say(type="told_again", reason="due", certificate="ab" * 32)
    shown = desktop.shown()
    check("and then one again that does", "log in" in shown["body"] and not shown["body"].startswith("2 "), shown)
    remember(folder, -4)
    ui.say(type="told_again", reason="reissue_needed", certificate="ab" * 32)
    check("and for another reason", desktop.shown()["summary"] == "Your certificate must be re-issued")
    for nonsense in ({"type": "told_again"}, {"type": "told_again", "reason": 7}, {"type": ["told_again"], "reason": "due"}, {"type": "news"}):
        ui.say(**nonsense)
    desktop.press("renew")
    check("its buttons still work", ui.line().startswith("http://"))
    ui.say(type="told_again", reason="due")
    check("an open page needs no message", ui.end() == 0)
    remember(folder, 1)
    ui = Ui(folder, "--reason", "resume_unfinished", "--certificate", "ab" * 32, "--language", "en")
    shown = desktop.shown()
    check("and none was shown", shown["summary"] == "A certificate renewal is unfinished", shown)
    check("an unfinished one presses as well, at the end", shown["urgency"] == 2, shown)
    ui.end()


def check_settled(folder, desktop):
    """Renewed elsewhere meanwhile: the message is taken back; an open page stays."""
    remember(folder, 20)
    ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
    desktop.shown()
    ui.say(type="settled")
    check("nothing to tell any more ends it", ui.line() == "closed" and ui.process.wait(timeout=60) == 0)
    check("and takes its message back", desktop.read("call", "close")["id"] == desktop.number)
    ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
    desktop.shown()
    desktop.press("renew")
    check("the page", ui.line().startswith("http://"))
    ui.say(type="settled")
    ui.say(type="token_removed")
    check("stays until there is another reason", ui.line() == "token_removed" and ui.process.wait(timeout=60) == 0)


def check_grace(folder, desktop):
    """Expired, and renewable for some days more: how long ago, until when, and the button that renews."""
    for language, title, ago, date in (
            ("en", "Your certificate has expired", "It expired 3 days ago", "until {0.day} {0:%B} {0.year}"),
            ("ja", "電子証明書の有効期限が過ぎました", "3 日前に期限が切れた", "{0.year}年{0.month}月{0.day}日")):
        shown_until = date.format((remember(folder, -4) + datetime.timedelta(days=30)).astimezone())
        ui = Ui(folder, "--reason", "expired_in_grace", "--certificate", "ab" * 32, "--language", language, toml='[renewal]\ngrace = "P30D"\n')
        shown = desktop.shown()
        check("a certificate in its grace has expired", shown["summary"] == title and shown["urgency"] == 2, shown)
        check("how long ago, and until when it can be renewed", ago in shown["body"] and shown_until in shown["body"], shown)
        check("it can be renewed from the message", shown["actions"][3] == {"en": "Renew now", "ja": "今すぐ更新"}[language], shown)
        ui.end()


def check_last_days(folder, desktop):
    for days, words in ((1, "(1 day left)"), (0, "(less than a day left)")):
        remember(folder, days)
        ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
        shown = desktop.shown()
        check("the last days are told in words", words in shown["body"], shown)
        ui.end()


def check_approval(folder, desktop):
    """A renewal that waited for approval: that it is time, and that the PIN is needed."""
    remember(folder, 12, pending=[{"token": TOKEN, "old_sha256": "ab" * 32, "ask_again": "2026-01-01T00:00:00Z"}])
    ui = Ui(folder, "--reason", "resume_unfinished", "--certificate", "ab" * 32, "--language", "en")
    shown = desktop.shown()
    check("it is time to ask, with the PIN", shown["summary"] == "Time to ask the authority again" and "Enter the PIN" in shown["body"], shown)
    ui.end()


def forget(folder):
    shutil.rmtree(folder / "koshin", ignore_errors=True)


def check_by_hand(folder, desktop):
    """Nobody says why: the message says what the journal knows, and claims nothing that nobody has read."""
    forget(folder)
    for language, title, body in (("en", "Certificate renewal", "No token has been read on this computer yet."), ("ja", "電子証明書の更新", "まだトークンを読み取っていません")):
        ui = Ui(folder, "--language", language)
        shown = desktop.shown()
        check("nothing was read, and nothing is said to be due", shown["summary"] == title and body in shown["body"], shown)
        check("it is not urgent, and nothing is put off", shown["urgency"] == 1 and "later" not in shown["actions"], shown)
        desktop.press("renew")
        check("its button opens the page", ui.line().startswith("http://"))
        ui.end()
    remember(folder, 200, decision="not_due")
    ui = Ui(folder, "--language", "en")
    shown = desktop.shown()
    check("tokens were read, and none was due", "no certificate on them was due" in shown["body"] and "later" not in shown["actions"], shown)
    ui.end()
    ui = Ui(folder, "--language", "en", "--token", "pkcs11:serial=77")
    shown = desktop.shown()
    check("of a token that is named nothing is claimed", shown["body"] == "The page reads the token that is inserted.", shown)
    ui.end()
    remember(folder, 5)
    ui = Ui(folder, "--language", "en")
    shown = desktop.shown()
    check("one is due by the journal: its days are told", shown["summary"] == "Your certificate is due for renewal" and "(5 days left)" in shown["body"] and shown["urgency"] == 2, shown)
    desktop.press("later")
    check("it can be put off", ui.line() == "snoozed" and ui.process.wait(timeout=60) == 0)
    check("which is remembered of its token", bool(status(folder)["snoozed_at"]), status(folder))
    remember(folder, 5, purpose="signature")
    ui = Ui(folder, "--language", "en")
    shown = desktop.shown()
    check("of one for signatures it is not said that it logs in", "(5 days left)" in shown["body"] and "log in" not in shown["body"], shown)
    ui.end()
    (folder / "koshin/journal.sqlite").write_bytes(b"not a journal" * 100)
    ui = Ui(folder, "--language", "en")
    shown = desktop.shown()
    check("a journal that cannot be read: nothing is claimed", shown["body"] == "The page reads the token that is inserted.", shown)
    ui.end()
    forget(folder)


def check_buttons(folder, desktop):
    ui = Ui(folder, "--reason", "due", "--language", "ja")
    shown = desktop.shown()
    check("the title", shown["summary"] == "電子証明書の更新時期です", shown)
    check("its buttons", shown["actions"] == ["default", "開く", "renew", "今すぐ更新", "later", "次回知らせる"], shown)
    check("normal urgency while there is time", shown["urgency"] == 1, shown)
    check("it stays until it is answered", shown["expire"] == 0, shown)
    desktop.press("renew")
    check("renew opens the page", ui.line().startswith("http://127.0.0.1:"))
    check("the end of the parent ends it", ui.end() == 0)

    ui = Ui(folder, "--reason", "reissue_needed", "--language", "en")
    shown = desktop.shown()
    check("an expired certificate is urgent", shown["urgency"] == 2 and shown["summary"] == "Your certificate must be re-issued", shown)
    desktop.press("later")
    check("later ends it", ui.line() == "snoozed" and ui.process.wait(timeout=60) == 0)

    ui = Ui(folder, "--reason", "due", "--language", "en")
    desktop.shown()
    desktop.press("default")
    check("a click on the message opens the page", ui.line().startswith("http://"))
    ui.end()


def check_taken_back(folder, desktop):
    ui = Ui(folder, "--reason", "due", "--language", "en")
    desktop.shown()
    desktop.dismiss()
    check("a dismissed message ends it", ui.line() == "closed" and ui.process.wait(timeout=60) == 0)

    ui = Ui(folder, "--reason", "due", "--language", "en")
    desktop.shown()
    ui.say(type="token_removed")
    check("a removed token ends it", ui.line() == "token_removed" and ui.process.wait(timeout=60) == 0)
    check("and takes its message back", desktop.read("call", "close")["id"] == desktop.number)


def check_poor_desks(folder):
    """A notification server without actions, none at all, and a text terminal."""
    with Desktop("--without-actions") as desktop:
        ui = Ui(folder, "--reason", "due", "--language", "en")
        shown = desktop.shown()
        check("a server without actions gets the message, and the page opens", shown["actions"] == [] and ui.line().startswith("http://"), shown)
        ui.end()

    ui = Ui(folder, "--reason", "due")
    check("without a server the page opens", ui.line().startswith("http://"))
    ui.end()

    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "DBUS_SESSION_BUS_ADDRESS")}
    plain = subprocess.run([BIN / "koshin-ui", "--settings", folder / "koshin.toml", "--language", "en"], stdin=subprocess.DEVNULL,
                           env={**environment, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}, capture_output=True, text=True, timeout=60)
    check("a text terminal gets a line that names the command", "koshin renew" in plain.stderr, plain.stderr)
    check("and its exit code says that nobody was told", plain.returncode not in (0, -6, -11), str(plain.returncode))
    check("and no address with a capability", "http://" not in plain.stdout + plain.stderr)


def run(folder):
    with Desktop() as desktop:
        check_buttons(folder, desktop)
        check_taken_back(folder, desktop)
        check_later_that_cannot_be_written(folder, desktop)
        check_later(folder, desktop)
        check_told_again(folder, desktop)
        check_settled(folder, desktop)
        check_urgency(folder, desktop)
        check_last_days(folder, desktop)
        check_grace(folder, desktop)
        check_approval(folder, desktop)
        check_by_hand(folder, desktop)
    check_poor_desks(folder)


if __name__ == "__main__":
    if "KOSHIN_TEST_BUS" not in os.environ:
        if not shutil.which("dbus-run-session"):
            print("skipped: dbus-run-session is not installed")
            sys.exit(77)
        sys.exit(subprocess.run(["dbus-run-session", "--", sys.executable, __file__], env={**os.environ, "KOSHIN_TEST_BUS": "1"}).returncode)
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name))
    finish()
