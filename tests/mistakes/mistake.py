# SPDX-License-Identifier: MIT
"""What one mistake of an administrator is, how it is made, and what koshin says of it."""
import dataclasses
import json
import os
import pathlib
import re
import subprocess
from typing import Callable

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])
PIN = "86420975"


@dataclasses.dataclass
class Mistake:
    """`settings`: the file, or with a desk what is added to its settings. `place`, `remedy`: words of the message that say where
    it is and what to do. `make` does what no settings can do, with the place it is done in; what it returns is added to the settings,
    and may use words in braces of the place."""
    what: str
    place: str
    remedy: str
    settings: str = ""
    make: Callable[["Place"], str | None] = lambda place: None
    words: tuple = ("config", "check")
    of: str = ""        # doctor: the check's id
    certificate: int | None = 12   # days that the desk's certificate has left; None: there is none
    stdin: str = ""
    environment: dict = dataclasses.field(default_factory=dict)
    settings_name: str = ""        # of another file than the one that there is
    settings_mode: int = 0o600


class Place:
    """The folder where a mistake is made, and the desk beside it: a token, a bank and settings for both. Without a desk the folder alone."""

    def __init__(self, folder, desk=None):
        self.folder, self.desk = pathlib.Path(folder), desk
        self.programs = BIN

    def file(self, name, content="", mode=0o600):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    def folder_of(self, name, mode=0o755):
        path = self.folder / name
        path.mkdir()
        path.chmod(mode)
        return path


class Desk:
    """The fixture of the page's tests: a real SoftHSM and the stand-in bank."""

    def __init__(self):
        self.child = subprocess.Popen([BIN / "ui_bridge_fixture"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.child.stdout.readline())
        self.do("token", label="Sakura Corp", pin=PIN)

    def do(self, name, **more):
        self.child.stdin.write(json.dumps({"do": name, **more}) + "\n")
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def close(self):
        self.child.stdin.close()
        self.child.wait(timeout=30)


def koshin(mistake, place, settings):
    """The document of the command with this mistake."""
    environment = {name: value for name, value in os.environ.items()
                   if not re.fullmatch(r"(?i)(https?|all|no)_proxy|koshin_.*|lang|lc_.*|.*dbus.*|display|wayland_display|browser", name)}
    environment |= {"LC_ALL": "C.UTF-8", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    if place.desk:
        environment |= place.desk.facts["environment"]
    else:
        environment |= {name: str(place.folder / "user") for name in ("HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME")}
        (place.folder / "user").mkdir(exist_ok=True, mode=0o700)
    environment |= mistake.environment
    words = [word.format(folder=place.folder) for word in mistake.words]
    done = subprocess.run([place.programs / "koshin", *words, "--settings", str(settings), "--json"], env=environment, input=mistake.stdin,
                          capture_output=True, text=True, timeout=120, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise AssertionError(f"{mistake.what}: {done.stdout}{done.stderr}") from error


def message_of(mistake, document):
    """What a person at a terminal reads of it: place, cause and remedy."""
    if mistake.of:
        found = [check for check in document.get("checks", []) if check["id"] == mistake.of and check["status"] != "ok"]
        return " ".join(f"{check['text']}. {check['advice']}" for check in found) or json.dumps(document.get("checks") or document)
    if document["command"] == "config check":
        said = [mistake["detail"] for mistake in document.get("mistakes", [])] or document.get("notes", [])
        return " / ".join(said)
    failure = document.get("failure")
    return f"{failure['cause']} {failure['admin_action']} ({failure['detail']})" if failure else json.dumps(document)


def portable(text, place):
    """Without what differs from one run to the next."""
    text = text.replace(str(place.folder), "/etc/koshin").replace(str(BIN), "/usr/libexec/koshin")
    if place.desk:
        text = text.replace(place.desk.facts["folder"], "/etc/koshin").replace(place.desk.facts["module"], "/usr/lib/vendor.so")
    text = re.sub(r"(localhost|127\.0\.0\.1):\d{4,5}", r"\1:PORT", text)
    text = re.sub(r"\bport \d{4,5}\b", "port PORT", text)
    text = re.sub(r"after \d+ ms", "after N ms", text)
    text = re.sub(r"\(known: [^)]*\)", "(known: …)", text)
    text = re.sub(r"\.cpp:\d+", ".cpp", text)
    text = re.sub(r"(?<=serial )[0-9A-F]{32}", "5A17…", text)
    text = re.sub(r"(?<=serial=)[0-9a-f]{16}", "c0ffee…", text)
    text = re.sub(r"damaged-20[-0-9TZ]+", "damaged-…", text)
    text = re.sub(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "…", text)
    text = re.sub(r"/[\w/.-]*/libexec/koshin/", "/usr/libexec/koshin/", text)
    return text
