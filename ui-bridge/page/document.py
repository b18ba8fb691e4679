#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the languages into the page's document: what it says before there is a program to ask for texts.

usage: document.py TEMPLATE OUTPUT CATALOGUE...   each CATALOGUE a <tag>.json

A line of the template with {tag} or a text's {key} is there once for each language, the document's own first. The
line with {labels} has the word for "language" in each of them.
"""
import html
import json
import pathlib
import re
import sys

COMMAND = "<code>koshin renew</code>"


def of_language(line, tag, texts):
    """The line in that language."""
    def value(place):
        if place[1] == "tag":
            return tag
        return html.escape(texts[place[1]]).replace("{command}", COMMAND)
    return re.sub(r"\{([a-z._]+)\}", value, line)


def main(template, output, paths):
    """Reads the template, writes the document."""
    catalogues = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in map(pathlib.Path, paths)}
    lines = pathlib.Path(template).read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(match[1] for match in map(re.compile(r'<html lang="([A-Za-z-]+)">').match, lines) if match)
    tags = sorted(catalogues, key=lambda tag: (tag != first, tag))
    labels = html.escape(" / ".join(catalogues[tag]["languages.label"] for tag in tags))
    with open(output, "w", encoding="utf-8") as document:
        for line in lines:
            if "{labels}" in line:
                document.write(line.replace("{labels}", labels))
            elif re.search(r"\{[a-z._]+\}", line):
                document.writelines(of_language(line, tag, catalogues[tag]) for tag in tags)
            else:
                document.write(line)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
