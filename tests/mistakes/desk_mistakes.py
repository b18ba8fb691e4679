# SPDX-License-Identifier: MIT
"""Mistakes that show only with a token, a file, a service or a server: made at a desk with a real SoftHSM and the stand-in bank."""
import os
import shutil
import socket
import subprocess

from mistake import BIN, PIN, Mistake

RENEW = ("renew", "--dry-run", "--pin-stdin")
BY_FILE = ("renew", "--dry-run")
DOCTOR = ("doctor", "--pin-stdin")


def renewal(what, place, remedy, settings="", make=lambda place: None, words=RENEW, **more):
    return Mistake(what, place, remedy, settings=settings, make=make, words=words, stdin=PIN + "\n", **more)


def doctor(what, of, place, remedy, settings="", make=lambda place: None, **more):
    return Mistake(what, place, remedy, settings=settings, make=make, words=DOCTOR, of=of, stdin=PIN + "\n", **more)


def checked(what, place, remedy, make):
    return Mistake(what, place, remedy, make=make)


def free_port():
    """A port of this computer on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def module(name, mode=0o755, content=None):
    """A copy of the vendor's module, or a file in its place, as the only module."""
    def make(place):
        path = place.file(name, (open(place.desk.facts["module"], "rb").read() if content is None else content), mode)
        return f'token.modules = ["{path}"]'
    return make


def pin_file(content, mode=0o600, name="pin"):
    def make(place):
        path = place.file(name, content, mode)
        return f'token.uri = "pkcs11:token=Sakura%20Corp?pin-source=file:{path}"'
    return make


def file_of(key, content, mode=0o600, name="file", more=""):
    def make(place):
        return f'{key} = "{place.file(name, content, mode)}"\n{more}'
    return make


def hook(name, mode=0o755, folder_mode=0o755, text="#!/bin/sh\n"):
    def make(place):
        folder = place.folder_of("hooks.d", folder_mode)
        place.file(f"hooks.d/{name}", text, mode)
        return f'hooks.directory = "{folder}"'
    return make


def without_program(name):
    """An installation in which one program is missing."""
    def make(place):
        place.programs = place.folder_of("programs")
        for program in ("koshin", "koshin-worker", "koshin-desk-check", "koshin-libp11-view.so"):
            if program != name:
                shutil.copy(BIN / program, place.programs / program)
    return make


def open_folder(place):
    folder = place.folder_of("modules", 0o777)
    path = place.file("modules/vendor.so", open(place.desk.facts["module"], "rb").read(), 0o755)
    return f'token.modules = ["{path}"]' if folder else ""


def spoilt_journal(place):
    state = place.folder / "state" / "koshin"
    state.mkdir(parents=True, mode=0o700)
    (state / "journal.sqlite").write_text("no database\n" * 100)


def file_for_the_state(place):
    place.file("state/koshin", "a file in the place of a folder\n")


modules = [
    renewal("a module's path that is not there", "/usr/lib/nothing.so", "Install", settings='token.modules = ["/usr/lib/nothing.so"]'),
    renewal("a module that p11-kit does not know", "no-such-vendor", "p11-kit", settings='token.modules = ["p11-kit:no-such-vendor"]'),
    renewal("a file that is no library", "vendor.so", "another kind of processor", make=module("vendor.so", content="no library\n")),
    renewal("a library that is no PKCS#11 module", "libkoshin-no-module.so", "PKCS#11", settings=f'token.modules = ["{BIN}/libkoshin-no-module.so"]'),
    renewal("a module that everybody can write", "vendor.so", "root", make=module("vendor.so", 0o777)),
    renewal("a module in a folder that everybody can write", "modules", "root", make=open_folder),
    renewal("no module in the settings", "token.modules", "token.modules", settings="token.modules = []"),
]

