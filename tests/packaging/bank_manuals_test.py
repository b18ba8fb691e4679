#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The manuals of a bank: its name, logo, colour, help desk, pages and word for the PIN.

usage: bank_manuals_test.py MADE FAILURES KOSHIN     (manuals_stage.py)
"""
import importlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import html5lib

sys.dont_write_bytecode = True  # nothing is left in the source
from manuals_stage import ROOT, TEXTS, KOSHIN, Page, make, dead_links


class OfABank(unittest.TestCase):
    """The manuals with [branding] of a bank's settings."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        logo = self.folder / "our logo.svg"
        logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
        self.settings = self.folder / "settings.json"
        self.shown(f'''
[branding]
bank_name = "Ume <& Co>"
[[bank]]
name = "sakura"
[bank.branding]
bank_name = "Sakura"
help_desk = "0120-1"
accent_color = "#aa0033"
login_url = "https://sakura.example/login"
logo = "{logo}"
''')
        self.out = self.folder / "out"

    def shown(self, settings):
        """Writes what koshin says of these settings to where the manuals read it."""
        file = self.folder / "koshin.toml"
        file.write_text(settings, encoding="utf-8")
        file.chmod(0o600)
        done = subprocess.run([KOSHIN, "config", "show", "--json", "--settings", file], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.settings.write_text(done.stdout, encoding="utf-8")

    def guides(self, *options):
        done = make(self.out, "--settings", self.settings, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [Page(self.out / language / "guide.html") for language in TEXTS]

    def test_name_logo_colour_help_desk_and_log_in_page_are_the_banks(self):
        for page in self.guides("--bank", "sakura"):
            for words in ("Sakura", "0120-1", "https://sakura.example/login"):
                self.assertIn(words, page.text())
            self.assertIn("--accent: #aa0033", page.source)
            self.assertIn("../logo.svg", page.loaded)
            self.assertEqual(list(dead_links(page, None)), [])
            html5lib.HTMLParser(strict=True).parse(page.source)

    def test_each_language_has_its_own_name_where_the_settings_say_one(self):
        self.shown('''
[branding]
bank_name = "Ume"
bank_name_ja = "うめ銀行"
help_desk_ja = "窓口"
pin_name_ja = "暗証番号"
pin_name_en = "token password"
''')
        guides = {page.path.parent.name: page.text() for page in self.guides()}
        self.assertIn("うめ銀行", guides["ja"])
        self.assertNotIn("うめ銀行", guides["en"])
        self.assertIn("窓口", guides["en"], "better in another language than none")
        self.assertIn("トークンの暗証番号を入力してください", guides["ja"])
        self.assertIn("Enter the token password of your token", guides["en"])
        self.assertNotRegex(guides["en"], r"\bPIN\b(?<!SO PIN)(?<!officer's PIN)")

    def test_the_word_for_the_pin_stands_where_the_page_has_it(self):
        sys.path.insert(0, str(ROOT / "packaging/manuals"))
        call_pin = importlib.import_module("brand").call_pin
        cases = json.loads((ROOT / "tests/ui-bridge/pin_names.json").read_text(encoding="utf-8"))  # what the page and the terminal are held to
        self.assertGreater(len(cases), 5)
        # What is Markdown alone.
        cases += [{"text": "- PIN tries\n- **its PIN**", "name": "key", "said": "- Key tries\n- **its key**"},
                  {"text": "## PIN の変更", "name": "key", "said": "## Key の変更"}]
        for text, name, said in ((case["text"], case["name"], case["said"]) for case in cases):
            self.assertEqual(call_pin(text, name), said)

    def test_what_the_settings_do_not_say_has_words_of_its_own_and_names_are_no_markup(self):
        for page in self.guides():
            words = json.loads((ROOT / f"packaging/manuals/words.{page.path.parent.name}.json").read_text(encoding="utf-8"))
            self.assertIn(words["help_desk"], page.text())
            self.assertIn("Ume <& Co>", page.text())
            self.assertNotIn("Ume <& Co>", page.source)
            self.assertNotIn(words["sample"], page.text())

    def test_a_bank_that_is_not_there_is_named(self):
        done = make(self.out, "--settings", self.settings, "--bank", "momo")
        self.assertEqual(done.returncode, 1)
        self.assertIn("'momo'", done.stderr)
        self.assertIn("sakura", done.stderr)
        self.assertFalse(self.out.exists())

    def test_a_failure_without_a_group_and_a_missing_picture_are_told(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as table:
            table.write('[{"id": "odd", "exit_code": 200, "retry": "never"}]')
            table.flush()
            done = make(self.out, "--failures", table.name)
        self.assertIn("no one place for odd", done.stderr)
        done = make(self.out, "--pictures", self.folder)
        self.assertIn("there is no picture", done.stderr)

    def test_the_banks_own_page_is_called_a_sample_unless_it_is_the_banks(self):
        own = self.folder / "own"
        own.mkdir()
        for name in ("bank_before-ja.png", "bank_after-en.png"):
            (own / name).write_bytes((ROOT / "docs/screens/idle-ja.png").read_bytes())

        def samples(*options):
            found = []
            for page in self.guides(*options):
                language = page.path.parent.name
                mark = json.loads((ROOT / f"packaging/manuals/words.{language}.json").read_text(encoding="utf-8"))["sample_page"].replace("{0}", "")
                figures = re.findall(r'<figure><img src="../pictures/([^"]+)" alt="([^"]+)".*?<figcaption>(.*?)</figcaption>', page.source)
                self.assertGreater(len(figures), 40)
                for picture, alt, caption in figures:
                    self.assertEqual(mark in caption, mark in alt, picture)
                    found += [picture] if mark in caption else []
            return found
        self.assertEqual(samples(), [f"bank_{moment}-{language}.png" for language in TEXTS for moment in ("before", "after")])
        self.assertEqual(samples("--bank-pages", own), ["bank_after-ja.png", "bank_before-en.png"] if list(TEXTS)[0] == "ja" else ["bank_before-en.png", "bank_after-ja.png"])
        self.assertEqual((self.out / "pictures/bank_before-ja.png").read_bytes(), (own / "bank_before-ja.png").read_bytes())
        self.assertEqual((self.out / "pictures/bank_before-en.png").read_bytes(), (ROOT / "docs/screens/bank_before-en.png").read_bytes())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
