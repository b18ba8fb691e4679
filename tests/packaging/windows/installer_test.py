#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The installer's whole life under wine: refused, installed, repaired, upgraded over a running agent, not downgraded, removed.

usage: installer_test.py BUILD TEMPLATES SOURCES WORK
BUILD: the tree of the preset windows; TEMPLATES: what koshin-templates wrote; SOURCES: the dependencies' list; WORK: a folder that
is made anew. Ends with 77 where wine or wixl is missing.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BUILD, TEMPLATES, SOURCES, WORK = (pathlib.Path(argument).absolute() for argument in sys.argv[1:5])
BIN = BUILD / "bin"
PROBE = BIN / "koshin-windows-probe.exe"
LARGEST = 15_000_000  # bytes
FAILED = 1603 % 256  # wine hands on eight bits
PREFIX = WORK / "wine"
DRIVE = PREFIX / "drive_c"
FOLDER = DRIVE / "Program Files/koshin"
DATA = DRIVE / "ProgramData/koshin"
MANUALS = FOLDER / "manuals"
TASK = DRIVE / "windows/system32/tasks/koshin-remind"
ENVIRONMENT = {**os.environ, "WINEPREFIX": str(PREFIX), "WINEDEBUG": "-all", 
               # Without the last, wine puts the menu entries into the menu of the person who runs this, too, and leaves them there.
               "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d"}
for screen in ("DISPLAY", "WAYLAND_DISPLAY"):  # nothing is shown
    ENVIRONMENT.pop(screen, None)
# Those of the package wine64; the commands without a number are another package's.
WINE, WINESERVER = "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64"
ENVIRONMENT["WINESERVER"] = WINESERVER
ADDRESS = "https://est.bank.example"


def run(*command, check=True, **options):
    """Output of a program."""
    done = subprocess.run(command, env=options.pop("env", ENVIRONMENT), capture_output=True, timeout=options.pop("timeout", 300), **options)
    if check and done.returncode:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout.decode(errors='replace')}\n{done.stderr.decode(errors='replace')}")
    return done


def wine(*command, **options):
    """The same of a Windows program."""
    return run(WINE, *map(str, command), stdin=subprocess.DEVNULL, **options)


