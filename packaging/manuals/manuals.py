#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the manuals, HTML in each language of the catalogues: user's guide, page for the help desk, administrator's guide.

usage: manuals.py --failures FILE --pictures FOLDER [--settings FILE [--bank NAME] [--bank-pages FOLDER]] [--documents PREFIX] [--pdf] [--dry-run] OUT

  --failures   what koshin-failure-list prints
  --pictures   the wizard's screens, NAME-LANGUAGE.png (./dev screens)
  --settings   what koshin config show --json prints: the manuals bear that bank's name, logo, colour, help desk and log-in page
  --bank       which of its banks, by its name in the settings
  --bank-pages pictures of the bank's own page, bank_before-LANGUAGE.png and bank_after-LANGUAGE.png; each that is not there is one
               of --pictures, and a bank's manual calls it a sample
  --documents  where docs/ lies, seen from a page; without it, links there become words
  --pdf        the index also leads to NAME.pdf, which print.sh makes
  --dry-run    says what is wrong, and writes nothing
  OUT          a folder that is empty, yet to be made, or marked as one with manuals: nothing else in it is touched (output.py)

OUT/index.html, OUT/LANGUAGE/{index,guide,help-desk,administration}.html, OUT/pictures, OUT/manual.css and, where the bank has one, OUT/logo.*.

A source is Markdown with three additions: %area.key% is a text of the catalogue, %bank%, %help_desk% and %login_url% are the
bank's; a line of ![[NAME|caption]] is a row of pictures; [[reasons]], [[findings]] and [[codes]] are what is made of the tables.
"""
import argparse
import html
import json
import pathlib
import re
import struct
import sys

import markdown
from markdown.extensions.toc import TocExtension, slugify_unicode

sys.dont_write_bytecode = True  # nothing is left in the source
from brand import Brand, Refused, call_pin  # noqa: E402
from findings import findings_with_advice  # noqa: E402
from output import Output  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEXTS = ROOT / "agent/foundation/texts"
MANUALS = ("guide", "help-desk", "administration")
# The groups of exit codes, as docs/failure-reasons.md has them.
GROUPS = {"program": [(1, 10), (120, 129)], "module": [(11, 19)], "token": [(20, 31), (36, 37), (39, 39)],
          "pin": [(32, 35), (38, 38), (40, 49)],
          "certificate": [(50, 59)], "policy": [(60, 69)], "authority": [(70, 99)], "issued": [(100, 109)], "after": [(110, 119)]}


def languages():
    """The tags of the catalogues, English first."""
    return sorted((path.stem for path in TEXTS.glob("*.json")), key=lambda tag: (tag != "en", tag))


def read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: {error}") from error


def source_of(manual, language):
    """Where a manual is written. The administrator's guide is a document like others, to be read where the source is."""
    if manual != "administration":
        return HERE / f"{manual}.{language}.md"
    return ROOT / "docs" / ("" if language == "en" else language) / "administration.md"


def png_size(path):
    """Width and height of a picture in pixels."""
    head = path.read_bytes()[:24]
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        raise Refused(f"{path}: is no PNG")
    return struct.unpack(">II", head[16:24])


