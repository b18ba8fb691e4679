#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin-ui and the desktop's notification server: actions, urgency, a server without actions, none at all."""
import datetime
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading

try:
    import dbus
    import dbus.mainloop.glib
    import dbus.service
    from gi.repository import GLib
except ImportError:
    print("skipped: python3-dbus or python3-gi is not installed")
    sys.exit(77)

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])
NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
passed = failed = 0


class Desktop(dbus.service.Object):
    """A notification server that writes down what it is asked to show."""

    def __init__(self, bus, capabilities):
        self.name = dbus.service.BusName(NAME, bus, replace_existing=True, allow_replacement=True)
        super().__init__(self.name, PATH)
        self.capabilities, self.shown = capabilities, queue.Queue()

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return self.capabilities

    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, title, body, actions, hints, timeout):
        self.shown.put({"title": str(title), "body": str(body), "actions": [str(a) for a in actions], "urgency": int(hints["urgency"])})
        return dbus.UInt32(7)

    @dbus.service.method(NAME, in_signature="u")
    def CloseNotification(self, number):
        self.NotificationClosed(number, dbus.UInt32(3))

    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, number, key):
        pass

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, number, reason):
        pass


def check(name, condition, more=""):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f"FAILED  {name} {more}")


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

    def end(self):
        self.process.stdin.close()
        return self.process.wait(timeout=60)


def invoke(desktop, key):
    GLib.idle_add(desktop.ActionInvoked, dbus.UInt32(7), key)


TOKEN = {"manufacturer": "Maker", "model": "Model", "serial": "01", "label": "Sakura Token"}


def remember(folder, days, **more):
    """What the agent saw: a certificate that expires in so many days (and an hour)."""
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days, hours=1)
    memory = {"token": TOKEN, "certificate_sha256": "ab" * 32, "not_after": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "threshold": f"P{days}D" if days >= 0 else "expired"}
    subprocess.run([BIN / "ui_bridge_fixture", "journal"], input=json.dumps({"memories": [memory], **more}), text=True, check=True,
                   env={**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder)})


def check_urgency(folder, desktop):
    urgencies = []
    for days in (20, 5):
        remember(folder, days)
        ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
        shown = desktop.shown.get(timeout=60)
        urgencies.append(shown["urgency"])
        check("the message says how many days are left", f"({days} days left)" in shown["body"], shown)
        ui.end()
    check("it becomes more urgent as the expiry comes nearer", urgencies == [1, 2], urgencies)


def check_grace(folder, desktop):
    """Expired, and renewable for some days more: how long ago, until when, and the button that renews."""
    until = datetime.datetime.now().astimezone() + datetime.timedelta(days=26, hours=1)
    for language, title, ago, shown_until in (
            ("en", "Your certificate has expired", "It expired 3 days ago", f"until {until:%Y-%m-%d}"),
            ("ja", "電子証明書の有効期限が過ぎました", "3 日前に期限が切れた", f"{until.year}年{until.month}月{until.day}日")):
        remember(folder, -4)
        ui = Ui(folder, "--reason", "expired_in_grace", "--certificate", "ab" * 32, "--language", language, toml='[renewal]\ngrace = "P30D"\n')
        shown = desktop.shown.get(timeout=60)
        check("a certificate in its grace has expired", shown["title"] == title and shown["urgency"] == 2, shown)
        check("how long ago, and until when it can be renewed", ago in shown["body"] and shown_until in shown["body"], shown)
        check("it can be renewed from the message", shown["actions"][3] == {"en": "Renew now", "ja": "今すぐ更新"}[language], shown)
        ui.end()


def check_last_days(folder, desktop):
    for days, words in ((1, "(1 day left)"), (0, "(less than a day left)")):
        remember(folder, days)
        ui = Ui(folder, "--reason", "due", "--certificate", "ab" * 32, "--language", "en")
        shown = desktop.shown.get(timeout=60)
        check("the last days are told in words", words in shown["body"], shown)
        ui.end()


