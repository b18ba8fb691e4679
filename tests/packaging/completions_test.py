#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What bash, zsh and fish themselves offer behind koshin: commands, the tokens that were seen, the banks of the settings.

usage: completions_test.py COMPLETIONS   the folder with koshin.bash, _koshin and koshin.fish as they are installed
"""
import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ui-bridge"))
from checks import check, finish  # noqa: E402

BIN = pathlib.Path(os.environ["KOSHIN_BIN"])
MODULE = pathlib.Path("/usr/lib/softhsm/libsofthsm2.so")
SETTINGS = f'[token]\nmodules = ["{MODULE}"]\n' + "".join(
    f'[[bank]]\nname = "{name}"\n[bank.authority]\nurl = "https://{name}.example"\ntrust_anchors = "/etc/ssl/certs/ca-certificates.crt"\n'
    f'[bank.expect]\norganization = "{name}"\n' for name in ("sakura", "momiji"))


class Desk:
    """A user whose computer has seen one token, and whose settings name two banks."""

    def __init__(self, folder, completions):
        self.folder, self.completions = folder, completions
        (folder / "tokens").mkdir()
        (folder / "run").mkdir(mode=0o700)
        (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
        self.settings = folder / "koshin.toml"
        self.settings.write_text(SETTINGS)
        self.settings.chmod(0o600)
        self.environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "TERM": "dumb",
                            "XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data"), "XDG_RUNTIME_DIR": str(folder / "run"),
                            "LC_ALL": "C.UTF-8", "SOFTHSM2_CONF": str(folder / "softhsm.conf"), "PCSCLITE_CSOCK_NAME": str(folder / "none")}

    def run(self, *words, **more):
        return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, env=self.environment, **more)

    def see_a_token(self):
        """Its serial number, and what koshin said."""
        self.run("softhsm2-util", "--init-token", "--free", "--label", "Sakura", "--pin", "73519264", "--so-pin", "73519264")
        said = self.run("koshin", "--settings", self.settings, "pin", "change", "--pin-stdin", "--new-pin-stdin", input="73519264\n84629371\n")
        found = [line.split('"serial":"')[1].split('"')[0] for line in self.run("koshin", "status", "--json").stdout.splitlines() if '"serial":"' in line]
        return (found or [""])[0], said.stdout + said.stderr


def in_bash(desk, line):
    """What is offered for the last word of the line; readline divides words at ":" and "=", which no line here ends with."""
    words = line.split(" ")
    listed = " ".join(f"'{word}'" for word in words)
    return desk.run("bash", "-c", f"source {desk.completions}/koshin.bash; COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; "
                    f"COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; _koshin; printf '%s\\n' \"${{COMPREPLY[@]}}\"").stdout.split()


def in_fish(desk, line):
    said = desk.run("fish", "--no-config", "-c", f"source {desk.completions}/koshin.fish; complete -C '{line}'")
    return [offer.split("\t")[0] for offer in said.stdout.splitlines()]


class Zsh:
    """A zsh at a terminal of its own, which tells what a line has become once the tabulator was pressed."""

    def __init__(self, desk):
        child, self.terminal = pty.fork()
        if child == 0:
            os.execvpe("zsh", ["zsh", "-f", "-i"], desk.environment)
        self.child = child
        self.say("PROMPT= RPS1= ; stty -echo; unsetopt zle_bracketed_paste; fpath=(%s $fpath); autoload -Uz compinit; compinit -u -D\n" % desk.completions)
        self.say("tell() { print -r -- \"<$BUFFER>\"; BUFFER=; zle accept-line }; zle -N tell; bindkey '^I' complete-word; bindkey '^X' tell; echo rea''dy\n")
        self.until("ready")

    def say(self, text):
        os.write(self.terminal, text.encode())

    def until(self, wanted, limit=30):
        text, end = "", time.monotonic() + limit
        while wanted not in text and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.2)[0]:
                text += os.read(self.terminal, 4096).decode(errors="replace")
        return text

    def completed(self, line):
        self.say(line + "\t")
        time.sleep(0.2)
        self.say("\x18")
        text = self.until(">")
        return text[text.rfind("<") + 1:text.rfind(">")].strip() if "<" in text else text

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.child, 0)


def check_lists(desk, shell, offered, serial):
    """A shell that lists what it offers."""
    with_settings = f"koshin --settings {desk.settings}"
    commands = offered(desk, "koshin help ")
    check(f"{shell}: help COMMAND", {"renew", "support-bundle", "doctor"} <= set(commands) and "help" not in commands, commands)
    check(f"{shell}: help is a command", "help" in offered(desk, "koshin he"), offered(desk, "koshin he"))
    check(f"{shell}: the banks of the settings that the line names", sorted(offered(desk, f"{with_settings} renew --bank ")) == ["momiji", "sakura"],
          offered(desk, f"{with_settings} renew --bank "))
    check(f"{shell}: a bank that has been begun", offered(desk, f"{with_settings} doctor --bank sa") == ["sakura"])
    check(f"{shell}: no bank where the settings have none", offered(desk, "koshin renew --bank ") == [], offered(desk, "koshin renew --bank "))
    check(f"{shell}: the token that was seen", offered(desk, "koshin renew --token pk") == [f"pkcs11:serial={serial}"], offered(desk, "koshin renew --token pk"))


def check_zsh(desk, serial):
    zsh = Zsh(desk)
    with_settings = f"koshin --settings {desk.settings}"
    for begun, whole in (("koshin help supp", "koshin help support-bundle"), ("koshin hel", "koshin help"), (f"{with_settings} renew --bank mo", f"{with_settings} renew --bank momiji"),
                         (f"{with_settings} doctor --bank sa", f"{with_settings} doctor --bank sakura"), ("koshin renew --bank sa", "koshin renew --bank sa"),
                         ("koshin renew --token pk", f"koshin renew --token pkcs11:serial={serial}")):
        became = zsh.completed(begun).replace("\\", "")
        check(f"zsh: {begun}", became == whole, became)
    zsh.close()


def main():
    if not MODULE.exists() or shutil.which("softhsm2-util") is None:
        print("skipped: no SoftHSM")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(pathlib.Path(folder), pathlib.Path(sys.argv[1]))
        serial, said = desk.see_a_token()
        check("a token was seen", serial != "", said)
        check_lists(desk, "bash", in_bash, serial)
        for shell, checks in (("fish", lambda: check_lists(desk, "fish", in_fish, serial)), ("zsh", lambda: check_zsh(desk, serial))):
            if shutil.which(shell):
                checks()
            else:
                print(f"left out: {shell} is not installed")
    finish()


main()
