#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the catalogues of this folder, one <tag>.json for each language, and makes C++ of them.

usage: generate.py CATALOGUES OUTPUT AREA...

Written into OUTPUT, each file only when its content changes, so that an edited sentence compiles one file again:
  languages.hpp  the enumeration of languages, and how each is called and recognised
  <area>.hpp     an identifier for each key of the area: "cli.not_set" is texts::cli_not_set
  <area>.cpp     the texts
  page/<tag>.json  what the page reads: the areas page (without its name), calendar and old, and language.name

A catalogue that does not fit the others is refused with its file, its key and what to do.
"""
import json
import pathlib
import re
import sys

KEY = re.compile(r"[a-z]+(\.[a-z0-9]+([_-][a-z0-9]+)*)+")
TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
PLACE = re.compile(r"\{(\w+)\}")
# What a language is called by its own speakers, and how its locales begin, up to "_", "." or "@".
OF_LANGUAGE = {"language.name", "language.locales"}
# A date is put together differently in each language: any of these places, in any number.
OF_TIME = {"year", "month", "month2", "month_name", "day", "day2", "hour", "hour2", "minute2", "second2"}


class Refused(Exception):
    """What is wrong with a catalogue: for the person who has just edited it."""


def read(path):
    """The texts of a catalogue by their keys."""
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        raise Refused(f"{path}: begins with a byte order mark; save it as UTF-8 without one")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[:error.start].count(b"\n") + 1
        raise Refused(f"{path}:{line}: is no UTF-8 here; save the file as UTF-8")

    def unique(pairs):
        found = {}
        for key, value in pairs:
            if key in found:
                raise Refused(f"{path}: {key}: is there twice; remove one of them")
            found[key] = value
        return found

    try:
        catalogue = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise Refused(f"{path}:{error.lineno}:{error.colno}: is no JSON here: {error.msg}")
    if not isinstance(catalogue, dict):
        raise Refused(f"{path}: is no JSON object; write {{ \"key\": \"text\", … }}")
    return catalogue


def check_text(path, key, text):
    """That one text can be shown at all."""
    if not isinstance(text, str):
        raise Refused(f"{path}: {key}: is no text; put it into quotation marks")
    if text.strip() == "":
        raise Refused(f"{path}: {key}: is empty; write the text, or remove the key from every catalogue")
    for character in text:
        code = ord(character)
        if (code < 0x20 and character != "\n") or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF:
            raise Refused(f"{path}: {key}: holds the control character U+{code:04X}; remove it")
        if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
            raise Refused(f"{path}: {key}: holds the direction mark U+{code:04X}; remove it")
    if re.sub(PLACE, "", text).count("{") + re.sub(PLACE, "", text).count("}"):
        raise Refused(f"{path}: {key}: has a brace that belongs to no place; a place is {{0}} or {{name}}")


def check(catalogues, areas):
    """That each catalogue is whole, and says the same things as the others. `catalogues`: texts by path."""
    for path, catalogue in catalogues.items():
        if not TAG.fullmatch(path.stem):
            raise Refused(f"{path}: is not called by a language; name it as BCP 47 does: fr.json, zh-Hant.json")
        for key, text in catalogue.items():
            if not KEY.fullmatch(key):
                raise Refused(f"{path}: {key}: is no key; write area.name with a-z, 0-9, _, - and dots")
            if key.split(".")[0] not in {*areas, "language"} or (key.startswith("language.") and key not in OF_LANGUAGE):
                raise Refused(f"{path}: {key}: is of no known area ({', '.join(areas)}); correct the key, or name the "
                              "area in CMakeLists.txt beside the catalogue")
            check_text(path, key, text)
        for key in OF_LANGUAGE - catalogue.keys():
            raise Refused(f"{path}: {key}: is missing; language.name is what its speakers call the language, "
                          "language.locales how its locales begin (\"ja japanese\")")
    for path, catalogue in catalogues.items():
        for other, others in catalogues.items():
            for key in sorted(others.keys() - catalogue.keys()):
                raise Refused(f"{path}: {key}: is missing; {other.name} says: {others[key]}")
            for key, text in catalogue.items():
                places, in_other = set(PLACE.findall(text)), set(PLACE.findall(others.get(key, text)))
                if key.startswith("calendar.in_"):
                    if places - OF_TIME:
                        raise Refused(f"{path}: {key}: a date has no place {shown(places - OF_TIME)}; it has {shown(OF_TIME)}")
                elif places != in_other:
                    raise Refused(f"{path}: {key}: has the places {shown(places)}, and in {other.name} {shown(in_other)}; "
                                  "give both the same")
    identifiers = {}
    for key in next(iter(catalogues.values())):
        taken = identifiers.setdefault(identifier(key), key)
        if taken != key:
            raise Refused(f"{key}: would be {identifier(key)} in C++ as {taken} is; rename one of them in every catalogue")


def shown(places):
    """The places as a text has them, for a message."""
    return " ".join(f"{{{place}}}" for place in sorted(places)) or "(none)"


def identifier(key):
    """The C++ name of a key or tag."""
    return re.sub(r"[.-]", "_", key)


def quoted(text):
    """A C++ string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


