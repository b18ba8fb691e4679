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


def check_home_of_another(desk, firefox, chromium):
    """As by sudo -E: what root made there, the user's browser could not read."""
    if os.geteuid() != 0:
        print("left out: the home of another user (for root alone)")
        return
    shutil.rmtree(chromium.parent, ignore_errors=True)
    before = (firefox / "pkcs11.txt").read_bytes()
    for folder in (desk.home, firefox):
        os.chown(folder, 12345, 12345)
    desk.environment["SUDO_UID"] = "12345"
    result = desk.koshin("browser", "add", "--json")
    profiles = json.loads(result.stdout)["profiles"]
    check("another user's home: nothing is changed", result.returncode != 0 and profiles and all(one["state"] == "failed" for one in profiles), profiles)
    check("another user's home: said with what to do", all("user number 12345" in one["detail"] and "run this as that user" in one["detail"] for one in profiles), profiles)
    check("another user's home: no file of root's", before == (firefox / "pkcs11.txt").read_bytes() and (firefox / "pkcs11.txt").stat().st_uid == 0 and not chromium.parent.exists())
    del desk.environment["SUDO_UID"]
    for folder in (desk.home, firefox):
        os.chown(folder, 0, 0)


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


def check_without_open_files(desk, firefox, chromium):
    """A system that does not show which files are open: the browsers' own locks are all that there is to see."""
    if run("unshare", "--mount", "true").returncode != 0:
        print("left out: no /proc (no mount namespaces)")
        return
    if any(word in desk.program.read_bytes() for word in (b"__asan_init", b"__tsan_init")):
        print("left out: no /proc (sanitizers read it)")
        return
    hidden = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh")

    def add():
        result = run(*hidden, desk.program, "--settings", desk.settings, "browser", "add", "--json", env=desk.environment)
        profiles = {one["folder"]: one for one in json.loads(result.stdout)["profiles"]}
        run(desk.program, "--settings", desk.settings, "browser", "remove", env=desk.environment)
        return profiles[str(firefox)], profiles[str(chromium)]

    chromium.mkdir(parents=True, exist_ok=True)
    holder = "import fcntl, sys\nlock = open(sys.argv[1], 'w')\nfcntl.lockf(lock, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()"
    browser = subprocess.Popen([sys.executable, "-c", holder, firefox / ".parentlock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    browser.stdout.readline()
    in_firefox, in_chromium = add()
    check("without /proc: Firefox runs, by its lock", in_firefox["state"] == "in_use" and f"process {browser.pid}" in in_firefox["detail"], in_firefox)
    check("without /proc: Chromium does not", in_chromium["state"] == "added", in_chromium)
    browser.stdin.close()
    browser.wait(timeout=30)
    lock = desk.home / "config/chromium/SingletonLock"
    lock.parent.mkdir(parents=True)
    lock.symlink_to(f"{os.uname().nodename}-{os.getpid()}")
    in_firefox, in_chromium = add()
    check("without /proc: Firefox does not run", in_firefox["state"] == "added", in_firefox)
    check("without /proc: Chromium does, by its lock", in_chromium["state"] == "in_use" and in_chromium["detail"] == f"process {os.getpid()}", in_chromium)
    shutil.rmtree(lock.parent)


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


def check_policies(desk, firefox):
    """What policies say of the choice of a certificate, each in a mount namespace of this test's doctor."""
    if run("unshare", "--mount", "true").returncode != 0:
        print("left out: the policies (no mount namespaces)")
        return
    run("modutil", "-force", "-dbdir", f"sql:{firefox}", "-add", "vendor", "-libfile", MODULE)
    chooses = json.dumps({"pattern": "https://login.bank.example", "filter": {"ISSUER": {"CN": "Sakura User CA"}}})
    chromium, ours = "/etc/chromium/policies/managed", "/usr/lib/firefox-esr/distribution"
    for folder, name, text, wanted in (
            (chromium, "bank.json", json.dumps({"AutoSelectCertificateForUrls": [chooses]}), ("policy_chooses", ["https://login.bank.example"])),
            ("/etc/opt/chrome/policies/managed", "x", '{ // a comment\n"AutoSelectCertificateForUrls": [%s,],}' % json.dumps(chooses), ("policy_chooses", ["https://login.bank.example"])),
            (chromium, "quotes.json", '\ufeff{ // don\'t say "x\n/* " , */ "AutoSelectCertificateForUrls": [%s, /* "last" */ ], // ", }\n}' % json.dumps(chooses), ("policy_chooses", ["https://login.bank.example"])),
            (chromium, "commas.json", '{"AutoSelectCertificateForUrls": [%s,,]}' % json.dumps(chooses), ("policy_unreadable", None)),
            (chromium, "begun.json", '{"AutoSelectCertificateForUrls": [%s] } /*' % json.dumps(chooses), ("policy_unreadable", None)),
            (chromium, "incomplete.json", json.dumps({"AutoSelectCertificateForUrls": ['{"pattern": "https://login.bank.example"}']}), ("policy_unreadable", None)),
            (chromium, "comma.json", json.dumps({"AutoSelectCertificateForUrls": [chooses[:-1] + ",}"]}), ("policy_chooses", ["https://login.bank.example"])),
            (chromium, "bad.json", '{"AutoSelectCertificateForUrls": [', ("policy_unreadable", None)),
            (chromium, "entry.json", '{"AutoSelectCertificateForUrls": ["{"]}', ("policy_unreadable", None)),
            (ours, "policies.json", "{,}", ("policy_unreadable", None)),
            (ours, "policies.json", '{"policies": {"Preferences": {"security.default_personal_cert": {"Value": "Ask Every Time", "Status": "locked"}}}}', ("policy_sets_choice", ["Ask Every Time"])),
            (ours, "policies.json", '{"policies": {"SecurityDevices": {"Delete": ["x", "vendor"]}}}', ("policy_removes_module", [MODULE, "vendor"])),
            (ours, "policies.json", '{"policies": {"SecurityDevices": {"Delete": ["x"]}}}', None)):
        root = next((root for root in ("/etc/opt", "/etc/chromium") if folder.startswith(root)), folder)
        if not pathlib.Path(root).is_dir():
            print(f"left out: the policy {text} (no {root})")
            continue
        script = 'mount -t tmpfs -o mode=755 none "$1" && mkdir -p "$2" && printf %s "$3" >"$2/$4" && shift 4 && exec "$@"'
        result = run("unshare", "--mount", "sh", "-c", script, "sh", root, folder, text, name, desk.program, "--settings", desk.settings, "doctor", "--json", env=desk.environment)
        found = [(one["finding"], one["values"]) for one in json.loads(result.stdout)["checks"] if one["id"] == "browser_policy" and one["subject"] == f"{folder}/{name}"]
        check(f"a policy: {text}", found == [] if wanted is None else found and found[0][0] == wanted[0] and (wanted[1] is None or found[0][1] == wanted[1]), found)
    run("modutil", "-force", "-dbdir", f"sql:{firefox}", "-delete", "vendor")


def check_chromium_itself(desk, firefox):
    """What Chromium takes in a policy file, by Chromium: the texts of chromium_json_test.cpp that differ most from JSON."""
    program = next((path for path in map(pathlib.Path, ("/usr/lib/chromium/chromium", "/usr/bin/chromium")) if path.exists()), None)
    if not program or not pathlib.Path("/etc/chromium").is_dir() or os.geteuid() != 0 or run("unshare", "--mount", "true").returncode != 0:
        print("left out: Chromium's own reading (no chromium, or no mount namespaces)")
        return
    page = desk.folder / "page.html"
    page.write_text("<p>the page is there</p>")
    blocks = '"URLBlocklist": ["file://*"]'
    for name, text, read in (
            ("nothing", "{}", False),
            ("quotes", '\ufeff{ // don\'t say "x\n/* " , */ "x": "a\nb\\x41", %s, // ", }\n} // end' % blocks, True),
            ("commas", "{%s,,}" % blocks, False)):
        script = 'mount -t tmpfs -o mode=755 none /etc/chromium && mkdir -p /etc/chromium/policies/managed && printf %s "$1" >/etc/chromium/policies/managed/x.json && shift && exec "$@"'
        result = run("unshare", "--mount", "sh", "-c", script, "sh", text, "timeout", "50", program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                     f"--user-data-dir={desk.folder / name}", "--dump-dom", page.as_uri(), env=desk.environment)
        check(f"Chromium reads the policy: {name}", result.returncode == 0 and ("the page is there" not in result.stdout) == read, result.stdout + result.stderr[-500:])


def check_proxy(desk, firefox):
    """p11-kit's proxy module in the list: what it loads in a program of Firefox's name, by p11-kit itself and by koshin. The user's own
    files of p11-kit decide, which it does not read for root."""
    proxy = run("pkg-config", "--variable=proxy_module", "p11-kit-1").stdout.strip() or "/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so"
    tool, registered = shutil.which("pkcs11-tool"), pathlib.Path("/usr/share/p11-kit/modules/softhsm2.module")
    if not pathlib.Path(proxy).exists() or tool is None or not registered.exists():
        print("left out: the proxy module (p11-kit-modules, opensc or softhsm2 is not installed)")
        return
    program = desk.folder / ("firefox-esr" if pathlib.Path("/usr/lib/firefox-esr/firefox-esr").exists() else "firefox")
    shutil.copy(tool, program)
    tokens, own = desk.folder / "tokens", desk.home / "config/pkcs11"
    tokens.mkdir()
    (desk.folder / "softhsm.conf").write_text(f"directories.tokendir = {tokens}\n")
    environment = {**desk.environment, "SOFTHSM2_CONF": str(desk.folder / "softhsm.conf")}
    run("softhsm2-util", "--init-token", "--free", "--label", "Proxied", "--pin", "12345678", "--so-pin", "12345678", env=environment)
    (own / "modules").mkdir(parents=True)
    untouched = (firefox / "pkcs11.txt").read_bytes()
    run("modutil", "-force", "-dbdir", f"sql:{firefox}", "-add", "p11-kit", "-libfile", proxy)
    user = 65534 if os.getuid() == 0 else None
    if user:
        desk.folder.chmod(0o755)
        desk.settings.chmod(0o644)
        run("chown", "-R", user, desk.home, desk.run, tokens)
    named = next(line.split(":", 1)[1].strip() for line in registered.read_text().splitlines() if line.startswith("module:"))
    for settings, library in ((MODULE, MODULE), ("p11-kit:softhsm2", named)):
        desk.set(f'[token]\nmodules = ["{settings}"]\n')
        desk.settings.chmod(0o644)
        for module, conf in (("", ""), (f"disable-in: {program.name}, x", ""), ("disable-in: p11-kit-proxy", ""), ("enable-in: p11-kit-proxy", ""),
                             (f"enable-in: {program.name}", ""), ("enable-in: x", ""), ("enable-in: x", "user-config: none"), ("", "user-config: only")):
            if settings != MODULE and (module, conf) != ("", ""):
                continue  # the library is found once more, and nothing else differs
            (own / "modules/softhsm2.module").write_text(module + "\n")
            (own / "pkcs11.conf").write_text(conf + "\n")
            loaded = "Proxied" in run(program, "--module", proxy, "-L", env=environment, user=user).stdout
            seen = json.loads(run(desk.program, "--settings", desk.settings, "doctor", "--json", env=environment, user=user).stdout)
            found = [one for one in seen["checks"] if one["id"] == "firefox" and one["subject"] == str(firefox)][0]
            wanted = ("browser_has_it_by_proxy", [library, proxy]) if loaded else ("browser_proxy_lacks_it", [library, proxy, program.name])
            check(f"the proxy, {settings}, {module} {conf}", (found["finding"], found["values"]) == wanted, f"p11-kit loads it: {loaded}; {found}")
            before = (firefox / "pkcs11.txt").read_bytes()
            added = json.loads(run(desk.program, "--settings", desk.settings, "browser", "add", "--json", env=environment, user=user).stdout)
            state = {one["folder"]: one for one in added["profiles"]}[str(firefox)]
            check(f"the proxy: added only where it lacks the module, {module} {conf}",
                  (state["state"] == "by_other" and state["detail"] == proxy and before == (firefox / "pkcs11.txt").read_bytes()) if loaded else state["state"] == "added", state)
            run(desk.program, "browser", "remove", env=environment, user=user)
    (own / "modules/softhsm2.module").write_text("")
    (own / "pkcs11.conf").write_text("")
    with open(firefox / "pkcs11.txt", "a", encoding="utf-8") as file:  # modutil would load it beside the proxy
        file.write(f"library={MODULE}\nname=vendor\n\n")
    seen = json.loads(run(desk.program, "--settings", desk.settings, "doctor", "--json", env=environment, user=user).stdout)
    found = [one for one in seen["checks"] if one["id"] == "firefox" and one["subject"] == str(firefox)][0]
    check("beside the proxy it is there twice", found["finding"] == "browser_has_it_twice" and "koshin browser remove" in found["advice"], found)
    (firefox / "pkcs11.txt").write_bytes(untouched)
    if user:
        run("chown", "-R", "0", desk.home, desk.run)
    shutil.rmtree(own)
    desk.set(f'[token]\nmodules = ["{MODULE}"]\n')


def check_other_path(desk, firefox):
    """The same file by another path."""
    link = desk.folder / "another.so"
    link.symlink_to(MODULE)
    run("modutil", "-force", "-dbdir", f"sql:{firefox}", "-add", "vendor", "-libfile", link)
    check("by another path: there", change(desk, "add")[1][str(firefox)] == "there")
    check("by another path: told", desk.doctor()["firefox", str(firefox)]["finding"] == "browser_has_module")
    run("modutil", "-force", "-dbdir", f"sql:{firefox}", "-delete", "vendor")


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
        for part in (check_add_and_remove, check_in_use, check_without_open_files, check_home_of_another):
            part(desk, firefox, chromium)
        for part in (check_what_others_added, check_other_path, check_proxy, check_unreadable, check_choices, check_policy, check_policies, check_chromium_itself):
            part(desk, firefox)
        check_confined(desk)
    finish()


main()
