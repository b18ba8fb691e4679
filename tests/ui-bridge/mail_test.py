#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin-mail against a real SMTP server: plain refusal, STARTTLS, implicit TLS, authentication, retry, both languages."""
import base64
import datetime
import json
import os
import pathlib
import subprocess
import tempfile

from checks import check, finish
from mail_server import PASSWORD, SMTP, AuthResult, Box, Server, certificate

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])


class Old(SMTP):
    """Knows no EHLO, and breaks off the first conversation after it said hello."""

    async def smtp_EHLO(self, hostname):
        await self.push("502 not implemented")

    async def smtp_MAIL(self, argument):
        if self.event_handler.busy > 0:
            self.event_handler.busy -= 1
            return self.transport.close()
        return await super().smtp_MAIL(argument)


class Refusing(SMTP):
    """Takes mail for nobody, and says why in two lines."""

    async def smtp_RCPT(self, argument):
        await self.push("550-5.1.1 no such user here\r\n550 see https://help.example.test")


class RefusingServer(Server):
    def factory(self):
        return Refusing(self.handler)


class OldServer(Server):
    def factory(self):
        return Old(self.handler)


def send(folder, mail, **kwargs):
    settings = folder / "koshin.toml"
    lines = "".join(f"{key} = {value}\n" for key, value in mail.items())
    settings.write_text('[branding]\nbank_name = "さくら銀行"\nhelp_desk = "0120"\n[renewal]\ngrace = "P30D"\n' + kwargs.get("renewal", "") + '[mail]\nfrom = "bank@example.test"\nto = "user@example.test"\n' + lines)
    settings.chmod(0o600)
    expires = kwargs.get("expires", datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=7, hours=1))
    environment = {"PATH": os.environ["PATH"], "TZ": "Asia/Tokyo", "HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    return subprocess.run([BIN / "koshin-mail", "--settings", settings, "--token-label", "Token & <Co>",
                           "--expires", expires.strftime("%Y-%m-%dT%H:%M:%SZ"), *kwargs.get("more", ())], env=environment, capture_output=True, text=True, timeout=120)


def check_expiry(folder):
    """What the mail says of the time that is left, or of the time since, while renewal.grace lasts."""
    box = Box()
    server = Server(box)
    server.start()
    for hours, language, subject, body in (
            (25, "en", "Please renew your certificate (1 day left)", "expires soon (1 day left)"),
            (2, "en", "Please renew your certificate (less than a day left)", "After that you can no longer log in"),
            (2, "ja", "電子証明書の更新のお願い (残り 24 時間未満)", "期限を過ぎるとログインできなくなります"),
            (-2, "en", "Your certificate has expired: please renew it by ", "It expired less than a day ago,"),
            (-73, "en", "Your certificate has expired: please renew it by ", "It expired 3 days ago, and you can no longer log in with it. It can still be renewed until "),
            (-73, "ja", "電子証明書の期限が切れました (", "3 日前に期限が切れたため、この電子証明書ではログインできません。")):
        expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours, minutes=30)
        result = send(folder, {"url": f'"smtp://localhost:{server.port}"', "starttls": "false", "language": f'"{language}"'}, expires=expires)
        got = box.mails.pop() if box.mails else None
        check(f"{hours} h, {language}: the subject", got and got["Subject"].startswith(subject), got and got["Subject"] or result.stderr)
        plain = got.get_body(("plain",)).get_content() if got else ""
        check(f"{hours} h, {language}: the body", body in plain, plain)
        if hours < 0:
            until = expires + datetime.timedelta(days=30, hours=9)  # where the mails of this test are read
            shown = f"{until.day} {until:%B} {until.year}" if language == "en" else f"{until.year}年{until.month}月{until.day}日"
            check(f"{hours} h, {language}: until when it can be renewed", shown in plain and shown in got["Subject"], plain)
            check(f"{hours} h, {language}: how", ("To renew it" if language == "en" else "更新するには") in plain, plain)
    server.stop()


