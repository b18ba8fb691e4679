#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the catalogues to docs/glossary.md: each term is used, and none of the words that are not used instead of it.

usage: glossary_test.py [ROOT]   exit 1 with one line for each text that says something else
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def rows(path):
    """The rows of the table, each a dictionary by the heads of its columns."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row)) for row in cells[2:]]


def term_of(cell):
    """'term (form, form)' → the term, and all that may be said."""
    term, _, forms = cell.partition(" (")
    return term, [term, *[form.strip() for form in forms.rstrip(")").split(",") if form.strip()]]


def finder(word):
    """Finds the word in a text: a whole one in a language with blanks between words."""
    if re.fullmatch(r"[\x20-\x7e]+", word):
        return re.compile(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", re.IGNORECASE)
    return re.compile(re.escape(word))


def breaches(glossary, catalogues):
    """One sentence for each text that is not in the words of the glossary. `catalogues`: texts by tag."""
    for tag, texts in catalogues.items():
        if glossary and (tag not in glossary[0] or f"not {tag}" not in glossary[0]):
            yield f"docs/glossary.md: has no columns '{tag}' and 'not {tag}'; add them"
            continue
        for row in glossary:
            term, allowed = term_of(row[tag])
            if not any(finder(form).search(text) for form in allowed for text in texts.values()):
                yield f"docs/glossary.md: no text of {tag}.json says '{term}' ({row['thing']}); remove the row, or name what is said"
            longest_first = [finder(form) for form in sorted(allowed, key=len, reverse=True)]
            refused = [word.strip() for word in row[f"not {tag}"].split(",") if word.strip()]
            for key, text in texts.items():
                for form in longest_first:
                    text = form.sub("\N{BULLET}", text)
                for word in refused:
                    if finder(word).search(text):
                        yield f"{tag}.json: {key}: says '{word}'; the word for it is '{term}' ({row['thing']})"


def finds_breaches():
    """That the test finds what it is there for."""
    table = [{"thing": "the card", "en": "card", "not en": "plastic", "ja": "カード (IC カード)", "not ja": "ICカード, 板"}]
    good = {"en": {"a.b": "A card."}, "ja": {"a.b": "IC カードです。"}}
    assert not list(breaches(table, good))
    assert "says 'plastic'" in next(breaches(table, {"en": {"a.b": "The card of Plastic."}}))
    assert not list(breaches(table, {"en": {"a.b": "The card, plasticky."}})), "whole words"
    assert "says '板'" in next(breaches(table, {"ja": {"a.b": "カードの板"}}))
    assert "no text of en.json says 'card'" in next(breaches(table, {"en": {"a.b": "Nothing."}}))
    assert "has no columns 'fr'" in next(breaches(table, {"fr": {}}))


if __name__ == "__main__":
    finds_breaches()
    catalogues_of_koshin = {path.stem: {key: text for key, text in json.loads(path.read_text(encoding="utf-8")).items()
                                        if not key.startswith("language.")}
                            for path in sorted((ROOT / "agent/foundation/texts").glob("*.json"))}
    found = list(breaches(rows(ROOT / "docs/glossary.md"), catalogues_of_koshin))
    print("\n".join(found))
    print(f"{len(found)} texts in other words than the glossary's")
    sys.exit(1 if found else 0)
