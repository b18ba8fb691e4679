#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin doctor looks at the desk: smart card service, agent, session bus, browser, links, files, metrics, mail."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ui-bridge"))
from checks import check, finish  # noqa: E402
from doctor import BIN, Surroundings  # noqa: E402


# What is examined was built for a system that koshin does not know (the preset plain-posix).
PLAIN_POSIX = os.environ.get("KOSHIN_PLAIN_POSIX") == "ON"


def finding(checks, subject):
    return (checks.get(subject) or {}).get("finding")


def status(checks, subject):
    return (checks.get(subject) or {}).get("status")


class Service:
    """Listens where pcscd would, and serves nobody."""

    def __init__(self, path, answer):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen()
        self.kept = []
        threading.Thread(target=self.serve, args=(answer,), daemon=True).start()

    def serve(self, answer):
        try:
            while True:
                client, _ = self.socket.accept()
                self.kept.append(client) if answer == "hang" else client.close()
        except OSError:
            return

    def end(self, path):
        self.socket.close()
        path.unlink()


def check_card_service(desk):
    path = pathlib.Path(desk.environment["PCSCLITE_CSOCK_NAME"])
    installed = pathlib.Path("/usr/sbin/pcscd").exists()
    seen = desk.doctor()
    check("no service", finding(seen, "card_service") == ("card_service_stopped" if installed else "card_service_absent"), seen)
    check("no service: nothing is said of readers", not {"reader", "readers"} & set(seen), seen)
    check("no service: says what to do", "systemctl" in seen["card_service"]["advice"] or not installed, seen)
    service = Service(path, "refuse")  # as pcscd does with a user whom polkit does not know
    seen = desk.doctor()
    check("a service that refuses", finding(seen, "card_service") == "card_service_refuses", seen)
    check("a service that refuses: polkit is named", "polkit" in seen["card_service"]["advice"], seen)
    service.end(path)
    service = Service(path, "hang")
    begin = time.monotonic()
    seen = desk.doctor()
    check("a service that hangs", finding(seen, "card_service") in ("card_service_hangs", "card_service_refuses"), seen)
    check("a service that hangs keeps nobody waiting", time.monotonic() - begin < 30)
    check("a service that hangs: the rest is seen", finding(seen, "mail") == "mail_off", seen)
    service.end(path)


def leaves_when_it_next_looks(agent, log):
    """An agent that nobody tells of its exchanged program."""
    check("an agent that is not told of an upgrade says so", "is not told when it is replaced" in log.read_text(), log.read_text())
    check("an agent that is not told of an upgrade goes on", agent.poll() is None, log.read_text())
    agent.send_signal(signal.SIGHUP)  # as anything that it waits for
    check("and sees it with the next thing that happens", agent.wait(timeout=30) == 75, log.read_text())


