#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The manuals: whole in each language, valid HTML, without dead links, in the words of the glossary; and a bank's own.

usage: manuals_test.py MADE FAILURES KOSHIN     MADE: what manuals.py has made with --documents ../../; FAILURES: the table of
failures as JSON; KOSHIN: the program, which says what settings are in force
"""
import functools
import html
import importlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import html5lib

sys.dont_write_bytecode = True  # nothing is left in the source
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEXTS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "agent/foundation/texts").glob("*.json"))}
NAMES = ("index", "guide", "help-desk", "administration")
MADE, FAILURES, KOSHIN = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])


class Page(HTMLParser):
    """What the tests ask of a page: ids, links, sources, and the text without markup."""

    def __init__(self, path):
        super().__init__()
        self.path, self.source = path, path.read_text(encoding="utf-8")
        self.ids, self.links, self.loaded, self.words = [], [], [], []
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" else []
        self.loaded += [values[name] for name in ("src", "data", "poster") if name in values]
        self.loaded += [values["href"]] if tag == "link" else []

    def handle_data(self, data):
        self.words.append(data)

    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


def pages(folder):
    return {(language, name): Page(folder / language / f"{name}.html") for language in TEXTS for name in NAMES}


def all_pages(folder):
    """Those of the languages, and the one that leads to them."""
    return [*pages(folder).values(), Page(folder / "index.html")]


def make(out, *options):
    """Runs manuals.py on the project's own sources."""
    return subprocess.run(["/usr/bin/python3", ROOT / "packaging/manuals/manuals.py", "--failures", FAILURES, "--pictures", ROOT / "docs/screens",
                           *options, out], capture_output=True, text=True, timeout=60, check=False)


@functools.cache
def anchors(file):
    """What of a file can be linked to."""
    if file.suffix == ".html":
        return frozenset(Page(file).ids)
    return frozenset(map(slug, re.findall(r"(?m)^#+ (.*)$", file.read_text(encoding="utf-8"))))


def slug(heading):
    """The anchor of a heading in a document of docs/, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)|`", r"\1", heading).strip().lower()).replace(" ", "-")


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
    tags = {next((tag for tag in ("linux", "windows") if path.name.endswith(f"_{tag}.cpp")), "each") for path in found}
    return found if tags == {system} or (system == "each" and len(tags) > 1) else []


def dead_links(page, documents):
    """Links of a page that lead nowhere. `documents`: what stands for ../../ once installed; None: nothing does."""
    for target in page.links + page.loaded:
        parts = urlsplit(target)
        if parts.scheme in ("http", "https"):
            continue
        anchor = unquote(parts.fragment)
        file = page.path
        if parts.path:
            installed = documents is not None and parts.path.startswith("../../")
            file = (documents / parts.path.removeprefix("../../")) if installed else (page.path.parent / parts.path)
        if not file.is_file() or (anchor and anchor not in anchors(file)):
            yield target


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


class IntoAFolder(unittest.TestCase):
    """What lies in OUT already."""

    def setUp(self):
        self.out = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "www"

    def contents(self):
        return {str(path.relative_to(self.out)): path.read_bytes() for path in self.out.rglob("*") if path.is_file()}

    def refused(self, *options):
        before = self.contents()
        done = make(self.out, *options)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.contents(), before)
        return done.stderr

    def fill(self, **files):
        for name, content in files.items():
            path = self.out / name.replace("__", "/").replace("_html", ".html").replace("_png", ".png")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")

    def test_somebody_elses_folder_is_left_as_it_is(self):
        self.fill(index_html="our company", pictures__family_png="dear")
        for options in ((), ("--dry-run",)):
            self.assertIn("neither empty nor a folder with koshin's manuals", self.refused(*options))

    def test_a_file_is_no_folder(self):
        self.out.write_text("x", encoding="utf-8")
        done = make(self.out)
        self.assertEqual((done.returncode, self.out.read_text(encoding="utf-8")), (1, "x"))
        self.assertIn("is not a folder", done.stderr)

    def test_nothing_is_written_by_a_dry_run(self):
        self.assertEqual(make(self.out, "--dry-run").returncode, 0)
        self.assertFalse(self.out.exists())

    def test_an_empty_folder_is_taken_and_a_second_run_touches_only_what_the_first_has_written(self):
        self.out.mkdir()
        self.assertEqual(make(self.out, "--pdf").returncode, 0)
        first = self.contents()
        self.fill(notes__x="ours", pictures__family_png="dear", pictures__more__deep="too", ja__guide_x="mine")
        (self.out / "en/guide.pdf").write_text("printed", encoding="utf-8")
        (self.out / "pictures/old.png").write_text("of a screen that is no more", encoding="utf-8")
        mark = self.out / ".koshin-manuals"
        mark.write_text(mark.read_text(encoding="utf-8") + "pictures/old.png\n", encoding="utf-8")
        done = make(self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        second = self.contents()
        self.assertEqual(set(second) - set(first), {"notes/x", "pictures/family.png", "pictures/more/deep", "ja/guide_x"})
        self.assertEqual(set(first) - set(second), set())

    def test_a_file_of_somebody_else_is_not_overwritten_in_a_folder_with_manuals(self):
        self.fill(index_html="our company")
        (self.out / ".koshin-manuals").write_text("manual.css\n", encoding="utf-8")
        self.assertIn("index.html: is in the way", self.refused())

    def test_a_run_that_was_cut_off_is_made_up_for(self):
        self.fill(index_html="half")
        (self.out / ".koshin-manuals").write_text("index.html\nja/guide.html\n", encoding="utf-8")
        done = make(self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("koshin", (self.out / "ja/guide.html").read_text(encoding="utf-8"))
        self.assertNotEqual((self.out / "index.html").read_text(encoding="utf-8"), "half")

    def test_a_mark_or_a_link_leads_to_no_file_outside(self):
        outside = self.out.parent / "precious.png"
        outside.write_text("dear", encoding="utf-8")
        self.out.mkdir()
        mark = self.out / ".koshin-manuals"
        mark.write_text("pictures/../../precious.png\n", encoding="utf-8")
        self.assertIn("is no file of the manuals", self.refused())
        mark.write_text("index.html\n", encoding="utf-8")
        (self.out / "index.html").symlink_to(outside)
        self.assertIn("symbolic link", self.refused())
        (self.out / "index.html").unlink()
        mark.write_text("pictures/precious.png\n", encoding="utf-8")
        (self.out / "pictures").symlink_to(self.out.parent)
        self.assertIn("symbolic link", self.refused())
        self.assertEqual(outside.read_text(encoding="utf-8"), "dear")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
