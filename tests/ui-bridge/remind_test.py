#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin-ui --remind: tokens that lie in a drawer, with a real notification server, a real SMTP server, both, and neither."""
import asyncio
import datetime
import fcntl
import json
import os
import pathlib
import shutil
import socket
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
from mail_server import SMTP, Box, Server
from notification_desktop import Desktop

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])

class Desk:
    """A user whose agent has seen tokens, none of which is inserted."""

    def __init__(self, folder, toml="", tokens=(), **journal):
        self.folder = folder / "user"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.settings = self.folder / "koshin.toml"
        self.settings.write_text(toml)
        self.settings.chmod(0o600)
        self.environment = {**os.environ, "HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder),
                            "XDG_RUNTIME_DIR": str(self.folder)}
        content = {"memories": [self.memory(*token) for token in tokens], **journal}
        subprocess.run([BIN / "ui_bridge_fixture", "journal"], input=json.dumps(content), text=True, check=True, env=self.environment)

    @staticmethod
    def memory(serial, days, purpose="log_in"):
        expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days, hours=1)
        return {"token": {"manufacturer": "Maker", "model": "Model", "serial": serial, "label": f"Token {serial}"}, "told": False,
                "certificate_sha256": serial * 32, "not_after": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "decision": "not_due", "purpose": purpose}

    @staticmethod
    def ago(days):
        return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def remind(self, language="en", bus=True):
        environment = {k: v for k, v in self.environment.items() if bus or k != "DBUS_SESSION_BUS_ADDRESS"}
        return subprocess.run([BIN / "koshin-ui", "--remind", "--language", language, "--settings", self.settings], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


MAIL = '[mail]\nurl = "smtp://127.0.0.1:{port}"\nfrom = "bank@example.test"\nto = "user@example.test"\ncc = "admin@example.test"\nlanguage = "en"\nstarttls = false\n'


GAVE_UP = "the notice could not be sent by mail"


class RefusingSMTP(SMTP):
    """Takes no mail for an address that begins so."""

    refused, answer = "admin@", "550 5.1.1 no such user"

    async def smtp_RCPT(self, argument):
        if self.refused in argument:
            return await self.push(self.answer)
        return await super().smtp_RCPT(argument)


class BusySMTP(RefusingSMTP):
    refused, answer = "user@", "451 4.2.1 try again later"


class RefusingServer(Server):
    def __init__(self, box, kind):
        super().__init__(box)
        self.kind = kind

    def factory(self):
        return self.kind(self.handler)


def check_message(folder):
    with Desktop() as desktop:
        desk = Desk(folder, tokens=[("a1", 60), ("b2", 20), ("c3", 5), ("d4", -3)])
        first = desk.remind()
        check("it ends well", first.returncode == 0, first.stderr)
        shown = [desktop.shown() for _ in range(3)]
        check("those that expire first come first, and what is not due does not come", ["d4" in shown[0]["body"], "c3" in shown[1]["body"], "b2" in shown[2]["body"]] == [True] * 3, shown)
        check("it says which token to insert, and how many days are left", 'Insert the token &quot;Token c3&quot;' in shown[1]["body"] and "(5 days left)" in shown[1]["body"], shown[1])
        check("it has no buttons that would need somebody to wait for them", shown[1]["actions"] == [], shown[1])
        check("the last week is urgent", [message["urgency"] for message in shown] == [2, 2, 1], shown)
        desk.remind()
        Desk(folder, tokens=[("f6", -3, "signature")]).remind()
        shown = desktop.shown()
        check("an expired certificate for signatures can still be renewed", "It can still be renewed: insert" in shown["body"], shown)
        desk = Desk(folder, tokens=[("e5", 2)])
        desk.remind(language="ja")
        shown = desktop.shown()
        check("a second run tells nothing again; Japanese", "トークン「Token e5」を挿してください" in shown["body"], shown)


def check_renewed(folder):
    with Desktop() as desktop:
        memory = Desk.memory("a1", 5)
        completed = [{"token": memory["token"], "old_sha256": memory["certificate_sha256"]}]
        Desk(folder, tokens=[("a1", 5)], completed=completed).remind()
        Desk(folder, tokens=[("b2", 5)]).remind()
        check("what was renewed is not told", "Token b2" in desktop.shown()["body"])


def check_mail(folder):
    box = Box()
    server = Server(box)
    server.start()
    toml = MAIL.format(port=server.port)
    desk = Desk(folder, toml, tokens=[("a1", 20)])
    check("without a desktop the mail goes out", desk.remind(bus=False).returncode == 0 and len(box.mails) == 2, box.mails)
    mail, copy = box.mails
    check("to both, the same mail", box.recipients == [["user@example.test"], ["admin@example.test"]] and mail["Cc"] == "admin@example.test"
          and copy["Message-ID"] == mail["Message-ID"], box.recipients)
    check("with the link", "koshin://renew" in mail.get_body(("plain",)).get_content() and 'href="koshin://renew"' in mail.get_body(("html",)).get_content())
    desk.remind(bus=False)
    check("once", len(box.mails) == 2)
    server.stop()


def check_refused_mail(folder):
    box = Box()
    refusing = RefusingServer(box, RefusingSMTP)
    refusing.start()
    desk = Desk(folder, MAIL.format(port=refusing.port), tokens=[("b2", 20)])
    refused = desk.remind(bus=False)
    check("a copy that is refused does not keep the person from being told, and the log says so",
          box.recipients == [["user@example.test"]] and "mail.cc" in refused.stderr and "550" in refused.stderr, refused.stderr)
    desk.remind(bus=False)
    check("and is tried once", len(box.mails) == 1, box.recipients)
    refusing.stop()
    busy = RefusingServer(box, BusySMTP)
    busy.start()
    desk = Desk(folder, MAIL.format(port=busy.port), tokens=[("c3", 20)])
    silent = desk.remind(bus=False)
    check("a mail that the person did not get does not count, and has no copy", len(box.mails) == 1 and "did not go out" in silent.stderr, silent.stderr)
    busy.stop()
    with Desktop() as desktop:  # the mail's server is not there now
        desk.remind()
        check("what no mail has told is told once somebody can be", "Token c3" in desktop.shown()["body"])


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def check_mail_after_its_message(folder):
    """The mail server is away while the message is shown: the mail follows, the message does not come again."""
    box = Box()
    port = free_port()
    with Desktop() as desktop:
        desk = Desk(folder, MAIL.format(port=port), tokens=[("a1", 20)])
        first = desk.remind()
        check("the message is shown", "Token a1" in desktop.shown()["body"])
        check("the mail is not sent, and the log says so", first.returncode == 0 and box.mails == [] and GAVE_UP in first.stderr, first.stderr)
        again = desk.remind()
        check("it is tried at each run", GAVE_UP in again.stderr, again.stderr)
        server = Server(box, port)
        server.start()
        late = desk.remind()
        check("the mail goes out once the server is there, to the contract's administrator as well",
              late.returncode == 0 and box.recipients == [["user@example.test"], ["admin@example.test"]], late.stderr)
        check("the log says so", "has gone out now" in late.stderr, late.stderr)
        desk.remind()
        check("once", len(box.mails) == 2, box.recipients)
        Desk(folder, tokens=[("b2", 20)]).remind()
        check("and its message was shown once", "Token b2" in desktop.shown()["body"])
    server.stop()


def check_mail_of_an_insertion(folder):
    """koshin-ui, as the agent starts it, has shown the message of an inserted token while the mail server was away."""
    box = Box()
    port = free_port()
    memory = {**Desk.memory("a1", 20), "told": True, "threshold": "P28D", "decision": "due", "notified": Desk.ago(0)}
    with Desktop() as desktop:
        desk = Desk(folder, MAIL.format(port=port), memories=[memory])
        ui = subprocess.Popen([BIN / "koshin-ui", "--reason", "due", "--certificate", memory["certificate_sha256"], "--language", "en", "--settings", desk.settings],
                              env=desk.environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        desktop.shown()
        for line in ui.stderr:  # koshin-mail has given up
            if GAVE_UP in line:
                break
        desktop.dismiss()
        ui.communicate(timeout=60)
        check("the person has closed the message", ui.returncode == 0 and box.mails == [], ui.returncode)
    server = Server(box, port)
    server.start()
    desk.remind(bus=False)
    check("the next reminder sends the mail of the insertion", box.recipients == [["user@example.test"], ["admin@example.test"]], box.recipients)
    desk.remind(bus=False)
    check("once", len(box.mails) == 2, box.recipients)
    # What is not worth a mail any more.
    old = {**memory, "token": Desk.memory("b2", 20)["token"], "certificate_sha256": "b2" * 32, "notified": Desk.ago(8)}
    renewed = {**memory, "token": Desk.memory("c3", 20)["token"], "certificate_sha256": "c3" * 32}
    completed = [{"token": renewed["token"], "old_sha256": renewed["certificate_sha256"]}]
    desk = Desk(folder, MAIL.format(port=port), memories=[old, renewed], completed=completed)
    quiet = desk.remind(bus=False)
    check("a mail is tried for a week, and not for a certificate that was renewed meanwhile", len(box.mails) == 2 and quiet.stderr == "", quiet.stderr)
    server.stop()


def check_many(folder):
    """Banks without mail, whose tokens expire first, are in nobody's way."""
    box = Box()
    server = Server(box)
    server.start()
    toml = '[[bank]]\nname = "silent"\n\n[[bank]]\nname = "mailing"\n' + MAIL.format(port=server.port).replace("[mail]", "[bank.mail]")
    tokens = [{**Desk.memory(f"a{i}", 2), "bank": "silent"} for i in range(6)]
    tokens += [{**Desk.memory(f"b{i}", 20), "bank": "mailing"} for i in range(7)]
    desk = Desk(folder, toml, memories=tokens)
    desk.remind(bus=False)
    people = box.recipients.count(["user@example.test"])
    check("five are told although six others come first", people == 5, box.recipients)
    desk.remind(bus=False)
    check("the others at the next run", box.recipients.count(["user@example.test"]) == 7, box.recipients)
    server.stop()


def check_nothing_to_tell_by(folder):
    desk = Desk(folder, tokens=[("a1", 20)])
    silent = desk.remind(bus=False)
    check("neither desktop nor mail: it says so in the log", silent.returncode == 0 and "neither a desktop nor a mail" in silent.stderr, silent.stderr)
    with Desktop() as desktop:
        desk.remind()
        check("and it is told once somebody can be", "Token a1" in desktop.shown()["body"])


def check_one_at_a_time(folder):
    """Two that are started at once tell nothing twice: the second one ends."""
    with Desktop() as desktop:
        desk = Desk(folder, tokens=[("a1", 20)])
        with open(desk.folder / "koshin/reminders.lock", "w", encoding="utf-8") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            second = desk.remind()
            check("while another one tells, it ends", second.returncode == 0 and "Token a1" not in second.stderr, second.stderr)
        desk.remind()
        check("and what it left is told by the next", "Token a1" in desktop.shown()["body"])
        Desk(folder, tokens=[("b2", 20)]).remind()
        check("once: the next message is another token's", "Token b2" in desktop.shown()["body"])


def check_wrong_settings(folder):
    """Nobody would be told of what expires: so the person is told of that, once for each mistake."""
    desk = Desk(folder, 'authority.atempts = 3\n', tokens=[("a1", 5)])
    silent = desk.remind(bus=False)
    check("without a desktop the failure's exit code and the place", silent.returncode == 3 and "koshin.toml:1:11" in silent.stderr, silent.stderr)
    with Desktop() as desktop, open(desk.folder / "koshin/told-settings-mistake.lock", "w", encoding="utf-8") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)  # the agent's message is on the screen
        check("what the agent is telling is not told beside it", desk.remind().returncode == 3 and not (desk.folder / "koshin/told-settings-mistake").exists())
        lock.close()
        check("it fails all the same where somebody is told", desk.remind().returncode == 3)
        told = desktop.shown()
        check("the message says what is wrong, where, and where to read more", "cannot be renewed" in told["summary"] and "koshin.toml:1:11" in told["body"]
              and "in the menu" in told["body"] and told["actions"] == [], told)
        desk.remind()
        desk.settings.write_text("log.levl = 1\n")
        desk.remind(language="ja")
        told = desktop.shown()
        check("once; another mistake is told, in Japanese", "koshin.toml:1:5" in told["body"] and "電子証明書の更新" in told["body"], told)
        desk.settings.write_text("")
        desk.remind()
        check("once it is right, what expires is told", "Token a1" in desktop.shown()["body"])
        desk.settings.write_text("log.levl = 1\n")
        desk.remind()
        check("the same mistake, made again, is told again", "koshin.toml:1:5" in desktop.shown()["body"])


def check_unusable_journal(folder):
    """A damaged journal is left for whoever can say what becomes of it; the person is told once that nobody reminds them."""
    desk = Desk(folder, tokens=[("a1", 5)])
    journal = desk.folder / "koshin/journal.sqlite"
    whole = journal.read_bytes()
    journal.write_bytes(b"no database" * 500)
    silent = desk.remind(bus=False)
    check("without a desktop the failure's exit code, the place and the remedy", silent.returncode == 7 and "journal.sqlite" in silent.stderr and "keeps it aside" in silent.stderr
          and "kept under another name" in silent.stderr, silent.stderr)
    check("what nobody has read is not kept as told", not (desk.folder / "koshin/told-journal-mistake").exists())
    with Desktop() as desktop:
        check("it fails all the same where somebody is told", desk.remind().returncode == 7)
        told = desktop.shown()
        check("the message says what follows, what to do and which file it is", "cannot be used" in told["summary"] and "not reminded of tokens" in told["body"]
              and "journal.sqlite" in told["body"] and told["actions"] == [], told)
        desk.remind()
        check("the damaged file stays where it is", not list(journal.parent.glob("*damaged*")) and journal.read_bytes() == b"no database" * 500)
        journal.write_bytes(whole)
        desk.remind()
        check("once; when it is whole again, what expires is told", "Token a1" in desktop.shown()["body"])
        journal.write_bytes(b"no database" * 500)
        desk.remind(language="ja")
        check("damaged again, it is told again, in Japanese", "更新の記録を使えません" in desktop.shown()["summary"])


class SlowSMTP(SMTP):
    """Takes its time, so that a second mail would be on its way before the first has gone out."""

    async def smtp_RCPT(self, argument):
        await asyncio.sleep(1)
        return await super().smtp_RCPT(argument)


def check_mails_at_once(folder):
    """The mail of an insertion, and two reminders that find it due: one mail."""
    box = Box()
    server = RefusingServer(box, SlowSMTP)
    server.start()
    memory = {**Desk.memory("a1", 20), "told": True, "threshold": "P28D", "decision": "due", "notified": Desk.ago(0)}
    with Desktop() as desktop:
        desk = Desk(folder, MAIL.format(port=server.port), memories=[memory])
        ui = subprocess.Popen([BIN / "koshin-ui", "--reason", "due", "--certificate", memory["certificate_sha256"], "--language", "en", "--settings", desk.settings],
                              env=desk.environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        reminder = desk.remind(bus=False)
        desktop.shown()
        desktop.dismiss()
        _, said = ui.communicate(timeout=60)
        check("both end well", reminder.returncode == 0 and ui.returncode == 0, reminder.stderr + said)
        check("one mail and its copy", sorted(box.recipients) == [["admin@example.test"], ["user@example.test"]], box.recipients)
        desk = Desk(folder, MAIL.format(port=server.port), memories=[memory])
        with open(desk.folder / "koshin/mail.lock", "w", encoding="utf-8") as lock:  # another one sends a mail
            fcntl.lockf(lock, fcntl.LOCK_EX)
            ui = subprocess.Popen([BIN / "koshin-ui", "--reason", "due", "--certificate", memory["certificate_sha256"], "--language", "en", "--settings", desk.settings],
                                  env=desk.environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            desktop.shown()
            desktop.dismiss()
            _, said = ui.communicate(timeout=30)
            check("who waits for that ends when its page does", ui.returncode == 0 and len(box.mails) == 2, said)
        desk.remind(bus=False)
        check("and the mail is sent later", len(box.mails) == 4, box.recipients)
    server.stop()


def check_new_user(folder):
    desk = Desk(folder)
    shutil.rmtree(desk.folder / "koshin")
    desk.environment["XDG_STATE_HOME"] = str(desk.folder / "state")
    check("a user of whom nothing is known is told nothing", desk.remind().returncode == 0)
    check("and gets no folder", not (desk.folder / "state").exists())
    desk.environment["XDG_STATE_HOME"] = str(desk.folder)
    (desk.folder / "koshin").mkdir(mode=0o700, exist_ok=True)
    (desk.folder / "koshin/journal.sqlite").write_bytes(b"not a journal" * 100)
    broken = desk.remind()
    check("a journal that cannot be read is an error in words", broken.returncode not in (0, -6, -11) and "journal" in broken.stderr, broken.stderr)


if __name__ == "__main__":
    if "KOSHIN_TEST_BUS" not in os.environ:
        if not shutil.which("dbus-run-session"):
            print("skipped: dbus-run-session is not installed")
            sys.exit(77)
        sys.exit(subprocess.run(["dbus-run-session", "--", sys.executable, __file__], env={**os.environ, "KOSHIN_TEST_BUS": "1"}).returncode)
    with tempfile.TemporaryDirectory() as name:
        for part in (check_message, check_renewed, check_mail, check_refused_mail, check_mail_after_its_message, check_mail_of_an_insertion, check_many, check_nothing_to_tell_by, check_one_at_a_time, check_wrong_settings, check_unusable_journal, check_mails_at_once, check_new_user):
            part(pathlib.Path(name))
    finish()
