# SPDX-License-Identifier: MIT
"""koshin doctor in surroundings of the test's own, and what it says of the desk."""
import json
import os
import pathlib
import subprocess

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])
DESK = ("card_service", "reader", "readers", "agent", "agent_unit", "reminder", "notifications", "browser", "link_handler", "firefox", "chromium",
        "firefox_choice", "browser_policy", "named_files", "named_file", "unattended", "metrics", "mail", "desk")


class Surroundings:
    """A user's home, settings and environment in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.home, self.run, self.settings = self.folder / "home", self.folder / "run", self.folder / "koshin.toml"
        self.program = BIN / "koshin"
        self.home.mkdir()
        self.run.mkdir(mode=0o700)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.run), "LC_ALL": "C.UTF-8",
            "XDG_STATE_HOME": str(self.home / "state"), "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_DATA_HOME": str(self.home / "data"), "XDG_DATA_DIRS": str(self.folder / "none"),
            "XDG_CONFIG_DIRS": str(self.folder / "none"), "PCSCLITE_CSOCK_NAME": str(self.folder / "pcscd.comm")}
        self.set("")

    def set(self, text):
        self.settings.write_text(text)
        self.settings.chmod(0o600)

    def koshin(self, *arguments):
        return subprocess.run([self.program, "--settings", self.settings, *arguments], env=self.environment, capture_output=True,
                              text=True, timeout=150)

    def doctor(self, *more):
        """The checks of the desk by their subject; several of a kind: the last one, and all under (subject, of which)."""
        result = self.koshin("doctor", "--json", *more)
        document = json.loads(result.stdout)
        checks = {}
        for one in document.get("checks", []):
            if one["id"] in DESK:
                checks[one["id"]] = one
                checks[one["id"], one["subject"]] = one
        checks["exit code"] = result.returncode
        return checks
