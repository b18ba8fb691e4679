# SPDX-License-Identifier: MIT
"""Stands where systemd-journald has its socket, and keeps what programs send there, byte by byte.

It is no journald: nothing is split into fields, rated or stored as that would do it. What it shows is all that leaves a program
for the system's log by libsystemd. The socket's path cannot be chosen, so whoever uses this is in a mount namespace of its own,
where /run/systemd is empty and its own.
"""
import array
import base64
import os
import socket
import subprocess
import sys
import threading

SOCKET = "/run/systemd/journal/socket"
OWN = "KOSHIN_OWN_MOUNTS"


def enter_own_namespace():
    """Starts this program again in a mount namespace of its own; ends with 77 where none can be made."""
    if os.environ.get(OWN) == "1":
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run/systemd"], check=True)
        os.mkdir("/run/systemd/journal")
        return
    own = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0 or not os.path.isdir("/run/systemd") or subprocess.run([*own, "true"], capture_output=True).returncode != 0:
        print("skipped: no mount namespace of its own can be made here, or there is no /run/systemd")
        sys.exit(77)
    os.execvpe(own[0], [*own, sys.executable, *sys.argv], {**os.environ, OWN: "1"})


class Journald:
    def __init__(self):
        self._heard, self._marks = b"", 0
        self._more = threading.Condition()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(SOCKET)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            data, ancillary, _, _ = self._socket.recvmsg(1 << 20, socket.CMSG_SPACE(16))
            for level, kind, content in ancillary:  # an entry too long for a datagram comes as a file
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    for descriptor in array.array("i", content):
                        with os.fdopen(descriptor, "rb") as file:
                            data += os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)
            with self._more:
                self._heard += data
                self._more.notify_all()

    def heard(self):
        """All that has been sent so far, since the last call of forget(): what comes behind a mark of its own came later."""
        self._marks += 1
        mark = f"\nTHE_MARK={self._marks}\n".encode()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(mark, SOCKET)
        with self._more:
            self._more.wait_for(lambda: mark in self._heard)
            return self._heard

    def forget(self):
        self.heard()
        with self._more:
            self._heard = b""


class Unit:
    """A program started as systemd starts a unit: its standard error is a socket that JOURNAL_STREAM names."""

    def __init__(self, command, environment, given=b""):
        own, its = socket.socketpair()
        status = os.fstat(its.fileno())
        environment = {**environment, "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=its)
        its.close()
        self.said = [b"", b""]
        self._readers = [threading.Thread(target=self._read, args=(0, self.process.stdout.read)),
                         threading.Thread(target=self._read, args=(1, lambda: b"".join(iter(lambda: own.recv(1 << 16), b""))))]
        for reader in self._readers:
            reader.start()
        self.process.stdin.write(given)
        self.process.stdin.close()

    def _read(self, index, everything):
        self.said[index] = everything()

    def end(self, timeout=120):
        """Its exit code, once it has ended and all that it said has been read."""
        code = self.process.wait(timeout)
        for reader in self._readers:
            reader.join()
        return code


if __name__ == "__main__":
    # For tests in other languages, in a namespace that they have made: answers each line with all that was heard, in base64.
    server = Journald()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(base64.b64encode(server.heard()).decode(), flush=True)