MADE = "// Made by agent/foundation/texts/generate.py of the catalogues there; do not edit.\n"


def languages_header(languages):
    """languages.hpp; `languages`: catalogues by tag."""
    rows = "".join(
        f"    {{Language::{identifier(tag)}, {quoted(tag)}, {quoted(texts['language.name'])}, {quoted(texts['language.locales'])}}},\n"
        for tag, texts in languages.items())
    return f"""{MADE}#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace koshin {{

/// One for each catalogue.
enum class Language {{ {", ".join(identifier(tag) for tag in languages)} }};
inline constexpr std::size_t language_count = {len(languages)};

/// How a language is called and recognised.
struct LanguageRow {{
  Language language;
  std::string_view tag;      ///< BCP 47, "ja"
  std::string_view name;     ///< as its speakers call it
  std::string_view locales;  ///< how names of its locales begin, with blanks between them
}};
inline constexpr std::array<LanguageRow, language_count> languages{{{{
{rows}}}}};

}}  // namespace koshin
"""


def area_header(area, keys):
    """<area>.hpp: changes only with the keys."""
    names = "".join(f"inline constexpr Text {identifier(key)}{{tables::{area}[{number}]}};\n" for number, key in enumerate(keys))
    entries = "".join(f"    {{{quoted(key.removeprefix(area + '.'))}, {identifier(key)}}},\n" for key in keys)
    return f"""{MADE}#pragma once

#include "foundation/texts/text.hpp"

namespace koshin::texts {{

namespace tables {{
extern const TextRow {area}[{len(keys)}];
}}

{names}
/// All of them by their keys, without the area's name, in the order of the alphabet.
inline constexpr NamedText all_{area}[] = {{
{entries}}};

}}  // namespace koshin::texts
"""


def area_source(area, keys, languages):
    """<area>.cpp: the texts."""
    rows = "".join("    {{" + ", ".join(quoted(texts[key]) for texts in languages.values()) + "}},\n" for key in keys)
    return f"""{MADE}#include "foundation/texts/{area}.hpp"

namespace koshin::texts::tables {{

constinit const TextRow {area}[{len(keys)}] = {{
{rows}}};

}}  // namespace koshin::texts::tables
"""


def page_json(texts):
    """What the page reads of one language."""
    chosen = {key.removeprefix("page."): text for key, text in texts.items()
              if key.split(".")[0] in ("page", "calendar", "old") or key == "language.name"}
    return json.dumps(chosen, ensure_ascii=False, indent=0) + "\n"


def write(path, content):
    """Unless that is what the file holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")


def main(folder, output, areas):
    """Reads, checks and writes."""
    catalogues = {path: read(path) for path in sorted(pathlib.Path(folder).glob("*.json"))}
    if not catalogues:
        raise Refused(f"{folder}: holds no catalogue")
    check(catalogues, areas)
    output = pathlib.Path(output)
    languages = {path.stem: texts for path, texts in catalogues.items()}
    write(output / "languages.hpp", languages_header(languages))
    for area in areas:
        keys = sorted(key for key in next(iter(languages.values())) if key.startswith(area + "."))
        if not keys:
            raise Refused(f"{folder}: has no key of the area {area}; remove it from CMakeLists.txt")
        write(output / f"{area}.hpp", area_header(area, keys))
        write(output / f"{area}.cpp", area_source(area, keys, languages))
    for tag, texts in languages.items():
        write(output / "page" / f"{tag}.json", page_json(texts))


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], sys.argv[3:])
    except Refused as refusal:
        sys.exit(f"catalogue refused: {refusal}")
