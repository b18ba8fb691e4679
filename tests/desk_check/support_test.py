#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin support-bundle: what is in it, what is not, and who can read it."""
import json
import os
import pathlib
import pty
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ui-bridge"))
from checks import check, finish  # noqa: E402
from doctor import Surroundings  # noqa: E402

PARTS = ["versions.txt", "settings.json", "doctor.json", "tokens.json", "status.json", "history.json", "koshin.log", "system-log.txt"]


def contents(file):
    with tarfile.open(file) as archive:
        return {member.name.split("/")[-1]: (member, archive.extractfile(member).read().decode()) for member in archive.getmembers()}


def check_bundle(desk):
    desk.set('[mail]\nurl = "smtp://127.0.0.1:1"\nfrom = "koshin@corp.example"\nto = "tanaka@corp.example"\nstarttls = false\n'
             '[proxy]\nurl = "http://proxy.example:3128"\n')
    (desk.home / "state/koshin").mkdir(parents=True, exist_ok=True)
    (desk.home / "state/koshin/koshin.log").write_text("x" * 300000 + "\nvia http://user:hunter2@proxy.example:3128\nthe last line\n")
    file = desk.folder / "b.tar.gz"
    result = desk.koshin("support-bundle", "--yes", "--output", str(file))
    check("written", result.returncode == 0 and str(file) in result.stdout, result.stderr)
    check("listed", all(name in result.stdout for name in PARTS), result.stdout)
    check("private", file.stat().st_mode & 0o777 == 0o600)
    parts = contents(file)
    check("its parts", sorted(parts) == sorted(PARTS), parts.keys())
    check("its parts are private", all(member.mode == 0o600 and member.isfile() for member, _ in parts.values()))
    check("versions", "koshin 0." in parts["versions.txt"][1] and "Debian" in parts["versions.txt"][1], parts["versions.txt"])
    check("the kernel", "\nLinux version" in parts["versions.txt"][1], parts["versions.txt"])
    for name, command in (("settings.json", "config check"), ("doctor.json", "doctor"), ("tokens.json", "inspect"), ("status.json", "status"),
                          ("history.json", "history")):
        check(name, json.loads(parts[name][1])["command"] == command, parts[name][1])
    check("the desk is in it", '"id":"card_service"' in parts["doctor.json"][1], parts["doctor.json"][1])
    check("the end of the log", parts["koshin.log"][1].endswith("the last line\n") and len(parts["koshin.log"][1]) < 270000)
    everything = "".join(text for _, text in parts.values())
    check("no password of an address", "hunter2" not in everything and "http://***@proxy.example" in everything)
    check("no person's mail address", "tanaka@" not in everything and "***@corp.example" in everything)
    again = desk.koshin("support-bundle", "--yes", "--output", str(file))
    check("nothing is overwritten", again.returncode == 2 and "exists" in again.stderr, again.stderr)
    (desk.folder / "link").symlink_to(desk.folder / "elsewhere")
    again = desk.koshin("support-bundle", "--yes", "--output", str(desk.folder / "link"))
    check("nor what a link leads to", again.returncode == 2 and not (desk.folder / "elsewhere").exists(), again.stderr)


def check_json(desk):
    file = desk.folder / "j.tar.gz"
    result = desk.koshin("support-bundle", "--yes", "--json", "--output", str(file))
    document = json.loads(result.stdout)
    check("JSON", document["ok"] and document["file"] == str(file) and [part["name"] for part in document["parts"]] == PARTS, document)


def check_wrong_settings(desk):
    desk.set("nonsense = 1\n")
    file = desk.folder / "w.tar.gz"
    result = desk.koshin("support-bundle", "--yes", "--output", str(file))
    check("wrong settings", result.returncode == 0, result.stderr)
    settings = json.loads(contents(file)["settings.json"][1])
    check("wrong settings are in it, with the files", "nonsense" in settings["mistakes"][0]["detail"] and settings["files"], settings)
    desk.set("")


def check_question(desk):
    file = desk.folder / "q.tar.gz"
    result = desk.koshin("support-bundle", "--output", str(file))
    lost = desk.koshin("support-bundle", "--yes", "--output", str(desk.folder / "none" / "q.tar.gz"))
    check("a folder that is not there, before anything is gathered", lost.returncode == 2 and "none: there is no such folder" in lost.stderr and lost.stdout == "", lost.stderr)
    (desk.folder / "loop").symlink_to("loop")
    unseen = desk.koshin("support-bundle", "--yes", "--output", str(desk.folder / "loop" / "q.tar.gz"))
    check("a folder that cannot be looked at is not said to be missing", unseen.returncode == 2 and "loop: Too many levels" in unseen.stderr
          and "no such folder" not in unseen.stderr, unseen.stderr)
    refused = desk.koshin("support-bundle", "--yes", "--output", "/proc/q.tar.gz")
    check("a folder that takes no file", refused.returncode == 2 and "/proc/q.tar.gz" in refused.stderr and "name another file with --output" in refused.stderr, refused.stderr)
    check("nobody to ask", result.returncode == 2 and "--yes" in result.stderr and not file.exists(), result.stderr)
    for answer, written in ((b"no\n", False), (b"yes\n", True)):
        child, terminal = pty.fork()
        if child == 0:
            os.execve(desk.program, [str(desk.program), "--settings", str(desk.settings), "support-bundle", "--output", str(file)], desk.environment)
        said = b""
        while b"(yes/no)" not in said:
            said += os.read(terminal, 4096)
        check("the list comes before the question", said.index(b"doctor.json") < said.index(b"(yes/no)"), said)
        os.write(terminal, answer)
        try:
            while os.read(terminal, 4096):
                pass
        except OSError:
            pass
        os.waitpid(child, 0)
        os.close(terminal)
        check(f"the answer {answer}", file.exists() == written)


def main():
    with tempfile.TemporaryDirectory() as folder:
        desk = Surroundings(folder)
        for part in (check_bundle, check_json, check_wrong_settings, check_question):
            part(desk)
    finish()


main()