def check_without_page(folder):
    """Where koshin-ui can open no page the mail leads to the terminal."""
    box = Box()
    server = Server(box)
    server.start()
    for language, words in (("en", "run “koshin renew” in a terminal"), ("ja", "端末で「koshin renew」を実行して")):
        for more in ((), ("--no-page",)):
            result = send(folder, {"url": f'"smtp://localhost:{server.port}"', "starttls": "false", "language": f'"{language}"'}, more=more)
            got = box.mails.pop() if box.mails else None
            for kind in ("plain", "html"):
                part = got.get_body((kind,)).get_content() if got else result.stderr
                check(f"{language}, {more}: the {kind} part", bool(got) and (words in part) == bool(more) and ("koshin://renew" in part) != bool(more), part)
    server.stop()


def check_anchors(folder, mail, box):
    """Whoever can write the anchors, or a folder above them, chooses the server that gets the password."""
    users = len(box.users)
    inner = folder / "anchors"
    inner.mkdir()
    file = inner / "bank.pem"
    file.write_bytes((folder / "cert.pem").read_bytes())
    mail = {**mail, "trust_anchors": f'"{file}"'}
    for path, mode, kept in ((file, 0o666, 0o644), (inner, 0o777, 0o755)):
        path.chmod(mode)
        result = send(folder, mail)
        check("anchors that others can write: " + path.name, result.returncode != 0 and "settings_unsafe: mail.trust_anchors" in result.stderr, result.stderr)
        path.chmod(kept)
    if os.geteuid() == 0:
        os.chown(file, 12345, 12345)
        result = send(folder, mail)
        check("anchors of another user", result.returncode != 0 and "settings_unsafe: mail.trust_anchors" in result.stderr, result.stderr)
        os.chown(file, 0, 0)
    check("nobody got the password", len(box.users) == users and len(box.mails) == 0, str(box.users))
    result = send(folder, mail)
    check("the same anchors, the owner's alone", result.returncode == 0 and len(box.mails) == 1, result.stderr)
    box.mails.clear()


def check_banks(folder):
    """Of two banks each has its own words and recipient; the recipient may be the one that the certificate names."""
    box = Box()
    server = Server(box)
    server.start()
    settings = folder / "banks.toml"
    settings.write_text(f'[mail]\nurl = "smtp://localhost:{server.port}"\nstarttls = false\nlanguage = "en"\nfrom = "koshin@example.test"\n'
                        'to = "all@example.test"\n'
                        '[[bank]]\nname = "sakura"\n[bank.branding]\nbank_name = "さくら銀行"\nbank_name_en = "Sakura Bank"\nhelp_desk = "0120-1"\n'
                        '[[bank]]\nname = "ume"\n[bank.branding]\nhelp_desk = "0120-2"\npin_name = "token password"\npin_name_ja = "暗証番号"\n[bank.mail]\nlanguage = "ja"\nto = "%{email}"\n')
    settings.chmod(0o600)
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=7, hours=1)

    def send_for(bank, *more):
        environment = {"PATH": os.environ["PATH"], "TZ": "Asia/Tokyo", "HOME": str(folder), "XDG_STATE_HOME": str(folder)}
        return subprocess.run([BIN / "koshin-mail", "--settings", settings, "--bank", bank, "--token-label", "Token",
                               "--expires", expires.strftime("%Y-%m-%dT%H:%M:%SZ"), *more], env=environment, capture_output=True, text=True, timeout=120)

    result = send_for("sakura", "--email", "tanaka@corp.example")
    got = box.mails.pop() if box.mails else None
    check("a bank's mail: whose it is, and to whom", got and got["From"] == "Sakura Bank <koshin@example.test>" and got["To"] == "all@example.test", got or result.stderr)
    check("a bank's mail: its language and help desk", got and got["Subject"].startswith("Please renew") and "0120-1" in got.get_body(("plain",)).get_content(), got)
    result = send_for("ume", "--email", "tanaka@corp.example")
    got = box.mails.pop() if box.mails else None
    check("the other bank's mail goes to whom the certificate names", got and got["To"] == "tanaka@corp.example" and box.envelope.rcpt_tos == ["tanaka@corp.example"], got or result.stderr)
    check("the other bank's mail: its name, language and help desk", got and got["From"] == "ume <koshin@example.test>" and "電子証明書" in got["Subject"]
          and "0120-2" in got.get_body(("plain",)).get_content(), got)
    check("the other bank's mail: its word for the PIN", got and "暗証番号やパスフレーズをメールでお尋ねすることはありません" in got.get_body(("plain",)).get_content(), got)
    for address in ("", "a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example", "nobody"):
        result = send_for("ume", *(["--email", address] if address else []))
        check(f"a certificate without a plain address gets no mail: {address!r}", result.returncode != 0 and not box.mails and "mail.to" in result.stderr, result.stderr)
    result = send_for("momo")
    check("a bank that is not there", result.returncode != 0 and 'no bank "momo"' in result.stderr, result.stderr)
    server.stop()