tokens = [
    renewal("settings for another token", "Ume", "token.uri", settings='token.uri = "pkcs11:token=Ume%20Corp"'),
    renewal("an organization that certificates do not have", "expect.organization", "[expect]", settings='expect.organization = "Ume Bank"'),
    renewal("a pattern that fits no user", "expect.common_name_pattern", "[expect]", settings='expect.common_name_pattern = "user[0-9]{2}"'),
    renewal("an issuer's pattern that fits no issuer", "expect.issuer_pattern", "[expect]", settings='expect.issuer_pattern = "CN=Ume CA"'),
    renewal("a renewal long before it is due", "renewal.window", "renewal.window", certificate=300),
    renewal("renewal.grace left out where the authority renews expired certificates", "has expired", "renewal.grace", certificate=-3),
]

pins = [
    renewal("a PIN's file that is not there", "/etc/koshin/none", "chmod 600", words=BY_FILE,
            settings='token.uri = "pkcs11:token=Sakura%20Corp?pin-source=file:/etc/koshin/none"'),
    renewal("a PIN's file that others can read", "/etc/koshin/pin", "chmod 600", words=BY_FILE, make=pin_file(PIN, 0o644)),
    renewal("an empty file for the PIN", "/etc/koshin/pin", "first line", words=BY_FILE, make=pin_file("")),
    renewal("a folder in the place of the PIN's file", "/etc/koshin/pins", "first line", words=BY_FILE,
            make=lambda place: f'token.uri = "pkcs11:token=Sakura%20Corp?pin-source=file:{place.folder_of("pins")}"'),
    renewal("a wrong PIN in the file", "C_Login", "koshin pin unlock", words=BY_FILE, make=pin_file("11111111")),
    renewal("a PIN that is too short in the file", "/etc/koshin/pin", "takes 4 to 255 characters", words=BY_FILE, make=pin_file("12")),
    renewal("a file of UTF-16 for the PIN", "/etc/koshin/pin", "UTF-8", words=BY_FILE, make=pin_file(PIN.encode("utf-16"))),
    renewal("a pinentry that is not there", "/usr/bin/pinentry-none", "pinentry", words=("renew", "--dry-run", "--pinentry-program", "/usr/bin/pinentry-none")),
]

network = [
    renewal("the authority's address with a wrong port", "localhost:PORT", "firewall", make=lambda place: f'authority.url = "https://localhost:{free_port()}"'),
    renewal("the authority's address with a wrong name", "est.bank.invalid", "name", settings='authority.url = "https://est.bank.invalid:8443"'),
    renewal("anchors of another authority", "authority.trust_anchors", "authority.trust_anchors",
            make=lambda place: f'authority.trust_anchors = "{other_anchors(place)}"'),
    renewal("a file of anchors without certificates", "/etc/koshin/anchors.pem", "PEM", make=file_of("authority.trust_anchors", "no certificate\n", 0o644, "anchors.pem")),
    renewal("a file of anchors that is not there", "/etc/koshin/anchors/none.pem", "it should be a PEM file", settings='authority.trust_anchors = "/etc/koshin/anchors/none.pem"'),
    renewal("a page for the proof that is not there", "/nowhere", "authority.prove_url", make=lambda place: f'authority.prove_url = "{place.desk.facts["url"]}/nowhere"'),
    renewal("a password's file that others can read", "/etc/koshin/password", "chmod 600",
            make=file_of("authority.http_password_file", "secret\n", 0o644, "password", 'authority.http_authentication = "basic"\nauthority.http_user = "corp"')),
    renewal("a proxy with a wrong port", "localhost:PORT", "proxy", make=lambda place: f'proxy.url = "http://localhost:{free_port()}"'),
    renewal("a proxy with a wrong name", "proxy.corp.invalid", "proxy.url", settings='proxy.url = "http://proxy.corp.invalid:3128"'),
    renewal("a proxy's password file that is not there", "/etc/koshin/proxy-password", "proxy.password_file", settings='proxy.url = "http://localhost:3128"\nproxy.user = "corp"\nproxy.password_file = "/etc/koshin/proxy-password"'),
]

