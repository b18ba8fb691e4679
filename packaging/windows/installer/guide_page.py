#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the Start menu opens: a page that leads to the user's guide in the language of the person who opens it.

usage: guide_page.py MANUALS     MANUALS: what manuals.py has made; the page is MANUALS/guide.html

The installer may be run for all users by a system of another language, so that the choice is made when the page is opened: by the
browser's languages, which are Windows' where nobody has changed them. Without scripts, or where no guide fits, the page has the links.
"""
import html
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]

# The first of the reader's languages that there is a guide for; "ja-JP" is "ja".
CHOICE = """for (const tag of navigator.languages) {{
  const language = {languages}.find(one => tag.toLowerCase().split("-")[0] === one);
  if (language) {{ location.replace(`${{language}}/guide.html`); break; }}
}}"""


def word(path, key):
    """A text of this file."""
    return json.loads(path.read_text(encoding="utf-8"))[key]


def page(languages):
    """The page, for the guides of these languages."""
    entries = []
    for tag in languages:
        name = word(ROOT / f"agent/foundation/texts/{tag}.json", "language.name")
        guide = word(ROOT / f"packaging/manuals/words.{tag}.json", "guide")
        entries.append(f'<li lang="{tag}"><a href="{tag}/guide.html" hreflang="{tag}">{html.escape(name)}: {html.escape(guide)}</a></li>')
    title = html.escape(word(ROOT / "packaging/manuals/words.en.json", "guide"))
    return ('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<title>{title}</title>\n<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="manual.css">\n'
            f"<script>\n{CHOICE.format(languages=json.dumps(languages))}\n</script>\n"
            f'</head>\n<body>\n<main>\n<h1>{title}</h1>\n<ul>{"".join(entries)}</ul>\n</main>\n</body>\n</html>\n')


def main(folder):
    """English first, as in the manuals' own front page."""
    manuals = pathlib.Path(folder)
    languages = sorted((path.parent.name for path in manuals.glob("*/guide.html")), key=lambda tag: (tag != "en", tag))
    if not languages:
        sys.exit(f"guide_page.py: {manuals} has no user's guide")
    (manuals / "guide.html").write_text(page(languages), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
