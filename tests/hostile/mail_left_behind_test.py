#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Where the SMTP password is after a mail was sent, refused, or never answered: in its file, and nowhere else.

koshin-mail runs as a unit of systemd does, so what it says goes to the system's log (tests/support/journald.py stands in for that).
"""
import datetime
import os
import pathlib
import socket
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
for folder in ("support", "ui-bridge"):
    sys.path.insert(0, str(HERE.parent / folder))
from checks import check, finish
from forms import files_with, forms_of, holds
from journald import Journald, Unit, enter_own_namespace
from mail_server import PASSWORD, AuthResult, Box, Server, certificate

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])
USER = "bank-user"


class Rude(Box):
    """Says the password it was given to whoever reads its answer."""

    def authenticate(self, server, session, envelope, mechanism, data):
        self.users.append(data.login.decode())
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 not {data.password.decode()}")


class Silent:
    """Takes connections, and says who it is; after that nothing."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.heard = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        self._connection, _ = self._socket.accept()
        self._connection.sendall(b"220 here\r\n")
        self._connection.recv(1000)
        self.heard.set()


def start(folder, url, more=""):
    settings = folder / "koshin.toml"
    settings.write_text(f'[log]\nlevel = "debug"\n[mail]\nurl = "{url}"\nfrom = "bank@example.test"\nto = "user@example.test"\nuser = "{USER}"\n'
                        f'password_file = "{folder / "password"}"\ntrust_anchors = "{folder / "cert.pem"}"\n{more}')
    settings.chmod(0o600)
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=7)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder), "TMPDIR": str(folder)}
    return Unit([BIN / "koshin-mail", "--settings", settings, "--token-label", "Token", "--expires", expires.strftime("%Y-%m-%dT%H:%M:%SZ")], environment)


def nothing_left(name, folder, unit, journal, said):
    heard = journal.heard()
    check(f"{name}: what it says is in the system's log", said in heard, heard.decode(errors="replace"))
    for place, content in (("the system's log", heard), ("standard output", unit.said[0]), ("standard error", unit.said[1])):
        check(f"{name}: not in {place}", not holds(content, PASSWORD, USER))
    check(f"{name}: in no file but its own", files_with(folder, PASSWORD, USER, but=(str(folder / "password"),)) == [])
    check(f"{name}: and there it is found", files_with(folder, PASSWORD, USER) == [str(folder / "password")])


def run(folder, journal):
    context = certificate(folder)
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "password").chmod(0o600)
    for name, box, code, said in (("sent", Box(), 0, b"the notice was sent by mail"), ("refused with the password in the answer", Rude(), 1, b"could not be sent by mail")):
        server = Server(box, tls_context=context, require_starttls=True, authenticator=box.authenticate, auth_required=True)
        server.start()
        journal.forget()
        unit = start(folder, f"smtp://localhost:{server.port}")
        ended = unit.end()
        server.stop()
        check(f"{name}: how it ended", ended == code and box.users == [USER], f"{ended} {box.users}")
        nothing_left(name, folder, unit, journal, said)

    silent = Silent()
    journal.forget()
    unit = start(folder, f"smtp://localhost:{silent.port}")
    check("no answer: it has come so far", silent.heard.wait(60))
    for place in ("cmdline", "environ"):
        content = pathlib.Path(f"/proc/{unit.process.pid}/{place}").read_bytes()
        check(f"no answer: not in its {place}", content and not holds(content, PASSWORD, USER))
    unit.process.kill()
    unit.end()
    check("no answer: in no file but its own", files_with(folder, PASSWORD, USER) == [str(folder / "password")])


def run_control(folder, journal):
    """What is found elsewhere would be found here."""
    for index, form in enumerate(forms_of(PASSWORD, USER)):
        (folder / str(index)).write_bytes(b"before " + form + b" after")
    check("every form is found in a file", len(files_with(folder, PASSWORD, USER)) == len(forms_of(PASSWORD, USER)))
    journal.forget()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(f"MESSAGE=the password is {PASSWORD}\n".encode(), "/run/systemd/journal/socket")
    check("and in the system's log", holds(journal.heard(), PASSWORD))


enter_own_namespace()
log = Journald()
for what in (run_control, run):
    with tempfile.TemporaryDirectory() as name:
        what(pathlib.Path(name), log)
finish()