def check_scripts(folder):
    """A domain of another script is sent in its "xn--" form, to a server that knows nothing but ASCII; a recipient of another script is not written to."""
    box = Box()
    server = Server(box, enable_SMTPUTF8=False)
    server.start()
    settings = folder / "scripts.toml"
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder)}

    def send_to(recipient):
        settings.write_text(f'[mail]\nurl = "smtp://localhost:{server.port}"\nstarttls = false\nfrom = "bank@銀行.example"\nto = "{recipient}"\ncc = "admin@管理.example"\n')
        settings.chmod(0o600)
        return subprocess.run([BIN / "koshin-mail", "--settings", settings, "--token-label", "Token", "--expires", "2030-01-01T00:00:00Z"],
                              env=environment, capture_output=True, text=True, timeout=120)

    result = send_to("user@会社.example")
    check("domains of another script", result.returncode == 0 and len(box.mails) == 2 and box.envelope.mail_from == "bank@" + "銀行".encode("idna").decode() + ".example"
          and box.envelope.rcpt_tos == ["admin@" + "管理".encode("idna").decode() + ".example"], result.stderr + str(box.envelope and box.envelope.__dict__))
    box.mails.clear()
    result = send_to("田中@corp.example")
    check("a recipient of another script gets no mail, and is not named", result.returncode != 0 and not box.mails and "mail.to comes to nothing without a name in ASCII" in result.stderr and "田中" not in result.stderr, result.stderr)
    server.stop()


def check_echoes(folder, context, mail):
    """A server that repeats in its refusal what it was sent is not quoted: that is the password."""
    forms = {"as it is": lambda data: data.password, "by AUTH LOGIN": lambda data: base64.b64encode(data.password),
             "by AUTH PLAIN": lambda data: base64.b64encode(b"\0" + data.login + b"\0" + data.password)}
    for name, form in forms.items():
        def refuse(server, session, envelope, mechanism, data, form=form):
            return AuthResult(success=False, handled=False, message="535 not known: " + form(data).decode())
        server = Server(Box(), tls_context=context, require_starttls=True, authenticator=refuse, auth_required=True)
        server.start()
        result = send(folder, {**mail, "url": f'"smtp://localhost:{server.port}"'})
        server.stop()
        check(f"a refusal that repeats the password {name} is not quoted", "(answer 535)" in result.stderr, result.stderr)