files = [
    Mistake("a settings file that is not there", "/etc/koshin/none.toml", "there is no such file", settings_name="none.toml"),
    Mistake("a settings file that its group can write", "koshin.toml", "chmod go-w", settings_mode=0o664),
    checked("a hook that is not executable", "10-inventory", "chmod", hook("10-inventory", 0o644)),
    checked("a hook with the line ends of Windows", "10-inventory", "line feeds alone", hook("10-inventory", text="#!/bin/sh\r\nexit 0\r\n")),
    checked("a hook whose first line names nothing", "10-inventory", "#!/bin/sh", hook("10-inventory", text="exit 0\n")),
    checked("a hook for a program that is not there", "10-inventory", "/opt/python3", hook("10-inventory", text="#!/opt/python3\n")),
    checked("a hook that everybody can write", "10-inventory", "group or others", hook("10-inventory", 0o777)),
    checked("a folder of hooks that is not there", "hook.d", "no such folder", lambda place: f'hooks.directory = "{place.folder}/hook.d"'),
    checked("a copy of a hook beside it", "10-inventory~", "copy", hook("10-inventory~")),
    checked("a folder of hooks that everybody can write", "hooks.d", "group or others", hook("10-inventory", folder_mode=0o777)),
    checked("a logo that is larger than 64 KiB", "logo.svg", "make it smaller", file_of("branding.logo", "<svg>" + " " * 70000, 0o644, "logo.svg")),
    renewal("a journal that is no database", "journal.sqlite", "The next run begins a new journal", make=spoilt_journal),
    doctor("a journal that is no database, found by the doctor", "journal", "journal.sqlite", "kept under another name", make=spoilt_journal),
    renewal("a file in the place of the journal's folder", "/etc/koshin/state", "permissions of the folder that the detail names", make=file_for_the_state),
    doctor("a folder for the metrics that is not there", "metrics", "/var/lib/none", "folder", settings='metrics.textfile = "/var/lib/none/koshin.prom"'),
]

services = [
    doctor("the smart card service does not run", "card_service", "/etc/koshin/pcscd", "pcscd", environment={"PCSCLITE_CSOCK_NAME": "/etc/koshin/pcscd"}),
    doctor("the agent does not run", "agent", "koshin-agent", "systemctl --user"),
    doctor("no session bus, so that no message is shown", "notifications", "nothing shows them here", "start what shows its notifications"),
    doctor("a mail server that does not answer", "mail", "localhost:PORT", "mail.url",
           make=lambda place: f'mail.url = "smtp://localhost:{free_port()}"\nmail.from = "koshin@corp.example"\nmail.to = "user@corp.example"'),
    doctor("a mail password's file that others can read", "mail", "/etc/koshin/mail-password", "chmod",
           make=file_of("mail.password_file", "secret\n", 0o644, "mail-password", 'mail.url = "smtp://localhost:2525"\nmail.user = "koshin"\nmail.from = "koshin@corp.example"\nmail.to = "user@corp.example"')),
    doctor("unattended renewals without a PIN's file", "unattended", "pin-source", "token.uri", settings="unattended.enabled = true"),
    renewal("a package of which the worker is missing", "koshin-worker", "Check that koshin-worker is installed", make=without_program("koshin-worker")),
    doctor("a package of which the desk check is missing", "desk", "koshin-desk-check", "install the package koshin again", make=without_program("koshin-desk-check")),
    renewal("a package of which a library is missing", "koshin-libp11-view.so", "install koshin again", make=without_program("koshin-libp11-view.so")),
    renewal("a script's variable without a value behind an option", "--token", "needs a value", words=(*RENEW, "--token", "")),
    renewal("a bank that the settings do not have", "--bank", "there: -, ume", words=(*RENEW, "--bank", "umme"),
            settings='[[bank]]\nname = "ume"\n[bank.authority]\nurl = "https://est.ume.example"'),
]


def other_anchors(place):
    """The anchors of a second bank, which have nothing to do with the first."""
    path = place.folder / "other.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=Another CA", "-days", "30",
                    "-keyout", os.devnull, "-out", path], check=True, capture_output=True)
    return path

areas = [("Modules", modules), ("Tokens and certificates", tokens), ("The PIN and its file", pins), ("Authority and proxy", network),
         ("Files, folders and hooks", files), ("Services, mail and packages", services)]
