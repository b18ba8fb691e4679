#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""koshin browser add and remove, and what koshin doctor says of the browsers' lists, with databases that NSS itself has made."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ui-bridge"))
from checks import check, finish  # noqa: E402
from doctor import Surroundings  # noqa: E402

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
IN_USE = 93


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, **more)


def change(desk, which):
    """The exit code, and the state of each profile by its folder."""
    result = desk.koshin("browser", which, "--json")
    document = json.loads(result.stdout)
    return result.returncode, {one["folder"]: one["state"] for one in document.get("profiles", [])}


def modules_by_nss(database):
    return run("modutil", "-force", "-list", "-dbdir", f"sql:{database}").stdout


def check_add_and_remove(desk, firefox, chromium):
    before = (firefox / "pkcs11.txt").read_bytes()
    seen = desk.doctor()
    check("before: Firefox", seen["firefox"]["finding"] == "browser_lacks_module" and seen["firefox"]["values"] == [MODULE], seen)
    check("before: what to do", "koshin browser add" in seen["firefox"]["advice"], seen)
    code, states = change(desk, "add")
    check("added", code == 0 and states[str(firefox)] == "added", states)
    check("NSS reads it", "koshin libsofthsm2.so" in modules_by_nss(firefox) and "NSS Internal PKCS #11 Module" in modules_by_nss(firefox), modules_by_nss(firefox))
    check("the list is the user's alone", (firefox / "pkcs11.txt").stat().st_mode & 0o777 == 0o600)
    if states.get(str(chromium)):
        check("Chromium: added where there was no database yet", states[str(chromium)] == "added", states)
        check("Chromium: its folder is private", chromium.stat().st_mode & 0o777 == 0o700)
        made = run("certutil", "-N", "-d", f"sql:{chromium}", "--empty-password")
        check("Chromium: NSS makes its database beside the list, and keeps the module",
              made.returncode == 0 and "koshin libsofthsm2.so" in modules_by_nss(chromium), made.stderr + modules_by_nss(chromium))
    seen = desk.doctor()
    check("after: Firefox", seen["firefox"]["finding"] == "browser_has_module", seen)
    code, states = change(desk, "add")
    check("added once", code == 0 and states[str(firefox)] == "there", states)
    code, states = change(desk, "remove")
    check("removed", code == 0 and states[str(firefox)] == "removed" and (firefox / "pkcs11.txt").read_bytes() == before, states)
    code, states = change(desk, "remove")
    check("removed once", code == 0 and states[str(firefox)] == "nothing", states)


def check_what_others_added(desk, firefox):
    run("modutil", "-force", "-dbdir", f"sql:{firefox}", "-add", "vendor", "-libfile", MODULE)
    code, states = change(desk, "add")
    check("a module that somebody else has added", code == 0 and states[str(firefox)] == "there", states)
    change(desk, "remove")
    check("stays", "vendor" in modules_by_nss(firefox), modules_by_nss(firefox))
    run("modutil", "-force", "-dbdir", f"sql:{firefox}", "-delete", "vendor")