def check_approval(folder, desktop):
    """A renewal that waited for approval: that it is time, and that the PIN is needed."""
    remember(folder, 12, pending=[{"token": TOKEN, "old_sha256": "ab" * 32, "ask_again": "2026-01-01T00:00:00Z"}])
    ui = Ui(folder, "--reason", "resume_unfinished", "--certificate", "ab" * 32, "--language", "en")
    shown = desktop.shown.get(timeout=60)
    check("it is time to ask, with the PIN", shown["title"] == "Time to ask the authority again" and "Enter the PIN" in shown["body"], shown)
    ui.end()


def run(folder):
    bus = dbus.SessionBus()
    desktop = Desktop(bus, ["body", "actions"])
    loop = GLib.MainLoop()
    threading.Thread(target=loop.run, daemon=True).start()

    ui = Ui(folder, "--reason", "due", "--language", "ja")
    shown = desktop.shown.get(timeout=60)
    check("the title", shown["title"] == "電子証明書の更新時期です", shown)
    check("its buttons", shown["actions"] == ["default", "開く", "renew", "今すぐ更新", "later", "次回知らせる"], shown)
    check("normal urgency while there is time", shown["urgency"] == 1, shown)
    invoke(desktop, "renew")
    check("renew opens the page", ui.line().startswith("http://127.0.0.1:"))
    check("the end of the parent ends it", ui.end() == 0)

    ui = Ui(folder, "--reason", "reissue_needed", "--language", "en")
    shown = desktop.shown.get(timeout=60)
    check("an expired certificate is urgent", shown["urgency"] == 2 and shown["title"] == "Your certificate must be re-issued", shown)
    invoke(desktop, "later")
    check("later ends it", ui.line() == "snoozed" and ui.process.wait(timeout=60) == 0)

    ui = Ui(folder, "--reason", "due", "--language", "en")
    desktop.shown.get(timeout=60)
    invoke(desktop, "default")
    check("a click on the message opens the page", ui.line().startswith("http://"))
    ui.end()

    ui = Ui(folder, "--reason", "due", "--language", "en")
    desktop.shown.get(timeout=60)
    GLib.idle_add(desktop.NotificationClosed, dbus.UInt32(7), dbus.UInt32(2))
    check("a dismissed message ends it", ui.line() == "closed" and ui.process.wait(timeout=60) == 0)

    ui = Ui(folder, "--reason", "due", "--language", "en")
    desktop.shown.get(timeout=60)
    ui.process.stdin.write(json.dumps({"schema": 1, "type": "token_removed"}) + "\n")
    ui.process.stdin.flush()
    check("a removed token takes the message back", ui.line() == "token_removed" and ui.process.wait(timeout=60) == 0)

    check_urgency(folder, desktop)
    check_last_days(folder, desktop)
    check_grace(folder, desktop)
    check_approval(folder, desktop)

    desktop.capabilities = ["body"]
    ui = Ui(folder, "--reason", "due", "--language", "en")
    shown = desktop.shown.get(timeout=60)
    check("a server without actions gets the message, and the page opens", shown["actions"] == [] and ui.line().startswith("http://"), shown)
    ui.end()

    desktop.remove_from_connection()
    del desktop.name
    bus.release_name(NAME)
    ui = Ui(folder, "--reason", "due")
    check("without a server the page opens", ui.line().startswith("http://"))
    ui.end()

    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "DBUS_SESSION_BUS_ADDRESS")}
    plain = subprocess.run([BIN / "koshin-ui", "--settings", folder / "koshin.toml", "--language", "en"], stdin=subprocess.DEVNULL,
                           env={**environment, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}, capture_output=True, text=True, timeout=60)
    check("a text terminal gets a line that names the command", "koshin renew" in plain.stderr, plain.stderr)
    check("and its exit code says that nobody was told", plain.returncode not in (0, -6, -11), str(plain.returncode))
    check("and no address with a capability", "http://" not in plain.stdout + plain.stderr)


if __name__ == "__main__":
    if "KOSHIN_TEST_BUS" not in os.environ:
        if not shutil.which("dbus-run-session"):
            print("skipped: dbus-run-session is not installed")
            sys.exit(77)
        sys.exit(subprocess.run(["dbus-run-session", "--", sys.executable, __file__], env={**os.environ, "KOSHIN_TEST_BUS": "1"}).returncode)
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    with tempfile.TemporaryDirectory() as name:
        run(pathlib.Path(name))
    print(f"{passed} passed, {failed} failed")
    sys.exit(0 if failed == 0 and passed > 0 else 1)
