#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The catalogues of agent/foundation/texts: what generate.py refuses and what it writes, and that each text is used.

The page's own texts are looked after by tests/ui-bridge/catalogue_test.mjs.
"""
import importlib.util
import json
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXTS = ROOT / "agent/foundation/texts"

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("generate", TEXTS / "generate.py")
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)

ENGLISH = {"language.name": "English", "language.locales": "en", "desk.open": "Open", "desk.left": "{days} left of {0}"}
JAPANESE = {"language.name": "日本語", "language.locales": "ja japanese", "desk.open": "開く", "desk.left": "{0} のあと {days}"}


class Catalogues(unittest.TestCase):
    """Two small ones in a folder of each test's own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.texts = pathlib.Path(self.folder.name) / "texts"
        self.made = pathlib.Path(self.folder.name) / "made"
        self.texts.mkdir()
        self.write("en", ENGLISH)
        self.write("ja", JAPANESE)

    def write(self, tag, texts):
        """A catalogue; `texts` as a dictionary, or the file's bytes."""
        raw = texts if isinstance(texts, bytes) else json.dumps(texts, ensure_ascii=False).encode()
        (self.texts / f"{tag}.json").write_bytes(raw)

    def generate(self):
        """What the build runs."""
        generate.main(self.texts, self.made, ["desk"])

    def refusal(self):
        """What the build ends with."""
        with self.assertRaises(generate.Refused) as refused:
            self.generate()
        return str(refused.exception)

    def test_what_one_language_lacks_is_named_with_what_another_says(self):
        self.write("ja", {key: text for key, text in JAPANESE.items() if key != "desk.open"})
        self.assertRegex(self.refusal(), r"ja\.json: desk\.open: is missing; en\.json says: Open")

    def test_what_one_language_has_alone_is_refused(self):
        self.write("ja", {**JAPANESE, "desk.more": "もっと"})
        self.assertRegex(self.refusal(), r"en\.json: desk\.more: is missing")

    def test_a_key_that_is_there_twice_is_refused(self):
        self.write("en", b'{"desk.open": "a", "desk.open": "b"}')
        self.assertRegex(self.refusal(), r"en\.json: desk\.open: is there twice")

    def test_other_places_than_in_another_language_are_refused(self):
        self.write("ja", {**JAPANESE, "desk.left": "あと {date}"})
        self.assertRegex(self.refusal(), r"desk\.left: has the places .*\{days\}.*\{date\}|desk\.left: has the places .*\{date\}.*\{days\}")

    def test_texts_that_cannot_be_shown_are_refused(self):
        for text, why in ((" ", "is empty"), ("a\tb", r"U\+0009"), ("a\u202eb", r"U\+202E"), ("a } b", "a brace"), (7, "is no text")):
            with self.subTest(why):
                self.write("en", {**ENGLISH, "desk.open": text})
                self.assertRegex(self.refusal(), r"en\.json: desk\.open: .*" + why)

    def test_files_that_are_no_catalogue_are_refused(self):
        for raw, why in ((b'\xef\xbb\xbf{}', "byte order mark"), (b'{"desk.open":\n"\xff"}', r":2: is no UTF-8"),
                         (b'{"desk.open"}', r"en\.json:1:\d+: is no JSON"), (b'[]', "no JSON object")):
            with self.subTest(why):
                self.write("en", raw)
                self.assertRegex(self.refusal(), why)

    def test_keys_of_no_area_and_names_that_clash_are_refused(self):
        for key, why in (("desc.open", "no known area"), ("desk.Open", "is no key"), ("desk.open_x", "would be desk_open_x")):
            with self.subTest(key):
                more = {key: "a"} if key != "desk.open_x" else {"desk.open_x": "a", "desk.open.x": "b"}
                self.write("en", {**ENGLISH, **more})
                self.write("ja", {**JAPANESE, **more})
                self.assertRegex(self.refusal(), why)

    def test_a_language_without_a_name_and_a_file_without_a_language_are_refused(self):
        self.write("ja", {key: text for key, text in JAPANESE.items() if key != "language.name"})
        self.assertRegex(self.refusal(), r"ja\.json: language\.name: is missing")
        (self.texts / "ja.json").rename(self.texts / "Japanese.json")
        self.assertRegex(self.refusal(), r"Japanese\.json: is not called by a language")

    def test_a_third_language_is_one_file(self):
        self.write("zh-Hant", {**JAPANESE, "language.name": "繁體中文", "language.locales": "zh_TW zh_HK"})
        self.generate()
        header = (self.made / "languages.hpp").read_text(encoding="utf-8")
        self.assertIn("enum class Language { en, ja, zh_Hant };", header)
        self.assertIn('{Language::zh_Hant, "zh-Hant", "繁體中文", "zh_TW zh_HK"}', header)
        self.assertTrue((self.made / "page/zh-Hant.json").exists())

    def test_an_edited_sentence_leaves_the_headers_as_they_are(self):
        self.generate()
        before = {path.name: path.stat().st_mtime_ns for path in self.made.glob("*.?pp")}
        self.write("en", {**ENGLISH, "desk.open": 'Open "it"\nnow'})
        self.generate()
        changed = [name for name, time in before.items() if (self.made / name).stat().st_mtime_ns != time]
        self.assertEqual(changed, ["desk.cpp"])
        self.assertIn(r'"Open \"it\"\nnow", "開く"', (self.made / "desk.cpp").read_text(encoding="utf-8"))