def start(program, *arguments, **variables):
    """A program of the installation, which goes on."""
    return subprocess.Popen([WINE, f"C:\\Program Files\\koshin\\{program}", *arguments], env={**ENVIRONMENT, **variables},
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_agent():
    """The installed agent, with the tests' smart card service: wine's own ends the program that waits for a reader."""
    shutil.copy(BIN / "smart_cards/winscard.dll", FOLDER)
    readers = WORK / "readers"
    readers.write_text("service 1\nreader empty 0 Fake Reader 0\n", encoding="ascii")
    return start("koshin-agent.exe", KOSHIN_FAKE_READERS=windows_path(readers),
                 WINEDLLOVERRIDES=f"winscard=n;{ENVIRONMENT['WINEDLLOVERRIDES']}")


def windows_path(path):
    """Drive Z is the root of this system."""
    return "Z:" + str(path).replace("/", "\\")


def registry(key, value=None):
    """A value of the registry; without a name whether the key is there. None for neither."""
    done = wine("reg", "query", key, *(["/v", value] if value else []), check=False)
    if done.returncode:
        return None
    found = re.search(rf"^\s+{re.escape(value)}\s+REG_\w+\s+(.*?)\r?$", done.stdout.decode(), re.M) if value else None
    return found[1] if found else (None if value else True)


def task():
    """What Task Scheduler says of the reminders' task."""
    return wine(PROBE, "task").stdout.decode().strip()


def disable_task():
    """As an administrator does in Task Scheduler; wine's schtasks has no /DISABLE."""
    TASK.write_text(TASK.read_text(encoding="utf-8").replace("<Enabled>true</Enabled>", "<Enabled>false</Enabled>"), encoding="utf-8")


def build(version, folder):
    """An installer of this version."""
    environment = {**os.environ, "KOSHIN_VERSION": version, "SOURCE_DATE_EPOCH": "1790000000"}
    run("bash", str(ROOT / "packaging/windows/build-msi.sh"), str(BIN), str(TEMPLATES), str(SOURCES), str(folder), env=environment, timeout=900)
    return folder / f"koshin-{version}-x64.msi"


def files():
    """Each file, folder and link of the drive, by its path."""
    return {str(path.relative_to(DRIVE)) for path in DRIVE.rglob("*")}


def registry_entries():
    """Each key and each value with its data, of the computer and of the user, as "KEY" or "KEY: VALUE"."""
    entries = set()
    for root in ("HKLM\\SOFTWARE", "HKLM\\SYSTEM", "HKCU"):
        export = WORK / "export.reg"
        wine("reg", "export", root, windows_path(export), "/y")
        key = None
        for line in export.read_text(encoding="utf-16").replace("\\\n", "").splitlines():
            if line.startswith("["):
                key = line.strip("[]")
                entries.add(key)
            elif line and key:
                entries.add(f"{key}: {line}")
        export.unlink()
    return entries


# What Windows Installer, wine's services and wine itself write for themselves.
OF_THE_SYSTEM = re.compile(r"\\Installer(\\|:|$)|^HKEY_CURRENT_USER\\Software\\Wine\\|\\Control\\(Video|ServiceCurrent)(\\|:|$)"
                           r"|\\Services\\Schedule:|\\Session Manager\\Environment: \"PATH\"|^windows/Installer$")
# wine asks for a component's condition at its removal too, where BANK_FILE is not set any more; Windows Installer asks once, when it
# installs. Any other value in that key is noticed.
LEFT_BY_WINE = re.compile(r'^HKEY_LOCAL_MACHINE\\SOFTWARE\\koshin(\\installer(: "bank_file"=.*)?)?$')
PATH_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"
RUN_KEY = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run"
EVENT_LOG_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"


class Surroundings:
    """The computer as it was, and what has become of it."""

    def __init__(self):
        # On a Windows that is in use others are there too: a key of which nothing else is left Windows Installer removes.
        wine("reg", "add", RUN_KEY, "/v", "another", "/d", "another.exe", "/f")
        wine("reg", "add", EVENT_LOG_KEY + "\\another", "/f")
        self.files, self.entries, self.path = files(), registry_entries(), registry(PATH_KEY, "PATH")

    def differences(self, but=r"(?!)"):
        """What is there and was not, and the other way round; but for paths of files like `but`."""
        now = files() | registry_entries()
        before = self.files | self.entries
        found = [f"{sign} {name}" for sign, names in (("+", now - before), ("-", before - now)) for name in sorted(names)
                 if not OF_THE_SYSTEM.search(name) and not LEFT_BY_WINE.search(name) and not re.search(but, name)]
        # wine's Windows Installer leaves the separator.
        path = registry(PATH_KEY, "PATH").rstrip(";")
        return found + ([f"+ PATH {path}"] if path != self.path.rstrip(";") else [])


def menu(name):
    """The entry of the Start menu, wherever wine puts those of all users: its path, or None."""
    return next(DRIVE.rglob(f"Start Menu/Programs/{name}.lnk"), None)


def has(name):
    """Whether this build has the program."""
    return (BIN / name).exists()


def end(*_):
    """A run that is ended from outside, as CI does when its time is over, leaves no wine behind."""
    run(WINESERVER, "-k", check=False)
    os._exit(128 + signal.SIGTERM)


class Installer(unittest.TestCase):
    """Its steps in their order."""

    @classmethod
    def setUpClass(cls):
        shutil.rmtree(WORK, ignore_errors=True)
        WORK.mkdir(parents=True)
        cls.old, cls.new = build("0.1.0", WORK / "out"), build("0.2.0", WORK / "out")
        quiet = {"env": ENVIRONMENT, "check": True, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([WINE, "wineboot", "-i"], **quiet)
        # The agent has a window that nobody sees, and needs no display for it; a desktop keeps the driver that it was begun with.
        subprocess.run([WINE, "reg", "add", "HKCU\\Software\\Wine\\Drivers", "/v", "Graphics", "/t", "REG_SZ", "/d", "null", "/f"], **quiet)
        subprocess.run([WINESERVER, "-w"], **quiet)
        # One server for all: each would take a second to start.
        subprocess.run([WINESERVER, "-p"], **quiet)
        # The first program brings wine's services along, which would keep a pipe of its output open.
        subprocess.run([WINE, "cmd", "/c", "rem"], **quiet)
        wine("winecfg", "-v", "win10")

    @classmethod
    def tearDownClass(cls):
        run(WINESERVER, "-k", check=False)
        run(WINESERVER, "-w", check=False)

    def msiexec(self, *arguments):
        """Exit code and log of a silent run."""
        log = WORK / "msiexec.log"
        log.unlink(missing_ok=True)
        done = wine("msiexec", *arguments, "/qn", "/l*v", windows_path(log), check=False)
        return done.returncode, log.read_text(encoding="utf-8", errors="replace")

    def install(self, package, *properties):
        """Must work."""
        code, log = self.msiexec("/i", windows_path(package), *properties)
        self.assertEqual(code, 0, log[-3000:])
        return log

    def remove(self, package, *properties):
        """Must work."""
        code, log = self.msiexec("/x", windows_path(package), *properties)
        self.assertEqual(code, 0, log[-3000:])

    def bank_file(self, name, text):
        """A file that an administrator has written."""
        path = WORK / name
        path.write_text(text, encoding="utf-8")
        return windows_path(path)

    def test_1_the_same_tree_gives_the_same_bytes_and_not_too_many(self):
        (WORK / "again").mkdir()
        shutil.copy(WORK / "out/throw-away-key.pem", WORK / "again/")
        shutil.copy(WORK / "out/throw-away-certificate.pem", WORK / "again/")
        again = build("0.1.0", WORK / "again")
        self.assertEqual(hashlib.sha256(again.read_bytes()).digest(), hashlib.sha256(self.old.read_bytes()).digest())
        self.assertLess(self.old.stat().st_size, LARGEST)
        shutil.rmtree(WORK / "again")

    def test_1_all_is_signed_and_listed(self):
        stage = WORK / "out/stage"
        for path in [self.new, *stage.glob("*.exe"), *stage.glob("*.dll")]:
            done = run("osslsigncode", "verify", "-CAfile", str(WORK / "out/throw-away-certificate.pem"), "-in", str(path), check=False)
            self.assertEqual(done.returncode, 0, done.stdout.decode())
        bill = json.loads((WORK / "out/koshin-0.2.0.spdx.json").read_text(encoding="utf-8"))
        self.assertEqual(bill["spdxVersion"], "SPDX-2.3")
        listed = {file["fileName"]: file["checksums"][1]["checksumValue"] for file in bill["files"]}
        for path in [*stage.glob("*.exe"), *stage.glob("*.dll")]:
            self.assertEqual(listed[f"./{path.name}"], hashlib.sha256(path.read_bytes()).hexdigest())
        for package in bill["packages"]:
            self.assertTrue(package["versionInfo"] and package["licenseConcluded"], package["name"])
        self.assertGreater(len(bill["packages"]), 8)
        notices = (stage / "NOTICES.txt").read_text(encoding="utf-8")
        for name in ("openssl", "curl", "boost"):
            self.assertRegex(notices, rf"\n{name} [0-9]")

    def test_1_the_manifests_are_this_files(self):
        text = (WORK / "out/winget/koshin.koshin.installer.yaml").read_text(encoding="utf-8")
        self.assertIn(f"InstallerSha256: {hashlib.sha256(self.new.read_bytes()).hexdigest().upper()}\n", text)
        self.assertIn(f"ProductCode: '{self.property(self.new, 'ProductCode')}'\n", text)
        self.assertIn("PackageVersion: 0.2.0\n", text)

    def rows(self, table):
        """Rows of a table of the new installer's database, by their first column."""
        lines = run("msiinfo", "export", str(self.new), table).stdout.decode().replace("\r", "").splitlines()
        names = lines[0].split("\t")
        return {line.split("\t")[0]: dict(zip(names, line.split("\t"))) for line in lines[3:]}

    @unittest.skipUnless(has("koshin-ui.exe"), "this build has no page")
    def test_1_the_menu_entry_opens_the_page_and_has_its_name_in_each_language(self):
        entry = self.rows("Shortcut")["MenuEntry"]
        self.assertEqual(entry["Name"].split("|")[-1], "Certificate renewal")
        self.assertEqual((entry["Target"], entry["Arguments"]), ("[INSTALLDIR]koshin-ui.exe", "--page-only"))
        library = "[INSTALLDIR]koshin-events.dll"
        self.assertEqual((entry["DisplayResourceDLL"], entry["DisplayResourceId"]), (library, "1"))
        self.assertEqual((entry["DescriptionResourceDLL"], entry["DescriptionResourceId"]), (library, "2"))
        names = wine(PROBE, "names", windows_path(WORK / "out/stage/koshin-events.dll")).stdout.decode("utf-8").splitlines()
        self.assertEqual(len(names), 6)
        self.assertEqual((names[0], names[3]), ("Certificate renewal", "電子証明書の更新"))

    @unittest.skipUnless(has("koshin-ui.exe"), "this build has no page")
    def test_1_the_task_of_the_reminders_comes_and_goes_with_its_feature(self):
        actions, sequence = self.rows("CustomAction"), self.rows("InstallExecuteSequence")
        for name in ("RegisterReminder", "RemoveReminder"):
            # 1 library, 64 failure passed over, 512 + 1024 commit, 2048 as the system
            self.assertEqual((actions[name]["Type"], actions[name]["Source"], actions[name]["Target"]), ("3649", "Setup", name))
            self.assertLess(int(sequence[name]["Sequence"]), int(sequence["InstallFinalize"]["Sequence"]))
        self.assertEqual(actions["RegisterReminderData"]["Target"], "[INSTALLDIR]")
        self.assertLess(int(sequence["RegisterReminderData"]["Sequence"]), int(sequence["RegisterReminder"]["Sequence"]))
        self.assertIn("&Agent = 3", sequence["RegisterReminder"]["Condition"])
        self.assertIn("&Agent = 2 AND NOT UPGRADINGPRODUCTCODE", sequence["RemoveReminder"]["Condition"])

    def test_2_wrong_properties_are_refused_with_words_before_anything_is_changed(self):
        for properties, words in (
                (("AUTHORITY_URL=http://est.bank.example",), 'AUTHORITY_URL: authority.url must begin with "https://"'),
                (("TOKEN_PROFILE=usb",), "TOKEN_PROFILE: token.profile must be"),
                ((f"BANK_FILE={self.bank_file('ume.toml', '[authority]' + chr(10) + 'ulr = 1')}",), 'unknown key "authority.ulr"; did you mean'),
                (("BANK_FILE=C:\\nowhere\\ume.toml",), "cannot be read")):
            with self.subTest(words):
                code, log = self.msiexec("/i", windows_path(self.old), *properties)
                self.assertEqual(code, FAILED)
                self.assertIn(words, log)
                self.assertFalse(FOLDER.exists())
                self.assertIsNone(registry("HKLM\\SOFTWARE\\koshin"))

    def test_3_it_installs_what_it_says(self):
        type(self).surroundings = Surroundings()
        bank = self.bank_file("sakura.toml", '[authority]\nurl = "https://sakura.example"\n')
        self.install(self.old, f"AUTHORITY_URL={ADDRESS}", "MODULE_PATH=C:\\vendor\\p11.dll", "HELP_DESK=0120-000-000", f"BANK_FILE={bank}")
        for name in ("LICENSE.txt", "NOTICES.txt", "koshin.spdx.json", "koshin-events.dll", "koshin-programs.dll", "koshin.ico"):
            self.assertTrue((FOLDER / name).exists(), name)
        for name in ("koshin.exe", "koshin-worker.exe", "koshin-desk-check.exe", "koshin-hooks.exe", "koshin-agent.exe", "koshin-ui.exe"):
            self.assertEqual((FOLDER / name).exists(), has(name), name)
        self.assertFalse((FOLDER / "koshin-module-check.exe").exists(), "it was not asked for")
        self.assertTrue((DATA / "banks.d/sakura.toml").exists())
        self.assertTrue((DATA / "conf.d").is_dir())
        self.assertEqual(registry("HKLM\\SOFTWARE\\koshin\\settings\\authority", "url"), ADDRESS)
        self.assertIsNone(registry("HKLM\\SOFTWARE\\koshin\\settings\\proxy", "url"))
        source = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\koshin"
        self.assertEqual(registry(source, "EventMessageFile"), "C:\\Program Files\\koshin\\koshin-events.dll")
        self.assertFalse((DRIVE / "windows/PolicyDefinitions/koshin.admx").exists())
        if has("koshin-agent.exe"):
            self.assertEqual(registry("HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run", "koshin"), '"C:\\Program Files\\koshin\\koshin-agent.exe"')
        if has("koshin-ui.exe"):
            self.assertEqual(registry("HKLM\\SOFTWARE\\Classes\\koshin", "URL Protocol"), "")
            done = wine("reg", "query", "HKLM\\SOFTWARE\\Classes\\koshin\\shell\\open\\command", "/ve").stdout.decode()
            self.assertIn('"C:\\Program Files\\koshin\\koshin-ui.exe" --link "%1"', done)
            self.assertEqual(task(), "enabled")
            # wine keeps neither triggers nor actions nor the principal: reminder_task_test.py looks at these.
            kept = TASK.read_text(encoding="utf-8")
            self.assertIn("<Description>$(@C:\\Program Files\\koshin\\koshin-events.dll,-3)</Description>", kept)
            self.assertIn("<ExecutionTimeLimit>PT9H</ExecutionTimeLimit>", kept)
        code = self.property(self.old, "ProductCode")
        arp = f"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{code}"
        self.assertEqual(registry(arp, "DisplayVersion"), "0.1.0")
        self.assertEqual(registry(arp, "DisplayName"), "koshin")
        # wine writes no DisplayIcon; Windows makes it of this property.
        self.assertEqual(self.property(self.old, "ARPPRODUCTICON"), "koshin.ico")
        self.assertIn("koshin.ico", run("msiinfo", "export", str(self.old), "Icon", cwd=WORK).stdout.decode())

    def test_4_the_manuals_are_whole_and_in_the_menu(self):
        for language in ("en", "ja"):
            for name in ("index", "guide", "help-desk", "administration"):
                self.assertTrue((MANUALS / language / f"{name}.html").exists(), f"{language}/{name}")
        for page in MANUALS.rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            for target in re.findall(r'(?:href|src)="([^"#]+)', text):
                if "://" in target or target.startswith("mailto:"):
                    continue
                there = (page.parent / target).resolve()
                self.assertTrue(there.is_file() and MANUALS.resolve() in there.parents, f"{page}: {target}")
        self.assertGreater(len(list((MANUALS / "pictures").glob("*.png"))), 60)
        self.assertIn(b"C:\\Program Files\\koshin\\manuals\\guide.html\0", menu("koshin guide").read_bytes())

    def property(self, package, name):
        """As the installer's database has it."""
        return re.search(rf"^{name}\t(.*?)\r?$", run("msiinfo", "export", str(package), "Property").stdout.decode(), re.M)[1]

    def test_4_the_programs_see_the_settings_with_their_origins(self):
        shown = wine(PROBE, "settings").stdout.decode()
        self.assertIn(f'authority.url = "{ADDRESS}" # HKLM\\SOFTWARE\\koshin\\settings\\authority\\url', shown)
        self.assertIn('token.modules = ["C:\\\\vendor\\\\p11.dll"] # HKLM\\SOFTWARE\\koshin\\settings\\token\\modules', shown)
        if has("koshin.exe"):
            own = wine("C:\\Program Files\\koshin\\koshin.exe", "config", "show", check=False).stdout.decode()
            self.assertIn("HKLM\\SOFTWARE\\koshin\\settings\\authority\\url", own)

    def test_4_policies_are_over_them_and_their_mistakes_have_their_path(self):
        key = "HKLM\\SOFTWARE\\Policies\\koshin"
        wine("reg", "add", key + "\\authority", "/v", "url", "/t", "REG_SZ", "/d", "https://policy.example", "/f")
        wine("reg", "add", key + "\\renewal", "/v", "key_choices", "/t", "REG_MULTI_SZ", "/d", "rsa-2048\\0ec-p256", "/f")
        wine("reg", "add", key + "\\reminders\\thresholds", "/v", "2", "/t", "REG_SZ", "/d", "P1D", "/f")
        wine("reg", "add", key + "\\reminders\\thresholds", "/v", "1", "/t", "REG_SZ", "/d", "P9D", "/f")
        wine("reg", "add", key + "\\bank\\ume\\branding", "/v", "help_desk", "/t", "REG_SZ", "/d", "電話 0120", "/f")
        done = wine(PROBE, "settings").stdout.decode("utf-8")
        self.assertIn(f'authority.url = "https://policy.example" # {key}\\authority\\url', done)
        self.assertIn(f'renewal.key_choices = ["rsa-2048", "ec-p256"] # {key}\\renewal\\key_choices', done)
        self.assertIn(f'reminders.thresholds = ["P9D", "P1D"] # {key}\\reminders\\thresholds', done)
        self.assertIn(f'ume: branding.help_desk = "電話 0120" # {key}\\bank\\ume\\branding\\help_desk', done)
        wine("reg", "add", key + "\\log", "/v", "level", "/t", "REG_BINARY", "/d", "0011", "/f")
        done = wine(PROBE, "settings", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"mistake: {key}\\log\\level: log.level must be a text as REG_SZ, and is of the type REG_BINARY", done.stdout.decode())
        wine("reg", "delete", key, "/f")

    def test_4_an_event_is_written_and_its_number_leads_to_its_sentences(self):
        # wine's Event Log keeps nothing: what the programs hand over is in its trace.
        trace = wine(PROBE, "log", env={**ENVIRONMENT, "WINEDEBUG": "fixme+advapi,warn+eventlog"}).stderr.decode(errors="replace")
        self.assertRegex(trace, r"ReportEventW \(\w+,0x0002,0x0000,0x000003ec,0+,0x0003,")
        self.assertRegex(trace, r"ReportEventW \(\w+,0x0001,0x0000,0x000003e8,0+,0x0003,")
        self.assertIn('L"The token is gone \\629c"', trace)
        self.assertIn("KOSHIN_EVENT=token_removed\\r\\nKOSHIN_TOKEN=abc", trace)
        self.assertNotIn("not written", trace)
        library = registry("HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\koshin", "EventMessageFile")
        sentences = wine(PROBE, "sentence", library, str(0x3EC)).stdout.decode("utf-8")
        self.assertIn("A token was taken out.", sentences)
        self.assertIn("トークンが抜かれました。", sentences)
        self.assertEqual(re.findall(r"^([123])\r*$", sentences, re.M), ["1", "2", "3"] * 2, sentences)

    @unittest.skipUnless(has("koshin-ui.exe"), "this build has no page")
    def test_4_the_menu_entry_opens_the_page(self):
        """The installed entry, started as the menu does it. wine asks this system's xdg-open for a browser: here it notes the address."""
        folder, noted = WORK / "browser", WORK / "noted"
        folder.mkdir()
        (folder / "xdg-open").write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{noted}'\n", encoding="utf-8")
        (folder / "xdg-open").chmod(0o755)
        # wine puts it into the menu of the user who installs.
        entry = menu("Certificate renewal")
        self.assertIsNotNone(entry)
        page = subprocess.Popen([WINE, "start", "/wait", "/unix", str(entry)], env={**ENVIRONMENT, "PATH": f"{folder}:{os.environ['PATH']}"},
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(page.kill)
        until = time.monotonic() + 120
        while not noted.exists() and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(0.2)
        self.assertRegex(noted.read_text(encoding="utf-8") if noted.exists() else "no browser was asked", r"^(http://127\.0\.0\.1:|file:///|/).+\n$")

    def test_5_a_repair_brings_back_what_is_missing(self):
        (FOLDER / "koshin-events.dll").unlink()
        # What /fa stands for: wine's msiexec does not take it together with a product code.
        code, log = self.msiexec("/i", self.property(self.old, "ProductCode"), "REINSTALL=ALL", "REINSTALLMODE=amus")
        self.assertEqual(code, 0, log[-3000:])
        self.assertTrue((FOLDER / "koshin-events.dll").exists())
        self.assertEqual(registry("HKLM\\SOFTWARE\\koshin\\settings\\authority", "url"), ADDRESS)
        if has("koshin-ui.exe"):
            self.assertEqual(task(), "enabled")
            disable_task()
            self.assertEqual(task(), "disabled")
            code, log = self.msiexec("/i", self.property(self.old, "ProductCode"), "REINSTALL=ALL", "REINSTALLMODE=amus")
            self.assertEqual(code, 0, log[-3000:])
            self.assertIn("registered the task koshin-remind, disabled as it was", log)
            self.assertEqual(task(), "disabled")

    def test_6_an_upgrade_ends_the_running_agent_and_remembers_the_settings(self):
        agent = start_agent() if has("koshin-agent.exe") else None
        # Beside it one whose worker is at a token: the worker would end with it, in a job.
        (FOLDER / "busy").mkdir()
        for name in ("koshin-agent.exe", "koshin-worker.exe"):
            shutil.copy(PROBE, FOLDER / "busy" / name)
        done = DRIVE / "worker-has-done-its-work"
        busy = start("busy\\koshin-agent.exe", "employ", "C:\\Program Files\\koshin\\busy\\koshin-worker.exe", "C:\\" + done.name)
        time.sleep(3)
        self.assertIsNone(busy.poll(), "nothing runs that the installer could end")
        self.assertFalse(done.exists())
        if agent:
            self.assertIsNone(agent.poll(), "the agent has ended by itself")
        log = self.install(self.new, "HELP_DESK=0120-111-111", "ADDLOCAL=ALL")
        for running in (agent, busy):
            if running:
                running.wait(timeout=30)
        self.assertTrue(done.exists(), "the worker was ended in the middle of its work")
        done.unlink()
        self.assertIn("koshin: stopped programs: ", log)
        shutil.rmtree(FOLDER / "busy")
        (FOLDER / "winscard.dll").unlink(missing_ok=True)
        self.assertEqual(registry("HKLM\\SOFTWARE\\koshin\\settings\\authority", "url"), ADDRESS)
        self.assertEqual(registry("HKLM\\SOFTWARE\\koshin\\settings\\branding", "help_desk"), "0120-111-111")
        if has("koshin.exe"):  # with the library that the agent had open
            wine("C:\\Program Files\\koshin\\koshin.exe", "--version")
        # That the settings' folder stays is not seen here: wine removes the older version as if a person did, without this property.
        self.assertRegex(run("msiinfo", "export", str(self.new), "InstallExecuteSequence").stdout.decode(),
                         r'RemoveSettings\t\(REMOVE="ALL"\) AND NOT UPGRADINGPRODUCTCODE\t')
        self.assertTrue((DRIVE / "windows/PolicyDefinitions/koshin.admx").exists())
        self.assertTrue((DRIVE / "windows/PolicyDefinitions/ja-JP/koshin.adml").exists())
        if has("koshin-module-check.exe"):
            self.assertTrue((FOLDER / "koshin-module-look.exe").exists())
            self.assertIn("0.1.0", wine("C:\\Program Files\\koshin\\koshin-module-check.exe", "--version").stdout.decode())
        uninstall = wine("reg", "query", "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall", "/s").stdout.decode()
        self.assertEqual(re.findall(r"DisplayVersion\s+REG_SZ\s+(0\.[\d.]+)", uninstall), ["0.2.0"])

    def test_7_an_older_version_is_refused(self):
        code, log = self.msiexec("/i", windows_path(self.old))
        self.assertNotEqual(code, 0)
        self.assertIn("WIX_DOWNGRADE_DETECTED = {", log)
        self.assertIn("A newer version of koshin is installed", run("msiinfo", "export", str(self.old), "LaunchCondition").stdout.decode())
        self.assertTrue((FOLDER / "koshin-events.dll").exists())

    def test_8_removing_it_leaves_the_journal_alone(self):
        journal = self.journal()
        DATA.mkdir(parents=True, exist_ok=True)
        (DATA / "koshin.toml").write_text("[log]\n", encoding="utf-8")
        self.remove(self.new)
        self.assertFalse(FOLDER.exists(), list(FOLDER.glob("*")))
        self.assertFalse(DATA.exists(), list(DATA.rglob("*")))
        self.assertIsNone(menu("koshin guide"))
        self.assertFalse((DRIVE / "windows/PolicyDefinitions/koshin.admx").exists())
        for key in ("HKLM\\SOFTWARE\\koshin\\settings", "HKLM\\SOFTWARE\\Classes\\koshin", "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\koshin"):
            self.assertIsNone(registry(key), key)
        self.assertTrue(journal.exists())
        self.assertEqual(task(), "missing")
        self.assertEqual(self.surroundings.differences(but=r"^users/[^/]+/AppData/Local/koshin(/|$)"), [])

    def test_9_a_property_removes_the_journal_too_and_nothing_behind_a_link(self):
        journal = self.journal()
        elsewhere = WORK / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "precious").write_text("x", encoding="utf-8")
        (journal.parent / "link").symlink_to(elsewhere)
        self.install(self.new)
        self.remove(self.new, "PURGE=1")
        self.assertFalse(journal.exists())
        self.assertTrue((elsewhere / "precious").exists())
        # The link, which is left alone, is a folder with something in it for wine.
        self.assertEqual(self.surroundings.differences(but=r"^users/[^/]+/AppData/Local/koshin(/link)?$"), [])

    def test_9_without_the_manuals_the_rest_is_there(self):
        self.install(self.new, "ADDLOCAL=Koshin,CommandLine")  # wine takes no feature in for its child's sake
        self.assertTrue((FOLDER / "koshin-events.dll").exists())
        self.assertFalse(MANUALS.exists())
        self.assertIsNone(menu("koshin guide"))
        self.remove(self.new)

    def test_9_each_feature_alone_has_the_code_of_its_programs(self):
        for feature, program, other in (("CommandLine", "koshin.exe", "koshin-agent.exe"), ("Agent", "koshin-agent.exe", "koshin.exe")):
            with self.subTest(feature):
                self.install(self.new, f"ADDLOCAL={feature}")
                self.assertFalse((FOLDER / other).exists())
                for name in ("koshin-worker.exe", "koshin-hooks.exe"):
                    self.assertTrue((FOLDER / name).exists(), name)
                help_text = wine(f"C:\\Program Files\\koshin\\{program}", "--help").stdout.decode()
                self.assertIn(program.removesuffix(".exe"), help_text)
                self.remove(self.new)
                self.assertFalse(FOLDER.exists(), list(FOLDER.glob("*")))

    def journal(self):
        """A user's, as a renewal leaves it."""
        users = [path for path in (DRIVE / "users").iterdir() if path.name != "Public"]
        journal = users[0] / "AppData/Local/koshin/journal.sqlite"
        journal.parent.mkdir(parents=True, exist_ok=True)
        journal.write_text("x", encoding="utf-8")
        return journal


if __name__ == "__main__":
    for tool in ("wixl", "msibuild", "osslsigncode", "x86_64-w64-mingw32-windmc"):
        if not shutil.which(tool):
            print(f"SKIPPED: {tool} is not there")
            sys.exit(77)
    signal.signal(signal.SIGTERM, end)
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]], verbosity=2)
