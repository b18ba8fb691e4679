# SPDX-License-Identifier: MIT
"""What the tests of the manuals share: where things are, how manuals are made, and what is asked of a page.

Each of these tests is called with MADE FAILURES KOSHIN. MADE: what manuals.py has made with --documents ../../; FAILURES: the table of
failures as JSON; KOSHIN: the program, which says what settings are in force
"""
import functools
import json
import pathlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

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