def check_in_use(desk, firefox, chromium):
    before = (firefox / "pkcs11.txt").read_bytes()
    holder = "import fcntl, sys\nlock = open(sys.argv[1], 'w')\nfcntl.lockf(lock, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()"
    for words in ((holder, firefox / ".parentlock"), ("import sys\nfile = open(sys.argv[1])\nprint('held', flush=True)\nsys.stdin.read()", firefox / "cert9.db")):
        browser = subprocess.Popen([sys.executable, "-c", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        browser.stdout.readline()
        code, states = change(desk, "add")
        check("a browser that runs", code == IN_USE and states[str(firefox)] == "in_use" and (firefox / "pkcs11.txt").read_bytes() == before, states)
        said = desk.koshin("browser", "add")
        check("a browser that runs: which process", f"process {browser.pid}" in said.stdout, said.stdout)
        browser.stdin.close()
        browser.wait(timeout=30)
    change(desk, "remove")


def check_unreadable(desk, firefox):
    """A list that the user cannot read is not taken for an empty one."""
    file, user = firefox / "pkcs11.txt", None
    before = file.read_bytes()
    if os.getuid() == 0:  # who reads everything: the home belongs to another user
        user = 65534
        run("chown", "-R", user, desk.home, desk.run)
        os.chown(file, 0, 0)
        desk.folder.chmod(0o755)
        desk.settings.chmod(0o644)
    file.chmod(0o600 if user else 0)
    result = run(desk.program, "--settings", desk.settings, "browser", "add", "--json", env=desk.environment, user=user)
    states = {one["folder"]: one["state"] for one in json.loads(result.stdout).get("profiles", [])}
    file.chmod(0o600)
    if user:
        run("chown", "-R", "0", desk.home, desk.run)
    check("a list that cannot be read stays", states.get(str(firefox)) == "failed" and file.read_bytes() == before, result.stdout + result.stderr)
    change(desk, "remove")


def check_choices(desk, firefox):
    check("no remembered choice: nothing is said", "firefox_choice" not in desk.doctor())
    slot = bytes(6) + b"bank.example".ljust(256, b"\0") + b"AAAA".ljust(1024, b"\0")
    (firefox / "ClientAuthRememberList.bin").write_bytes(slot + bytes(1286) + slot)
    seen = desk.doctor()
    check("remembered choices", seen.get("firefox_choice", {}).get("values") == ["2"], seen)


def check_confined(desk):
    snap = desk.home / "snap/firefox/common/.mozilla/firefox/s.default"
    snap.mkdir(parents=True)
    (snap / "pkcs11.txt").write_text("")
    seen = desk.doctor()
    check("a snap: nothing is claimed", seen["firefox", str(snap)]["finding"] == "browser_confined" and seen["firefox", str(snap)]["status"] == "skipped", seen)
    code, states = change(desk, "add")
    check("a snap: nothing is changed", code == 0 and states[str(snap)] == "confined" and (snap / "pkcs11.txt").read_text() == "", states)
    change(desk, "remove")


def check_policy(desk, firefox):
    """A policy of the computer, in a mount namespace where only this test's doctor sees it."""
    folder = pathlib.Path("/usr/lib/firefox-esr/distribution")
    if not folder.is_dir() or run("unshare", "--mount", "true").returncode != 0:
        print("left out: the policy (no firefox-esr, or no mount namespaces)")
        return
    policy = json.dumps({"policies": {"SecurityDevices": {"Add": {"token": MODULE}}}})
    script = f'mount -t tmpfs -o mode=755 none {folder} && printf %s "$1" >{folder}/policies.json && shift && exec "$@"'
    result = run("unshare", "--mount", "sh", "-c", script, "sh", policy, desk.program, "--settings", desk.settings, "doctor", "--json", env=desk.environment)
    found = [one for one in json.loads(result.stdout)["checks"] if one["id"] == "firefox" and one["subject"] == str(firefox)]
    check("a policy", found and found[0]["finding"] == "browser_has_it_by_policy" and str(folder) in found[0]["text"], found)


def main():
    missing = [tool for tool in ("certutil", "modutil") if shutil.which(tool) is None]
    if missing or not pathlib.Path(MODULE).exists():
        print("skipped: not installed:", *missing, MODULE)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        desk = Surroundings(folder)
        firefox, chromium = desk.home / ".mozilla/firefox/abc.default", desk.home / ".pki/nssdb"
        firefox.mkdir(parents=True)
        run("certutil", "-N", "-d", f"sql:{firefox}", "--empty-password")
        desk.set("")
        check("settings without a module", json.loads(desk.koshin("browser", "add", "--json").stdout)["failure"]["reason"] == "module_not_configured")
        desk.set(f'[token]\nmodules = ["{desk.folder}/none.so"]\n')
        check("a module that is not there", json.loads(desk.koshin("browser", "add", "--json").stdout)["failure"]["reason"] == "module_not_found")
        desk.set(f'[token]\nmodules = ["{MODULE}"]\n')
        for part in (check_add_and_remove, check_in_use):
            part(desk, firefox, chromium)
        for part in (check_what_others_added, check_unreadable, check_choices, check_policy):
            part(desk, firefox)
        check_confined(desk)
    finish()


main()
