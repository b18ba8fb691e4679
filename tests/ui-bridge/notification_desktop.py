# SPDX-License-Identifier: MIT
"""The desktop's side of a notification: what is shown, and the person's answer."""
import json
import pathlib
import subprocess
import sys
import threading

SERVER = pathlib.Path(__file__).resolve().parent.parent / "support" / "notification_server.py"


class Desktop:
    """The desktop's notification server, a process of its own: D-Bus in Python is not made for two threads."""

    def __init__(self, *options):
        self.process = subprocess.Popen([sys.executable, SERVER, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.number = 0
        self.read("ready")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Its name leaves the bus with it."""
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def read(self, kind, value=None):
        """The next line that has this member (with this value)."""
        patience = threading.Timer(60, self.process.kill)
        patience.start()
        try:
            for line in self.process.stdout:
                message = json.loads(line)
                if kind in message and value in (None, message[kind]):
                    return message
        finally:
            patience.cancel()
        raise AssertionError(f"the notification server ended; expected {kind} {value}")

    def shown(self):
        """The next message it is asked to show."""
        message = self.read("call", "notify")
        self.number = message["id"]
        return message

    def tell(self, *words):
        print(*words, file=self.process.stdin, flush=True)

    def press(self, key):
        self.tell("action", self.number, key)

    def dismiss(self):
        self.tell("close", self.number)