def run(folder):
    context = certificate(folder)
    password_file = folder / "password"
    password_file.write_text(PASSWORD + "\n")
    password_file.chmod(0o600)
    anchors = f'"{folder / "cert.pem"}"'

    box = Box()
    server = Server(box, tls_context=context, require_starttls=True, authenticator=box.authenticate, auth_required=True)
    server.start()
    port = server.port
    mail = {"url": f'"smtp://localhost:{port}"', "user": '"bank"', "password_file": f'"{password_file}"', "trust_anchors": anchors}
    check_anchors(folder, mail, box)
    result = send(folder, {**mail, "language": '"ja"'})
    check("STARTTLS and authentication", result.returncode == 0 and len(box.mails) == 1, result.stderr)
    if box.mails:
        got = box.mails[0]
        check("the subject is Japanese", got["Subject"] == "電子証明書の更新のお願い (あと 7 日)", got["Subject"])
        check("the sender", got["From"] == "さくら銀行 <bank@example.test>", got["From"])
        check("envelope addresses", box.envelope.mail_from == "bank@example.test" and box.envelope.rcpt_tos == ["user@example.test"])
        plain = got.get_body(("plain",)).get_content()
        html = got.get_body(("html",)).get_content()
        check("the plain part", "有効期限" in plain and "時" in plain and "Token & <Co>" in plain, plain)
        check("the HTML part escapes", "Token &amp; &lt;Co&gt;" in html, html)
        check("no secret in it", PASSWORD not in plain + html)
    check("the password is not logged", PASSWORD not in result.stdout + result.stderr)
    result = send(folder, {**mail, "language": '"en"'}, expires=datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=31))
    check("an expired certificate, in English", result.returncode == 0 and box.mails[-1]["Subject"] == "Your certificate has expired", result.stderr)
    plain = box.mails[-1].get_body(("plain",)).get_content()
    check("needs a re-issue, and is not to be renewed", "re-issue" in plain and "renew" not in plain, plain)
    expired = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=31)
    all_purposes = 'purposes = ["login", "signature"]\n'
    send(folder, {**mail, "language": '"en"'}, expires=expired, more=("--purpose", "signature"), renewal=all_purposes)
    plain = box.mails.pop().get_body(("plain",)).get_content()
    check("an expired signature certificate can still be renewed", "It can still be renewed" in plain and "re-issue" not in plain and "log in" not in plain, plain)
    send(folder, {**mail, "language": '"en"'}, more=("--purpose", "log_in"), renewal=all_purposes)
    plain = box.mails.pop().get_body(("plain",)).get_content()
    check("a log-in certificate is said to log in, whatever else is renewed", "After that you can no longer log in" in plain, plain)
    result = send(folder, {key: value for key, value in mail.items() if key != "trust_anchors"})
    check("a server nobody vouches for is refused, and not tried again", result.returncode != 0 and len(box.mails) == 2)
    password_file.write_text("wrong\n")
    tried = len(box.users)
    result = send(folder, mail)
    check("a wrong password is refused, and not tried again", result.returncode != 0 and len(box.mails) == 2 and len(box.users) == tried + 1, str(box.users))
    check("it is said what the server said", "535" in result.stderr, result.stderr)
    password_file.write_text(PASSWORD + "\n")
    check_echoes(folder, context, mail)
    result = send(folder, {**mail, "starttls": "false"})
    check("a password is not sent without TLS", result.returncode != 0 and len(box.users) == tried + 1, result.stderr)
    server.stop()

    box = Box()
    server = Server(box, tls_context=context, require_starttls=True, authenticator=box.authenticate, auth_required=True,
                    auth_exclude_mechanism=["PLAIN"])
    server.start()
    result = send(folder, {**mail, "url": f'"smtp://localhost:{server.port}"'})
    check("a server that knows LOGIN alone", result.returncode == 0 and len(box.mails) == 1 and len(box.users) == 1, result.stderr)
    server.stop()

    box = Box()
    server = Server(box, ssl_context=context, authenticator=box.authenticate, auth_required=True, auth_require_tls=False)
    server.start()
    result = send(folder, {**mail, "url": f'"smtps://localhost:{server.port}"'})
    check("implicit TLS and authentication", result.returncode == 0 and len(box.mails) == 1 and len(box.users) == 1, result.stderr)
    result = send(folder, {**mail, "url": f'"smtps://127.0.0.1:{server.port}"'})
    check("under another name than its certificate's it gets nothing", result.returncode != 0 and len(box.users) == 1, result.stderr)
    server.stop()

    box = Box(busy=1)
    server = Server(box)
    server.start()
    port = server.port
    result = send(folder, {"url": f'"smtp://localhost:{port}"'})
    check("a server without STARTTLS gets nothing", result.returncode != 0 and not box.mails and box.busy == 1)
    result = send(folder, {"url": f'"smtp://localhost:{port}"', "starttls": "false"})
    check("a busy server is tried again", result.returncode == 0 and len(box.mails) == 1 and "trying again" in result.stderr, result.stderr)
    server.stop()

    check_expiry(folder)
    check_without_page(folder)
    check_banks(folder)
    check_scripts(folder)

    box = Box(busy=1)
    server = OldServer(box)
    server.start()
    result = send(folder, {"url": f'"smtp://localhost:{server.port}"', "starttls": "false"})
    check("a refused EHLO does not make what follows it final", result.returncode == 0 and len(box.mails) == 1 and box.busy == 0, result.stderr)
    server.stop()

    server = RefusingServer(Box())
    server.start()
    result = send(folder, {"url": f'"smtp://localhost:{server.port}"', "starttls": "false"})
    check("the words of a refusal are said", "(answer 550: 5.1.1 no such user here see https://help.example.test)" in result.stderr, result.stderr)
    server.stop()

    result = send(folder, {"url": f'"smtp://localhost:{port}"', "starttls": "false"})
    check("nobody there: said, and given up after three tries", result.returncode != 0 and result.stderr.count("trying again") >= 1, result.stderr)