class Manual:
    """One manual in one language."""

    def __init__(self, name, language, making):
        self.name, self.language, self.making = name, language, making
        self.texts, self.words = making.texts[language], making.words[language]
        # The administrator's guide speaks of what settings and commands call a PIN.
        self.pin = making.brand.said("pin_name", language) if name != "administration" else ""

    def pictures(self, line):
        """A row of pictures: `line` is one or more ![[NAME|caption]]."""
        figures = []
        for name, caption in re.findall(r"!\[\[([a-z_]+)\|([^\]]+)\]\]", line):
            file = self.making.picture(f"{name}-{self.language}.png")
            if self.making.is_sample(file):
                caption = self.words["sample_page"].format(caption)
            if not file.is_file():
                raise Refused(f"{source_of(self.name, self.language)}: there is no picture {file}; ./dev screens makes them")
            self.making.used.add(file)
            width, height = png_size(file)
            figures.append(f'<figure><img src="../pictures/{file.name}" alt="{html.escape(caption)}" width="{width}" height="{height}">'
                           f"<figcaption>{html.escape(caption)}</figcaption></figure>")
        return f'<div class="screens">{"".join(figures)}</div>'

    def reasons(self):
        """Every failure of the table, by groups of exit codes: what is shown, what it means, what helps."""
        made = []
        for group, ranges in GROUPS.items():
            rows = [row for row in self.making.failures if any(low <= row["exit_code"] <= high for low, high in ranges)]
            made.append(f'<h3 id="group-{group}">{html.escape(self.words["group." + group])}</h3>')
            made += [self.reason(row) for row in rows]
        return "\n".join(made)

    def reason(self, row):
        text = {part: html.escape(call_pin(self.texts[f"failure.{row['id']}.{part}"], self.pin)) for part in ("cause", "user_action", "administrator_action")}
        code = f"<code>{row['id']}</code>, {html.escape(self.words['exit_code'].format(row['exit_code']))}"
        parts = (("reason", code), ("meaning", html.escape(self.words[f"retry.{row['retry']}"])), ("person", text["user_action"]),
                 ("staff", text["administrator_action"]))
        listed = "".join(f"<dt>{html.escape(self.words[word])}</dt><dd>{content}</dd>" for word, content in parts)
        return f'<div class="reason" id="{row["id"]}"><h4>{text["cause"]}</h4><dl>{listed}</dl></div>'

    def findings(self):
        """What koshin doctor advises: each finding that the catalogue has an advice for, with what was examined and on which system."""
        rows = []
        for row in findings_with_advice(self.texts):
            said = [html.escape(re.sub(r"\{\d\}", "…", call_pin(self.texts[key], self.pin))) for key in (*row.examined, row.finding, row.advice)]
            cells = ("<br>".join(said[:-2]), html.escape(self.words[f"system.{row.system}"]), *said[-2:])
            rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
        return self.table(("examined", "system", "finding", "advice"), rows)

    def codes(self):
        """The exit codes in their order, each leading to its reason."""
        rows = [f'<tr><td>{row["exit_code"]}</td><td><a href="#{row["id"]}"><code>{row["id"]}</code></a></td></tr>'
                for row in sorted(self.making.failures, key=lambda row: row["exit_code"])]
        return self.table(("code", "reason"), rows)

    def table(self, heads, rows):
        head = "".join(f'<th scope="col">{html.escape(self.words[name])}</th>' for name in heads)
        return f'<table tabindex="0"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'

    def filled(self, body):
        """Texts and the bank's words in their places."""
        def text(match):
            name = match.group(1)
            if name in ("bank", "help_desk", "login_url"):
                return html.escape(self.making.brand.said(name, self.language) or self.words[name])
            if name not in self.texts:
                raise Refused(f"{source_of(self.name, self.language)}: no text of the catalogue is called {name}")
            return html.escape(call_pin(self.texts[name], self.pin))
        return re.sub(r"%([a-z]+(?:[._-][a-z0-9_-]+)*)%", text, body)

    def linked(self, body):
        """Links to other documents of the project: to where they are installed, or to nothing."""
        folder = source_of(self.name, self.language).parent

        def link(match):
            target, words = match.group(1), match.group(2)
            file, mark, anchor = target.partition("#")
            if not file or "://" in target or not file.endswith((".md", "/")):
                return match.group(0)
            path = (folder / file).resolve()
            for language in self.making.texts:
                if path == source_of("administration", language).resolve():
                    return f'<a href="../{language}/administration.html{mark}{anchor}">{words}</a>'
            if self.making.documents is None:
                return words
            try:
                return f'<a href="{self.making.documents}{path.relative_to(ROOT / "docs").as_posix()}{mark}{anchor}">{words}</a>'
            except ValueError as error:
                raise Refused(f"{source_of(self.name, self.language)}: {target} is not installed with the manuals") from error
        return re.sub(r'<a href="([^"]*)">(.*?)</a>', link, body, flags=re.S)

    def body(self):
        """Title, contents and text, as HTML."""
        source = call_pin(source_of(self.name, self.language).read_text(encoding="utf-8"), self.pin)
        made = {"reasons": self.reasons, "findings": self.findings, "codes": self.codes}
        lines = []
        for line in source.splitlines():
            if line.startswith("![["):
                line = self.pictures(line)
            elif line.startswith("[[") and line.strip("[]") in made:
                line = made[line.strip("[]")]()
            lines.append(line)
        toc = TocExtension(slugify=slugify_unicode, toc_depth="2-3")
        converter = markdown.Markdown(extensions=["tables", "fenced_code", "attr_list", toc], output_format="html")
        body = converter.convert("\n".join(lines))
        # A table or a block of code that is wider than the page scrolls, and the keyboard can reach it.
        body = body.replace("<table>", '<table tabindex="0">').replace("<pre>", '<pre tabindex="0">').replace("<th>", '<th scope="col">')
        title, _, rest = body.partition("</h1>")
        about, _, rest = rest.partition("<h2")
        contents = f'<nav class="contents" aria-label="{html.escape(self.words["contents"])}">{contents_of(converter.toc_tokens)}</nav>'
        imprint = self.words["version"].format(self.making.version) + ("" if self.making.brand.named else ". " + self.words["sample"])
        return self.linked(self.filled(f'{title}</h1>\n<p class="imprint">{html.escape(imprint)}</p>{about}{contents}\n<h2{rest}'))

    def html(self):
        return self.making.frame(self.language, self.name, self.words[self.name], self.body())


def contents_of(tokens):
    """The headings below the title, two levels, as nested lists."""
    def listed(rows):
        return "<ul>" + "".join(f'<li><a href="#{row["id"]}">{row["name"]}</a>{listed(row["children"]) if row["children"] else ""}</li>'
                                for row in rows) + "</ul>"
    return listed([row for token in tokens for row in (token["children"] if token["level"] == 1 else [token])])