def check_agent(desk):
    seen = desk.doctor()
    check("no agent", finding(seen, "agent") == "agent_absent" and status(seen, "agent") == "warning", seen)
    copy = desk.folder / "programs"
    copy.mkdir()
    for program in ("koshin-agent", "koshin-worker"):
        shutil.copy(BIN / program, copy)
    log = desk.folder / "agent.log"
    with log.open("w") as stream:
        agent = subprocess.Popen([copy / "koshin-agent", "--settings", desk.settings], env=desk.environment, stdout=stream, stderr=stream)
    until = time.monotonic() + 20
    while finding(seen, "agent") == "agent_absent" and time.monotonic() < until:
        time.sleep(0.2)
        seen = desk.doctor()
    check("an agent", finding(seen, "agent") == "agent_runs" and seen["agent"]["values"] == [str(agent.pid)], seen)
    until = time.monotonic() + 20
    while "No smart card service" not in log.read_text() and time.monotonic() < until:
        time.sleep(0.1)
    shutil.copy(BIN / "koshin-agent", copy / "new")
    check("an agent without a service says what it waits for", "No smart card service" in log.read_text(), log.read_text())
    (copy / "new").rename(copy / "koshin-agent")  # as dpkg exchanges a program
    if PLAIN_POSIX:
        leaves_when_it_next_looks(agent, log)
        return
    check("an agent whose program was exchanged leaves for the new one", agent.wait(timeout=30) == 75, log.read_text())
    seen = desk.doctor()
    check("no agent any more", finding(seen, "agent") == "agent_absent", seen)
    agent = subprocess.Popen([copy / "koshin-agent", "--settings", desk.settings], env=desk.environment, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while finding(seen, "agent") == "agent_absent" and time.monotonic() < until:
        seen = desk.doctor()
    (copy / "koshin-agent").unlink()
    check("an agent whose program was removed leaves for good", agent.wait(timeout=30) == 0)
    check_agent_without_watch(desk)


def check_agent_without_watch(desk):
    """Another user's limit is in another user namespace: there this test may set it to nothing."""
    if subprocess.run(["unshare", "--user", "--map-root-user", "true"], capture_output=True).returncode != 0:
        print("SKIPPED an agent without watches: no user namespaces here")
        return
    copy = desk.folder / "watched by nobody"
    copy.mkdir()
    for program in ("koshin-agent", "koshin-worker"):
        shutil.copy(BIN / program, copy)
    log = desk.folder / "unwatched.log"
    script = 'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"'
    with log.open("w") as stream:
        agent = subprocess.Popen(["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh", copy / "koshin-agent", "--settings", desk.settings],
                                 env=desk.environment, stdout=stream, stderr=stream)
    until = time.monotonic() + 20
    while "No smart card service" not in log.read_text() and agent.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    shutil.copy(BIN / "koshin-agent", copy / "new")
    (copy / "new").rename(copy / "koshin-agent")
    leaves_when_it_next_looks(agent, log)


def check_outdated_agent(desk):
    """One that could not leave yet: whoever has its lock, from a program that is there no more."""
    program = desk.folder / "python"
    shutil.copy(os.path.realpath(sys.executable), program)
    (desk.run / "koshin").mkdir(mode=0o700, exist_ok=True)
    script = "import fcntl, sys\nlock = open(sys.argv[1], 'w')\nfcntl.lockf(lock, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()"
    agent = subprocess.Popen([program, "-c", script, desk.run / "koshin/agent.lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True, env={**os.environ, "PYTHONHOME": "/usr"})
    agent.stdout.readline()
    program.unlink()
    seen = desk.doctor()
    check("an agent of an earlier version", finding(seen, "agent") == "agent_outdated" and "restart" in seen["agent"]["advice"], seen)
    agent.stdin.close()
    agent.wait(timeout=30)


def check_bus(desk):
    seen = desk.doctor()
    if PLAIN_POSIX:  # the build knows no session bus
        check("no bus is known", finding(seen, "notifications") == "messages_unsupported" and status(seen, "notifications") == "skipped", seen)
        check("nothing is claimed of unit and timer", finding(seen, "agent_unit") == "unit_unknown" and finding(seen, "reminder") == "unit_unknown", seen)
        return
    check("no bus", finding(seen, "notifications") == "messages_not_shown" and status(seen, "agent_unit") == "skipped" and status(seen, "reminder") == "skipped", seen)
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={desk.folder}/bus"
    bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--address", os.environ["DBUS_SESSION_BUS_ADDRESS"]],
                           stderr=subprocess.DEVNULL, env={**desk.environment, "XDG_DATA_DIRS": "/nonexistent"})
    while not (desk.folder / "bus").exists():
        time.sleep(0.05)
    desk.environment["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    try:
        seen = desk.doctor()
        check("a bus without a server", finding(seen, "notifications") == "messages_not_shown", seen)
        check("a bus without systemd claims nothing of the unit", finding(seen, "agent_unit") == "unit_unknown", seen)
        check("nor of the timer", finding(seen, "reminder") == "unit_unknown", seen)
        from notification_desktop import Desktop
        with Desktop():
            seen = desk.doctor()
            check("a notification server", finding(seen, "notifications") == "messages_shown", seen)
            check("a notification server: its name", "koshin test server" in seen["notifications"]["text"], seen)
    finally:
        bus.terminate()
        bus.wait()
        del desk.environment["DBUS_SESSION_BUS_ADDRESS"]


def check_openers(desk):
    if PLAIN_POSIX:  # the build tells whose a connection is of none, and opens no page
        seen = desk.doctor()
        for one in ("browser", "link_handler"):
            check(f"no page, {one}", finding(seen, one) == "page_unsupported" and status(seen, one) == "skipped", seen)
        return
    programs = desk.folder / "path"
    programs.mkdir()
    path = desk.environment["PATH"]
    desk.environment["PATH"] = str(programs)
    seen = desk.doctor()
    check("no xdg-open", finding(seen, "browser") == "browser_no_xdg_open", seen)
    (programs / "xdg-open").write_text("#!/bin/sh\n")
    (programs / "xdg-open").chmod(0o755)
    seen = desk.doctor()
    check("no browser", finding(seen, "browser") == "browser_none", seen)
    entries = desk.home / "data/applications"
    entries.mkdir(parents=True)
    (entries / "b.desktop").write_text("[Desktop Entry]\nExec=/opt/browser %U\nMimeType=text/html;x-scheme-handler/http;\n")
    (entries / "mimeinfo.cache").write_text("[MIME Cache]\nx-scheme-handler/http=b.desktop;\n")
    seen = desk.doctor()
    check("a browser", finding(seen, "browser") == "browser_found" and seen["browser"]["values"] == ["/opt/browser %U"], seen)
    check("nothing for links", finding(seen, "link_handler") == "link_opens_nothing", seen)
    (entries / "l.desktop").write_text("[Desktop Entry]\nExec=/opt/other %u\n")
    (entries / "mimeinfo.cache").write_text("[MIME Cache]\nx-scheme-handler/http=b.desktop;\nx-scheme-handler/koshin=l.desktop;\n")
    seen = desk.doctor()
    check("another program for links", finding(seen, "link_handler") == "link_opens_another", seen)
    (entries / "l.desktop").write_text("[Desktop Entry]\nExec=/usr/libexec/koshin/koshin-ui --link %u\n")
    seen = desk.doctor()
    check("our program for links", finding(seen, "link_handler") == "link_opens" and status(seen, "link_handler") == "ok", seen)
    desk.environment["PATH"] = path


def check_files(desk):
    anchors, pin = desk.folder / "anchors.pem", desk.folder / "pin"
    desk.set(f'[authority]\ntrust_anchors = "{anchors}"\n')
    seen = desk.doctor()
    check("a file that is not there", finding(seen, "named_file") == "file_unusable" and seen["named_file"]["subject"] == "authority.trust_anchors", seen)
    check("a file that is not there: the exit code", seen["exit code"] == 90, seen)
    anchors.write_text("")
    seen = desk.doctor()
    check("a file that is there", finding(seen, "named_files") == "files_usable" and seen["named_files"]["values"] == ["1"], seen)
    desk.set("[unattended]\nenabled = true\n")
    seen = desk.doctor()
    check("no PIN file", finding(seen, "unattended") == "unattended_without_pin" and status(seen, "unattended") == "failed", seen)
    desk.set(f'[unattended]\nenabled = true\n[token]\nuri = "pkcs11:?pin-source=file:{pin}"\n')
    seen = desk.doctor()
    check("a PIN file that is not there", finding(seen, "unattended") == "file_unusable", seen)
    pin.write_text("123456\n")
    pin.chmod(0o644)
    seen = desk.doctor()
    check("a PIN file that others can read", status(seen, "unattended") == "failed", seen)
    pin.chmod(0o600)
    os.utime(pin, (time.time() - 40 * 86400 - 60,) * 2)
    seen = desk.doctor()
    check("a PIN file and its age", finding(seen, "unattended") == "unattended_ready" and seen["unattended"]["values"] == [str(pin), "40"], seen)
    check("a PIN file: no PIN is shown", "123456" not in str(seen), seen)
    desk.set("")


def check_metrics(desk):
    target = desk.home / "koshin.prom"
    desk.set(f'[metrics]\ntextfile = "{target}"\n')
    check("metrics that are not there yet", finding(desk.doctor(), "metrics") == "metrics_not_yet")
    target.write_text("")
    os.utime(target, (1790000000,) * 2)
    seen = desk.doctor()
    check("metrics and when they were written", seen["metrics"]["values"] == [str(target), "2026-09-21T14:13:20Z"], seen)
    desk.set(f'[metrics]\ntextfile = "{desk.folder}/none/koshin.prom"\n')
    seen = desk.doctor()
    check("metrics without a folder", finding(seen, "metrics") == "metrics_not_writable" and status(seen, "metrics") == "failed", seen)
    desk.set("")


def check_mail(desk):
    from mail_server import PASSWORD, Box, Server, certificate

    class Office(Box):
        """Knows everybody but one."""
        unknown = None

        async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
            if address == self.unknown:
                return "550 no such person"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    box = Office()
    server = Server(box, tls_context=certificate(desk.folder), require_starttls=True, authenticator=box.authenticate, auth_required=True)
    server.start()
    password = desk.folder / "password"

    def set_mail(more="", anchors="cert.pem"):
        desk.set(f'[mail]\nurl = "smtp://localhost:{server.port}"\nfrom = "k@corp.example"\nto = "tanaka@corp.example"\nuser = "koshin"\n'
                 f'password_file = "{password}"\ntrust_anchors = "{desk.folder / anchors}"\n' + more)

    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    set_mail()
    seen = desk.doctor()
    check("mail: the server accepts the password", finding(seen, "mail") == "mail_accepts_user", seen)
    check("mail: nothing was sent", not box.mails and box.users == ["koshin"], box.users)
    seen = desk.doctor("--send-test-mail")
    check("mail: a test mail", finding(seen, "mail") == "mail_sent" and len(box.mails) == 1, seen)
    got = box.mails.pop() if box.mails else None
    check("mail: the test says what it is", got and got["To"] == "tanaka@corp.example" and "koshin doctor --send-test-mail" in got.get_content(), got)
    desk.set(desk.settings.read_text() + 'cc = "nobody@corp.example"\n')
    box.unknown = "nobody@corp.example"
    seen = desk.doctor("--send-test-mail")
    check("mail: a copy that is refused", finding(seen, "mail") == "mail_copy_refused" and status(seen, "mail") == "warning", seen)
    box.unknown = None
    box.mails.clear()
    set_mail()
    desk.set(desk.settings.read_text().replace("tanaka@corp.example", "%{email}"))
    seen = desk.doctor("--send-test-mail")
    check("mail: to nobody in particular, the server alone is tried", finding(seen, "mail") == "mail_person_unknown" and not box.mails, seen)
    desk.set(desk.settings.read_text().replace("%{email}", "田中@corp.example"))
    seen = desk.doctor()
    check("mail: a recipient of another script", finding(seen, "mail") == "mail_not_tried" and "mail.to comes to nothing without a name in ASCII" in str(seen["mail"]["values"]), seen)
    set_mail()
    password.chmod(0o644)
    seen = desk.doctor()
    check("mail: a fault of this computer is not the server's", finding(seen, "mail") == "mail_not_tried" and seen["exit code"] == 90, seen)
    check("mail: which fault", "mail.password_file" in str(seen["mail"]["values"]), seen)
    password.chmod(0o600)
    password.write_text("wrong\n")
    seen = desk.doctor()
    check("mail: a wrong password", finding(seen, "mail") == "mail_refused" and seen["exit code"] == 90, seen)
    check("mail: a wrong password is not shown", "wrong" not in str(seen["mail"]["values"]), seen)
    password.write_text(PASSWORD + "\n")
    set_mail(anchors="key.pem")
    seen = desk.doctor()
    check("mail: a server that is not trusted", finding(seen, "mail") == "mail_refused", seen)
    server.stop()
    set_mail()
    seen = desk.doctor()
    check("mail: no server", finding(seen, "mail") == "mail_refused", seen)
    desk.set("")


def check_broken_worker(desk):
    """A module that takes its worker with it does not keep the rest from being seen."""
    programs = desk.folder / "broken"
    programs.mkdir()
    for program in ("koshin", "koshin-desk-check", "koshin-mail"):
        shutil.copy(BIN / program, programs)
    (programs / "koshin-worker").write_text("#!/bin/sh\nread job\nkill -SEGV $$\n")
    (programs / "koshin-worker").chmod(0o755)
    whole, desk.program = desk.program, programs / "koshin"
    seen = desk.doctor()
    check("a worker that crashes: its exit code", seen["exit code"] == 15, seen)
    check("a worker that crashes: the desk is seen", finding(seen, "mail") == "mail_off" and "card_service" in seen, seen)
    result = desk.koshin("doctor")
    check("a worker that crashes: both are said", "smart card service" in result.stdout and "module_crashed" in result.stderr, result.stdout + result.stderr)
    (programs / "koshin-desk-check").unlink()
    shutil.copy(BIN / "koshin-worker", programs)
    seen = desk.doctor()
    check("no koshin-desk-check: that is said, and the rest is seen", finding(seen, "desk") == "desk_not_examined", seen)
    desk.program = whole


def check_words(desk):
    result = desk.koshin("doctor", "--language", "ja")
    check("in Japanese", "このパソコンとデスクトップ" in result.stdout and "スマートカードサービス" in result.stdout, result.stdout)
    result = desk.koshin("doctor")
    check("advice never leads back to the doctor", "koshin doctor" not in result.stdout, result.stdout)


def main():
    if shutil.which("dbus-daemon") is None:
        print("skipped: dbus-daemon is not installed")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        desk = Surroundings(folder)
        for part in (check_card_service, check_agent, check_outdated_agent, check_bus, check_openers, check_files, check_metrics, check_mail, check_broken_worker, check_words):
            part(desk)
    finish()


main()