class Texts(unittest.TestCase):
    """The catalogues as they are."""

    def test_each_text_is_used(self):
        sources = "\n".join(path.read_text(encoding="utf-8") for folder in ("agent", "ui-bridge", "packaging/windows")
                            for path in sorted((ROOT / folder).rglob("*.[ch]pp")))
        used = set(re.findall(r"\btexts::(\w+)", sources))
        reasons = set(re.findall(r'row\(Reason::(\w+), "\1"', sources))
        failures = {f"failure_{reason}_{part}" for reason in reasons for part in ("cause", "user_action", "administrator_action")}
        # Of the policy templates and the Event Log: packaging/windows/templates puts these keys together.
        settings = re.findall(r'\{"([a-z_]+)\.([a-z_]+)", Scope::', sources)
        policies = {f"policy_{section}_{key}_{part}" for section, key in settings for part in ("name", "text")}
        policies |= {f"policy_{section}_title" for section, _ in settings}
        policies |= {"policy_koshin_title", "policy_supported", "policy_note", "policy_note_without_default",
                     "policy_locked_name", "policy_locked_text"}
        events = {f"event_{event}" for event in re.findall(r'\{Event::(\w+), "\1"', sources)} | {"event_none"}
        keys = json.loads((TEXTS / "en.json").read_text(encoding="utf-8"))
        unused = [key for key in keys if not key.startswith(("page.", "language."))
                  and generate.identifier(key) not in used | failures | policies | events]
        self.assertEqual(unused, [], "nobody says these: remove them from every catalogue")

    def test_no_sentence_stands_in_the_source(self):
        """Japanese in a C++ file is a text that was forgotten there, or an example in a comment."""
        for folder in ("agent", "ui-bridge"):
            for path in sorted((ROOT / folder).rglob("*.[ch]pp")):
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    code = line.split("//")[0]
                    self.assertIsNone(re.search(r'"[^"]*[\u3040-\u30ff\u4e00-\u9fff]', code), f"{path}:{number}")

    def test_whoever_is_sent_to_the_contracts_administrator_hears_what_that_administrator_does(self):
        """Two people are called administrator, and one of them may be the reader (docs/glossary.md)."""
        for tag, words in (("en", "If you are that administrator yourself, ask the bank"), ("ja", "ご自身がご契約の管理者の場合は、銀行にお問い合わせください")):
            texts = json.loads((TEXTS / f"{tag}.json").read_text(encoding="utf-8"))
            for key in ("failure.reissue_needed.user_action", "mail.expired_body", "page.reissue.ask_yourself", "cli.help.enroll_more"):
                self.assertIn(words.lower(), texts[key].lower(), f"{tag}.json: {key}")


if __name__ == "__main__":
    unittest.main()
