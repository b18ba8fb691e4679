# SPDX-License-Identifier: MIT
"""Whose manuals these are: what [branding] of a bank's settings says, and the bank's word for the PIN."""
import pathlib
import re
import tomllib

# The word "PIN", but not the security officer's, nor in an option's name.
PIN = re.compile(r"(?<!SO )(?<!officer's )(?<![A-Za-z0-9_-])PIN(?![A-Za-z0-9_-])")
# How a line of Markdown begins before its first word: headings, lists, tables, emphasis.
BEGINNING = re.compile(r"[\s#>|*-]*(\d+\. )?[*“]*")


class Refused(Exception):
    """What is wrong with a source or an argument: for the person who has just edited it."""


def beyond_ascii(character):
    return character > "\x7f"


def call_pin(text, name):
    """A text with `name` in place of the word "PIN", as the page says it (branding.pin_name in docs/settings.md).

    Japanese has no blank between its characters, and a name that begins a sentence gets a capital letter.
    The same as foundation/base/pin_name.hpp, held to it by tests/ui-bridge/pin_names.json, and for Markdown too.
    """
    if not name:
        return text
    result, begin = "", 0
    for found in PIN.finditer(text):
        result += text[begin:found.start()]
        begin = found.end()
        starts = result.endswith(". ") or BEGINNING.fullmatch(result.rpartition("\n")[2]) is not None
        if result[-1:] == " " and beyond_ascii(result[-2:-1]) and beyond_ascii(name[0]):
            result = result[:-1]
        result += (name[0].upper() if starts and name[0].isascii() else name[0]) + name[1:]
        if text[begin:begin + 1] == " " and beyond_ascii(text[begin + 1:begin + 2]) and beyond_ascii(name[-1]):
            begin += 1
    return result + text[begin:]


class Brand:
    """`settings`: what koshin config show --json prints, or None; `bank`: the name of one of its banks, or None for what is outside of banks."""

    def __init__(self, settings=None, bank=None):
        rows = settings["settings"] if settings else []
        known = {row["bank"] for row in rows}
        if bank is not None and bank not in known:
            raise Refused(f"the settings have no bank {bank!r}; they have: {', '.join(sorted(filter(None, known))) or 'none with a name'}")
        self.named = settings is not None
        self.values = {row["key"].removeprefix("branding."): tomllib.loads(f"value = {row['value']}")["value"]
                       for row in rows if row["key"].startswith("branding.") and row["bank"] == bank}
        self.bank_name = bank or ""
        self.logo = pathlib.Path(self.values["logo"]) if self.values.get("logo") else None
        self.accent = self.values.get("accent_color", "")

    def said(self, name, language):
        """'bank', 'help_desk', 'login_url' or 'pin_name' in a language: the setting for it, else the one for all, else another language's, else "" (foundation/base/name_by_language.hpp)."""
        key = "bank_name" if name == "bank" else name
        of_languages = [value for other, value in sorted(self.values.items()) if re.fullmatch(rf"{key}_[a-zA-Z-]+", other)]
        found = [self.values.get(f"{key}_{language}"), self.values.get(key), *(of_languages if key != "pin_name" else []), self.bank_name if name == "bank" else ""]
        return next((value for value in found if value), "")
