#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes every mistake of docs/mistakes.md with the real programs, and holds the document to what they say: place, cause and remedy.

usage: mistakes_test.py [--write] [PART OF AN AREA OR A MISTAKE]   --write: makes the document anew
"""
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True  # the tests' folder stays as it is
import desk_mistakes
import settings_mistakes
from mistake import Desk, Place, koshin, message_of, portable

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/mistakes.md"
FEWEST = 50


def at_a_desk(mistake):
    desk = Desk()
    try:
        if mistake.certificate is not None:
            desk.do("provision", label="Sakura Corp", days=mistake.certificate)
        place = Place(desk.facts["folder"], desk)
        extra = (mistake.make(place) or "") + "\n" + mistake.settings
        file = pathlib.Path(desk.do("settings", extra=extra)["file"])
        file.chmod(mistake.settings_mode)
        if mistake.settings_name:
            file = place.folder / mistake.settings_name
        return portable(message_of(mistake, koshin(mistake, place, file)), place)
    finally:
        desk.close()


def with_settings_alone(mistake):
    with tempfile.TemporaryDirectory() as folder:
        place = Place(folder)
        file = place.file("koshin.toml", mistake.settings)
        mistake.make(place)
        return portable(message_of(mistake, koshin(mistake, place, file)), place)


def row(mistake, message):
    cell = message.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").strip()
    command = " ".join(("koshin", *(word or "''" for word in mistake.words)))
    return f"| {mistake.what} | `{command}` | {cell} |"


def written(areas):
    lines = ["# Mistakes of administrators, and what koshin says", "",
             "Each mistake here was made, and the right column is what the command of the middle one said: where it is, what it is and what to do.",
             "From `--json`: the details of `koshin config check`, text and advice of the check of `koshin doctor`, else cause, `admin_action` and `detail` of the",
             "failure ([json.md](json.md)). Paths, ports, times and serial numbers are replaced. `tests/mistakes` makes them all again with the real programs, a",
             "SoftHSM and the stand-in bank, and fails where this page says something else; `tests/mistakes/mistakes_test.py --write` makes the page anew.",
             "A value in the registry of Windows gets the same words with its path in place of file and line ([settings.md](settings.md)).", ""]
    for name, rows in areas:
        lines += [f"## {name}", "", "| mistake | found by | what koshin says |", "| --- | --- | --- |", *rows, ""]
    return "\n".join(lines[:-1]) + "\n"


def main():
    arguments = sys.argv[1:]
    write = "--write" in arguments
    part = next((word for word in arguments if word != "--write"), "")
    wrong, areas, count = [], [], 0
    for way, area, mistakes in [*((with_settings_alone, *area) for area in settings_mistakes.areas), *((at_a_desk, *area) for area in desk_mistakes.areas)]:
        rows = []
        for mistake in mistakes:
            if part not in area and part not in mistake.what:
                continue
            message = way(mistake)
            count += 1
            rows.append(row(mistake, message))
            wrong += [f"{mistake.what}: does not name {words!r}: {message}" for words in (mistake.place, mistake.remedy) if words not in message]
        areas.append((area, rows))
    if write and not part:
        DOCUMENT.write_text(written(areas), encoding="utf-8")
    there = DOCUMENT.read_text(encoding="utf-8")
    wrong += [f"docs/mistakes.md does not have: {line}" for _, rows in areas for line in rows if line not in there]
    if not part and count < FEWEST:
        wrong.append(f"{count} mistakes, at least {FEWEST} are wanted")
    if not part and there != written(areas):
        wrong.append("docs/mistakes.md is another than what was found; tests/mistakes/mistakes_test.py --write makes it anew")
    print("\n".join(wrong))
    print(f"{count} mistakes made, {len(wrong)} of their messages are not as they should be")
    sys.exit(1 if wrong or count == 0 else 0)


if __name__ == "__main__":
    main()