class Making:
    """What all manuals of one run share."""

    def __init__(self, options):
        self.texts = {tag: read_json(TEXTS / f"{tag}.json") for tag in languages()}
        self.words = {tag: read_json(HERE / f"words.{tag}.json") for tag in languages()}
        self.failures = read_json(options.failures)
        ungrouped = [row["id"] for row in self.failures
                     if sum(low <= row["exit_code"] <= high for ranges in GROUPS.values() for low, high in ranges) != 1]
        if ungrouped:
            raise Refused(f"{__file__}: GROUPS has no one place for {', '.join(ungrouped)}")
        self.pictures, self.documents, self.pdf, self.used = options.pictures, options.documents, options.pdf, set()
        self.bank_pages = options.bank_pages
        self.brand = Brand(read_json(options.settings) if options.settings else None, options.bank)
        self.version = re.search(r"project\(koshin VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")).group(1)

    def picture(self, name):
        """The file of a picture: the bank's own page, where there is one of it, else what the wizard's pictures are among."""
        own = self.bank_pages / name if self.bank_pages and name.startswith("bank_") else None
        return own if own and own.is_file() else self.pictures / name

    def is_sample(self, file):
        """Whether a picture shows another bank's page than that whose manuals these are."""
        return self.brand.named and file.name.startswith("bank_") and file.parent != self.bank_pages

    def logo_name(self):
        return f"logo{self.brand.logo.suffix.lower()}" if self.brand.logo else None

    def frame(self, language, name, title, body):
        """A whole page. `name`: the manual, or "index"."""
        words, bank = self.words[language], self.brand.said("bank", language)
        logo = f'<img src="../{self.logo_name()}" alt="">' if self.logo_name() else ""
        nav = [f'<a href="index.html">{html.escape(words["manuals"])}</a>'] if name != "index" else []
        nav += [f'<a href="../{tag}/{name}.html" lang="{tag}" hreflang="{tag}">{html.escape(texts["language.name"])}</a>'
                for tag, texts in self.texts.items() if tag != language]
        style = f"<style>:root {{ --accent: {self.brand.accent}; }}</style>\n" if self.brand.accent else ""
        whole_title = html.escape(f"{title} – {bank}" if bank else title)
        return (f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{whole_title}</title>\n'
                '<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="../manual.css">\n'
                f'{style}</head>\n<body>\n<header>{logo}<span class="bank">{html.escape(bank or self.texts[language]["page.product"])}</span>'
                f'<nav aria-label="{html.escape(words["manuals"])}">{" ".join(nav)}</nav></header>\n<main>\n{body}\n</main>\n</body>\n</html>\n')

    def index(self, language):
        """The page that leads to the manuals of one language."""
        words = {key: html.escape(text) for key, text in self.words[language].items()}

        def entry(name):
            pdf = f'<br><a href="{name}.pdf" aria-label="{words["pdf"]}: {words[name]}">{words["pdf"]}</a>' if self.pdf else ""
            return f'<li><p><a href="{name}.html">{words[name]}</a><br>{words[name + ".about"]}{pdf}</p></li>'
        rows = "".join(entry(name) for name in MANUALS)
        return self.frame(language, "index", self.words[language]["manuals"], f'<h1>{words["manuals"]}</h1>\n<ul>{rows}</ul>')

    def front(self):
        """The page that leads to the manuals of each language."""
        entries = "".join(f'<li lang="{tag}"><a href="{tag}/index.html" hreflang="{tag}">{html.escape(texts["language.name"])}: '
                          f'{html.escape(self.words[tag]["manuals"])}</a></li>' for tag, texts in self.texts.items())
        title = self.words["en"]["manuals"]
        return ('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
                f'<title>{title}</title>\n<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="manual.css">\n'
                f'</head>\n<body>\n<main>\n<h1>{title}</h1>\n<ul>{entries}</ul>\n</main>\n</body>\n</html>\n')

    def files(self):
        """Every file, its content or the file that it is a copy of, by its name below OUT."""
        files = {"index.html": self.front(), "manual.css": HERE / "manual.css"}
        for language in self.texts:
            files |= {f"{language}/{name}.html": Manual(name, language, self).html() for name in MANUALS}
            files[f"{language}/index.html"] = self.index(language)
        if self.logo_name():
            files[self.logo_name()] = self.brand.logo
        return files | {f"pictures/{file.name}": file for file in self.used}

    def printed(self):
        """The names of what print.sh makes."""
        return [f"{language}/{name}.pdf" for language in self.texts for name in MANUALS] if self.pdf else []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("failures", "pictures"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--settings", type=pathlib.Path)
    parser.add_argument("--bank")
    parser.add_argument("--documents")
    parser.add_argument("--bank-pages", type=pathlib.Path)
    for name in ("pdf", "dry-run"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    try:
        making, out = Making(options), Output(options.out)
        files = making.files()
        if options.dry_run:
            out.check({*files, *making.printed()})
        else:
            out.write(files, making.printed())
    except (Refused, OSError) as error:
        print(f"manuals.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