def notice(folder, port, threshold, decision="due"):
    """koshin-ui as the agent starts it: tells on the desktop (there is none here), and sends the mail that is due."""
    settings = folder / "koshin.toml"
    settings.write_text(f'[mail]\nurl = "smtp://localhost:{port}"\nstarttls = false\nfrom = "bank@example.test"\nto = "user@example.test"\n')
    settings.chmod(0o600)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=12)
    token = {"manufacturer": "Maker", "model": "Model", "serial": "01", "label": "Sakura Token"}
    memory = {"token": token, "certificate_sha256": "ab" * 32, "not_after": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "threshold": threshold, "decision": decision}
    subprocess.run([BIN / "ui_bridge_fixture", "journal"], input=json.dumps({"memories": [memory]}), text=True, check=True, env=environment)
    return subprocess.run([BIN / "koshin-ui", "--reason", decision, "--certificate", "ab" * 32, "--settings", settings], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def run_once_per_threshold(folder):
    box = Box()
    server = Server(box)
    server.start()
    port = server.port
    server.stop()
    failed = notice(folder, port, "P1M")
    check("undelivered is logged", "could not be sent by mail" in failed.stderr or "not delivered" in failed.stderr, failed.stderr)
    server = Server(box)
    server.start()
    port = server.port
    again = notice(folder, port, "P1M")
    check("undelivered is sent at the next notice", len(box.mails) == 1, again.stderr)
    notice(folder, port, "P1M")
    check("once for each threshold", len(box.mails) == 1)
    notice(folder, port, "P14D")
    check("and again at the next one", len(box.mails) == 2)
    notice(folder, port, "", "proof_left")
    check("none for what another computer has just written", len(box.mails) == 2)
    notice(folder, port, "")
    check("where one that is due would be told of", len(box.mails) == 3)
    server.stop()


with tempfile.TemporaryDirectory() as name:
    run_once_per_threshold(pathlib.Path(name))
with tempfile.TemporaryDirectory() as name:
    run(pathlib.Path(name))
finish()
