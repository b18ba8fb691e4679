# SPDX-License-Identifier: MIT
"""A real SMTP server on the loopback interface, with STARTTLS or TLS and authentication. As a program it says its port in a line,
then each mail in a line of JSON, and ends with its standard input. usage: mail_server.py [FOLDER]
With FOLDER it insists on STARTTLS, by a certificate that it writes there (cert.pem), and on a user with the password."""
import email
import email.policy
import json
import pathlib
import ssl
import subprocess
import sys

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult  # noqa: F401, SMTP for those who change it
except ImportError:
    print("skipped: python3-aiosmtpd is not installed")
    sys.exit(77)

PASSWORD = "mail-passwort-1"


class Box:
    """Keeps mail; answers the first `busy` deliveries with 451."""

    def __init__(self, busy=0):
        self.mails, self.recipients, self.busy, self.users = [], [], busy, []

    async def handle_DATA(self, server, session, envelope):
        if self.busy > 0:
            self.busy -= 1
            return "451 try again later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.envelope = envelope
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.users.append(data.login.decode())
        # handled=False: the server itself says no; otherwise it would leave the client without an answer.
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


class Server(Controller):
    """On a port of the system's choice, unless it has to be where it was missed."""

    def __init__(self, box, port=0, **more):
        super().__init__(box, hostname="127.0.0.1", port=port, **more)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


class Teller(Box):
    """Says each mail as it comes, and who tries a password on standard error: AUTH, the user."""

    def authenticate(self, server, session, envelope, mechanism, data):
        print("AUTH", data.login.decode(), file=sys.stderr, flush=True)
        return super().authenticate(server, session, envelope, mechanism, data)

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        mail = self.mails[-1]
        print(json.dumps({"user": self.users[-1] if self.users else None, "to": mail["To"], "subject": mail["Subject"], "from": mail["From"],
                          "body": mail.get_body(("plain",)).get_content()}), flush=True)
        return answer


if __name__ == "__main__":
    teller = Teller()
    secured = {"tls_context": certificate(pathlib.Path(sys.argv[1])), "require_starttls": True, "authenticator": teller.authenticate,
               "auth_required": True} if len(sys.argv) > 1 else {}
    mail_server = Server(teller, **secured)
    mail_server.start()
    print(mail_server.port, flush=True)
    sys.stdin.read()
    mail_server.stop()
