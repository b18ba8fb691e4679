#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The policy templates and the message file, held to docs/settings.md and docs/events.md, which tests of their own hold to the
tables of the program. usage: templates_test.py FOLDER   (what koshin-templates wrote)
"""
import pathlib
import re
import sys
import unittest
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[3]
MADE = pathlib.Path(sys.argv.pop(1))
SPACE = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"
CULTURES = ("en-US", "ja-JP")
# The element of the schema that holds a value of each type of docs/settings.md; "true/false" has none.
ELEMENTS = {"text": {"text", "enum"}, "path": {"text"}, "duration": {"text"}, "list of texts": {"multiText"},
            "list of durations": {"multiText"}, "seconds": {"decimal"}, "number": {"decimal"}}
CONTROLS = {"text": "textBox", "enum": "dropdownList", "multiText": "multiTextBox", "decimal": "decimalTextBox"}


def settings():
    """Type and text of each key in docs/settings.md."""
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| ([^|]+) \|.*\| (.*) \|$", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.M)
    return {key: (kind.strip(), text) for key, kind, text in rows}


class Policies(unittest.TestCase):
    """koshin.admx and its koshin.adml."""

    @classmethod
    def setUpClass(cls):
        cls.definitions = xml.parse(MADE / "koshin.admx").getroot()
        cls.policies = {policy.get("name"): policy for policy in cls.definitions.iter(SPACE + "policy")}
        cls.words = {culture: xml.parse(MADE / culture / "koshin.adml").getroot() for culture in CULTURES}

    def element(self, name):
        """The one element of a policy; None without any."""
        elements = self.policies[name].find(SPACE + "elements")
        return None if elements is None else elements[0]

    def test_each_setting_is_a_policy_at_its_place_in_the_registry(self):
        known = settings()
        self.assertGreater(len(known), 60)
        self.assertEqual(set(self.policies), {key.replace(".", "_") for key in known} | {"locked"})
        for key, (kind, _) in known.items():
            section, leaf = key.split(".")
            policy = self.policies[key.replace(".", "_")]
            with self.subTest(key):
                self.assertEqual(policy.get("key"), "SOFTWARE\\Policies\\koshin\\" + section)
                self.assertEqual(policy.get("class"), "Machine")
                self.assertEqual(policy.find(SPACE + "parentCategory").get("ref"), section)
                element = self.element(policy.get("name"))
                if kind == "true/false":
                    self.assertIsNone(element)
                    self.assertEqual(policy.get("valueName"), leaf)
                    values = [policy.find(f"{SPACE}{state}Value/{SPACE}decimal").get("value") for state in ("enabled", "disabled")]
                    self.assertEqual(values, ["1", "0"])
                else:
                    self.assertIn(element.tag.removeprefix(SPACE), ELEMENTS[kind])
                    self.assertEqual(element.get("valueName"), leaf)

    def test_numbers_have_the_limits_that_are_documented(self):
        found = 0
        for key, (kind, text) in settings().items():
            limits = re.search(r"(\d+) to (\d+)", text)
            if kind in ("seconds", "number") and limits:
                element = self.element(key.replace(".", "_"))
                self.assertEqual((element.get("minValue"), element.get("maxValue")), limits.groups(), key)
                found += 1
        self.assertGreaterEqual(found, 5)

    def test_choices_are_the_documented_words(self):
        items = [value.text for value in self.element("authority_channel_binding").iter(SPACE + "string")]
        self.assertEqual(items, ["auto", "on", "off"])
        for name in self.policies:
            element = self.element(name)
            if element is not None and element.tag == SPACE + "enum":
                words = [value.text for value in element.iter(SPACE + "string")]
                text = settings()[name.replace("_", ".", 1)][1] + settings()[name.replace("_", ".", 1)][0]
                for word in words:
                    self.assertIn(word, text, name)

    def test_every_reference_leads_to_a_text_in_each_language(self):
        whole = (MADE / "koshin.admx").read_text(encoding="utf-8")
        strings = set(re.findall(r"\$\(string\.(\w+)\)", whole))
        presentations = set(re.findall(r"\$\(presentation\.(\w+)\)", whole))
        for culture, words in self.words.items():
            with self.subTest(culture):
                table = {row.get("id"): row.text for row in words.iter(SPACE + "string")}
                self.assertEqual(set(table), strings)
                self.assertTrue(all(text.strip() for text in table.values()))
                shown = {row.get("id"): row for row in words.iter(SPACE + "presentation")}
                self.assertEqual(set(shown), presentations)
                for name, row in shown.items():
                    element = self.element(name)
                    self.assertEqual(row[0].tag, SPACE + CONTROLS[element.tag.removeprefix(SPACE)], name)
                    self.assertEqual(row[0].get("refId"), element.get("id"), name)
        english, japanese = ({row.get("id"): row.text for row in self.words[culture].iter(SPACE + "string")} for culture in CULTURES)
        same = [name for name in english if english[name] == japanese[name] and not name.startswith("word_")]
        self.assertEqual(same, [])

    def test_categories_and_supported_versions_are_there(self):
        categories = {category.get("name") for category in self.definitions.iter(SPACE + "category")}
        supported = {definition.get("name") for definition in self.definitions.iter(SPACE + "definition")}
        for policy in self.policies.values():
            self.assertIn(policy.find(SPACE + "parentCategory").get("ref"), categories)
            self.assertIn(policy.find(SPACE + "supportedOn").get("ref"), supported)


class Properties(unittest.TestCase):
    """The installer's, in both languages' documents."""

    def test_each_is_documented_with_its_setting_and_nothing_else_is(self):
        table = (ROOT / "packaging/windows/installer/properties.def").read_text(encoding="utf-8")
        known = dict(re.findall(r'^KOSHIN_(?:LIST_)?PROPERTY\((\w+), "([a-z_.]+)"\)$', table, re.M))
        self.assertGreater(len(known), 10)
        for document in ("docs/deploy-windows.md", "docs/ja/deploy-windows.md"):
            rows = re.findall(r"^\| `([A-Z_]+)` \| `([a-z_]+\.[a-z_]+)`", (ROOT / document).read_text(encoding="utf-8"), re.M)
            self.assertEqual(dict(rows), known, document)


class Events(unittest.TestCase):
    """koshin-events.mc."""

    def test_each_event_has_its_number_and_a_sentence_in_each_language(self):
        text = (MADE / "koshin-events.mc").read_text(encoding="utf-8")
        documented = re.findall(r"^\| `[a-z_]+` \| `[0-9a-f]{32}` \| (\d+) \|", (ROOT / "docs/events.md").read_text(encoding="utf-8"), re.M)
        self.assertGreater(len(documented), 20)
        messages = re.findall(r"^MessageId=(\d+)\nSymbolicName=\w+\n((?:Language=\w+\n.+\n\.\n)+)", text, re.M)
        self.assertEqual(sorted(number for number, _ in messages), sorted(documented + ["1000"]))
        for number, languages in messages:
            self.assertEqual(re.findall(r"^Language=(\w+)", languages, re.M), ["English", "Japanese"], number)
            for sentence in re.findall(r"^Language=\w+\n(.+)\n\.$", languages, re.M):
                self.assertRegex(sentence, r"^[^%]+%n%n%1%n%n%2%n%3$", number)


class Names(unittest.TestCase):
    """koshin-names.rc."""

    def test_the_menu_entry_is_called_as_on_linux(self):
        entry = (ROOT / "packaging/koshin.desktop").read_text(encoding="utf-8")
        tables = re.findall(r"^LANGUAGE (\d+), (\d+)\nSTRINGTABLE\nBEGIN\n((?:  \d+ \".*\"\n)+)END$", (MADE / "koshin-names.rc").read_text(encoding="utf-8"), re.M)
        self.assertEqual([(main, sub) for main, sub, _ in tables], [("9", "1"), ("17", "1")])  # en-US, ja-JP
        for (_, _, rows), mark in zip(tables, ("", "[ja]")):
            names = dict(re.findall(r'^  (\d+) "(.*)"$', rows, re.M))
            self.assertEqual(list(names), ["1", "2", "3"])
            self.assertIn(f"\nName{mark}={names['1']}\n", entry)
            self.assertIn(f"\nComment{mark}={names['2']}\n", entry)


if __name__ == "__main__":
    unittest.main()
