#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The manuals: whole in each language, valid HTML, without dead links, in the words of the glossary.

usage: manuals_test.py MADE FAILURES KOSHIN     (manuals_stage.py)
"""
import functools
import html
import importlib
import json
import pathlib
import re
import sys
import tempfile
import unittest
from urllib.parse import urlsplit

import html5lib

sys.dont_write_bytecode = True  # nothing is left in the source
from manuals_stage import HERE, ROOT, TEXTS, NAMES, MADE, FAILURES, Page, pages, all_pages, dead_links


@functools.cache
def code(file):
    return (ROOT / file).read_text(encoding="utf-8")


def places_of(area, names, system):
    """The files whose code reports one of these findings; none where they belong to another system. "each": to both, or to none alone."""
    folder, kind = ("desk_check", "DeskFinding") if area == "computer" else ("renewal", "Finding")
    found = [path.relative_to(ROOT) for path in (ROOT / "agent" / folder).rglob("*.cpp") if not path.name.endswith("_words.cpp")
             and any(re.search(rf"\b{kind}::{name}\b", code(path.relative_to(ROOT))) for name in names)]
    if area == "doctor":  # is one program on every system
        return found
    endings = {"linux": ("_linux.cpp", "_posix.cpp", "_other.cpp"), "windows": ("_windows.cpp",)}  # of the POSIX systems the manual names Linux
    tags = {next((tag for tag, ending in endings.items() if path.name.endswith(ending)), "each") for path in found}
    return found if tags == {system} or (system == "each" and len(tags) > 1) else []


class Manuals(unittest.TestCase):
    def test_each_page_is_valid_html(self):
        for page in all_pages(MADE):
            parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            tree = parser.parse(page.source)
            self.assertEqual(tree.get("lang"), page.path.parent.name if page.path.parent != MADE else "en")
            self.assertEqual(len(page.ids), len(set(page.ids)), f"{page.path}: an id is there twice")
            self.assertEqual([len(tree.findall(f".//{tag}")) for tag in ("title", "main", "h1")], [1, 1, 1], page.path)

    def test_the_check_of_html_finds_what_is_wrong(self):
        with self.assertRaises(Exception):
            html5lib.HTMLParser(strict=True).parse("<!DOCTYPE html><html><head><title>x</title></head><body><p><div></p></body></html>")

    def test_no_link_is_dead_and_nothing_is_loaded_from_elsewhere(self):
        for page in all_pages(MADE):
            self.assertEqual(list(dead_links(page, ROOT / "docs")), [], page.path)
            self.assertEqual([source for source in page.loaded if urlsplit(source).scheme or source.startswith("/")], [], page.path)
        styles = (MADE / "manual.css").read_text(encoding="utf-8")
        self.assertNotRegex(styles, r"url\(|@import")

    def test_dead_links_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.html"
            path.write_text('<a href="#no">1</a><a href="b.html">2</a><a href="../../settings.md#no-such">3</a><img src="x.png"><a href="#yes" id="yes">4</a>',
                            encoding="utf-8")
            self.assertEqual(list(dead_links(Page(path), ROOT / "docs")), ["#no", "b.html", "../../settings.md#no-such", "x.png"])

    def test_every_failure_is_there_for_the_help_desk_in_each_language(self):
        failures = json.loads(FAILURES.read_text(encoding="utf-8"))
        self.assertGreater(len(failures), 100)
        self.assertEqual({key.split(".")[1] for key in TEXTS["en"] if key.startswith("failure.")}, {row["id"] for row in failures})
        for language, texts in TEXTS.items():
            page = Page(MADE / language / "help-desk.html")
            for row in failures:
                block = page.source.split(f'<div class="reason" id="{row["id"]}">')
                self.assertEqual(len(block), 2, f"{language}: {row['id']} is not there once")
                shown = html.unescape(block[1].split("</dl>")[0])
                for part in ("cause", "user_action", "administrator_action"):
                    self.assertIn(texts[f"failure.{row['id']}.{part}"], shown, f"{language}: {row['id']}.{part}")
                self.assertRegex(shown, rf"\D{row['exit_code']}\D")
                self.assertIn(f'<td>{row["exit_code"]}</td><td><a href="#{row["id"]}">', page.source)

    def test_every_advice_of_doctor_is_there_in_each_language(self):
        for language, texts in TEXTS.items():
            shown = html.unescape((MADE / language / "help-desk.html").read_text(encoding="utf-8"))
            advices = [text for key, text in texts.items() if re.match(r"(doctor|computer)\.advice\.", key)]
            self.assertGreater(len(advices), 20)
            for advice in advices:
                self.assertIn(re.sub(r"\{\d\}", "…", advice), shown, language)

    def test_each_finding_of_doctor_stands_once_with_what_was_examined_and_the_system(self):
        for language, texts in TEXTS.items():
            words = json.loads((ROOT / f"packaging/manuals/words.{language}.json").read_text(encoding="utf-8"))
            table = Page(MADE / language / "help-desk.html").source.split('id="findings"')[1].split("</table>")[0]
            cells = [[html.unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]]
            self.assertEqual({len(row) for row in cells}, {4}, language)
            told = [tuple(row[:3]) for row in cells]
            self.assertEqual([row for row in told if told.count(row) > 1], [], f"{language}: two advices for the same")
            file = (re.sub(r"\{\d\}", "…", texts["computer.examined.named_file"]) + "<br>" + texts["computer.examined.unattended"],
                    words["system.each"], re.sub(r"\{\d\}", "…", texts["computer.finding.file_unusable"]))
            self.assertIn(file, told)
            absent = texts["computer.finding.agent_absent"]
            advices = {row[1]: row[3] for row in cells if row[2] == absent}
            self.assertEqual(set(advices), {"Linux", "Windows"}, language)
            self.assertIn("systemctl", advices["Linux"])
            self.assertIn("koshin-agent.exe", advices["Windows"])

    def test_findings_are_told_of_what_the_code_has_examined_and_on_its_system(self):
        sys.path.insert(0, str(ROOT / "packaging/manuals"))
        rows = importlib.import_module("findings").findings_with_advice(TEXTS["en"])
        self.assertGreater(len(rows), 50)
        # With advice in the tables of the code, and so in the manual; an advice may also be given without a row of its own.
        listed = re.compile(r"\{(?:Desk)?Finding::\w+,\s*\"\w+\",\s*texts::(doctor|computer)_finding_(\w+),\s*texts::(?:doctor|computer)_advice_(\w+)")
        told = {match.groups() for name in ("doctor", "desk") for match in listed.finditer(code(f"agent/renewal/policy/{name}_rows.hpp"))}
        mine = {(row.finding.split(".")[0], row.finding.split(".")[2], row.advice.split(".")[2]) for row in rows}
        self.assertGreater(len(told), 50)
        self.assertEqual(told - mine, set())
        for row in rows:
            self.assertEqual(TEXTS["en"].keys() & set(row.examined), set(row.examined))
            area, _, name = row.finding.split(".")
            of_windows = {one for one in (name, f"windows_{name}", row.advice.split(".")[2]) if one.startswith(("windows_", "store_"))}
            files = places_of(area, of_windows if row.system == "windows" else {name}, row.system)
            self.assertTrue(files, f"{row}: no code reports it")
            subjects = {one for file in files for one in re.findall(r"\b(?:Examined|DeskSubject)::(\w+)", code(file))}
            if area == "doctor":  # in the call that reports it; else it is what a check gives back, and a table names the checks
                calls = [one for file in files for one in re.findall(rf"\bExamined::(\w+),[^;]*?\bFinding::{name}\b", code(file))]
                subjects = set(calls or re.findall(r"\bExamined::(\w+)", code("agent/renewal/steps/checks.cpp")) + ["security_officer"])
            self.assertEqual({key.split(".")[2] for key in row.examined} - subjects, set(), f"{row}: {files}")

    def test_every_picture_of_a_screen_is_in_the_guide_in_each_language(self):
        for language in TEXTS:
            taken = {path.name for path in (ROOT / "docs/screens").glob(f"*-{language}.png")}
            self.assertGreater(len(taken), 40)
            guide = Page(MADE / language / "guide.html")
            self.assertEqual({pathlib.PurePosixPath(source).name for source in guide.loaded if source.endswith(".png")}, taken)

    def test_the_languages_have_the_same_parts(self):
        made = pages(MADE)
        for name in NAMES:
            counts = {language: [made[language, name].source.count(tag) for tag in ("<h2", "<h3", "<figure", "<tr", "<pre", "<li>")] for language in TEXTS}
            self.assertEqual(len({tuple(count) for count in counts.values()}), 1, f"{name}: {counts}")
        ids = {language: made[language, "guide"].ids[1:] for language in TEXTS}  # the first one is made of the title
        self.assertEqual(len({tuple(row) for row in ids.values()}), 1, ids)

    def test_no_place_is_left_empty(self):
        for page in pages(MADE).values():
            self.assertNotRegex(page.text(), r"%[a-z]+[._a-z]*%|!\[\[|\[\[", page.path)

    def test_japanese_is_in_the_words_of_the_glossary(self):
        sys.path.insert(0, str(HERE.parent / "foundation"))
        glossary = importlib.import_module("glossary_test")
        texts = {f"{name}.html": Page(MADE / "ja" / f"{name}.html").text() for name in NAMES}
        found = glossary.breaches(glossary.rows(ROOT / "docs/glossary.md"), {"ja": texts})
        self.assertEqual([line for line in found if ": says '" in line], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
