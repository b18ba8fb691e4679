#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The man pages in both languages: whole, in step with each other, in the words of the glossary, and clean to man and mandoc.

usage: man_pages_test.py [ROOT]   exit 1 with one line for each breach

Each page of packaging/man has one of the same name in packaging/man/ja. Sentences differ; what is no sentence does not: the number
of sections, the tags of options, keys and files, tables, examples, and in each part the options, paths, settings and pages
that are named in it.
"""
import importlib
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # nothing is left in the source
HERE = pathlib.Path(__file__).resolve()
ROOT = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE.parents[2]
MAN = ROOT / "packaging/man"
QUOTE = "\u2033"  # what \(dq is read as, which the quotation marks around the arguments of macros are not
NAMED = (
    r"(?<![\w-])--?[a-z][a-z-]*[a-z]\b",                 # options
    r"(?<![\w./])[~$/]?(?:[\w.-]*/)+[\w.*-]*[\w*]",       # paths
    r"\b[a-z_]+\.(?:md|timer|target|log)\b",
    r"\b(?:[a-z]+\.)[a-z_]+[a-z]\b",                      # settings
    r"\b[a-z0-9.-]+\(\d\)",                               # pages
    r"\u2033[^\u2033\s]*\u2033",                          # values
    r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b",             # environment
)


def plain(line):
    """A line of a page without fonts and escapes, with what its macros set apart put together."""
    line = line.replace(r"\-", "-").replace(r"\(dq", QUOTE).replace(r"\(aq", "'")
    line = re.sub(r"\\f[BIRP]|\\&", "", line)
    macro = re.match(r"\.(B|I|BR|BI|RB|RI|IR)\s+(.*)", line)
    if not macro:
        return line
    words = re.findall(r'"([^"]*)"|(\S+)', macro.group(2)) if len(macro.group(1)) == 2 else [(macro.group(2), "")]
    return "".join(first or second for first, second in words)


def parts(page):
    """A page in order: (kind, tag, named) for each section, subsection and tagged paragraph.

    `tag` is the line after .TP, the verbatim lines of a table or example, and empty for sections, whose titles are translated.
    """
    found, named, lines, index = [], [], page.splitlines(), 0

    def begin(kind, tag):
        named.append([])
        found.append((kind, tag, named[-1]))

    begin("page", "")
    while index < len(lines):
        line = lines[index]
        if line.startswith((".SH", ".SS")):
            begin(line[:3], "")
        elif line == ".TP":
            index += 1
            tag = plain(lines[index])
            begin(line, tag if tag.isascii() else "(a sentence)")
        elif line in (".TS", ".nf"):
            end = lines.index({".TS": ".TE", ".nf": ".fi"}[line], index)
            begin(line, "\n".join(lines[index:end]))
            index = end
        elif not line.startswith((r".\"", r"'\"", ".TH", ".if", ".ad", ".PP", ".IP")):
            named[-1].append(plain(line))
        index += 1
    return [(kind, tag, sorted({name for pattern in NAMED for name in re.findall(pattern, " ".join(text))})) for kind, tag, text in found]


def differences(original, translated):
    """One sentence for each place where the pages are not in step."""
    ours, theirs = parts(original), parts(translated)
    for number, ((kind, tag, named), (other_kind, other_tag, others)) in enumerate(zip(ours, theirs)):
        if kind != other_kind or ("(a sentence)" not in (tag, other_tag) and kind in (".TP", ".TS", ".nf") and tag != other_tag):
            yield f"part {number}: {kind} {tag.splitlines()[:1]} became {other_kind} {other_tag.splitlines()[:1]}"
            return
        lost, added = sorted(set(named) - set(others)), sorted(set(others) - set(named))
        if lost or added:
            yield f"part {number} ({kind} {tag.splitlines()[:1]}): does not name {lost}, names {added}"
    if len(ours) != len(theirs):
        yield f"has {len(theirs)} parts, and the English page {len(ours)}"


def complaints(path):
    """What man and mandoc have against a page. The width is lintian's: long words cannot be broken at 80 columns."""
    man = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path], capture_output=True, text=True, timeout=60,
                         env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "120"}, check=False)
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True, timeout=60, check=False)
    return [line for line in (man.stderr + lint.stdout + lint.stderr).splitlines() if line.strip()]


def sentences(page):
    """What of a page the glossary has a say in: its text, without comments, tables, examples and macros."""
    text = re.sub(r"(?ms)^\.TS$.*?^\.TE$|^\.nf$.*?^\.fi$|^[.']\\\".*?$", "", page)
    return "\n".join(plain(line) for line in text.splitlines() if not line.startswith((".TH", ".if")))


def glossary_breaches():
    """The Japanese pages say what the catalogues say; not every term of the glossary comes up in them."""
    sys.path.insert(0, str(HERE.parents[1] / "foundation"))
    glossary = importlib.import_module("glossary_test")
    pages = {f"packaging/man/ja/{path.name}": sentences(path.read_text(encoding="utf-8")) for path in sorted((MAN / "ja").iterdir())}
    found = glossary.breaches(glossary.rows(ROOT / "docs/glossary.md"), {"ja": pages})
    return [line.removeprefix("ja.json: ") for line in found if ": says '" in line]


def check_this_test():
    """What it is there to find is found."""
    page = ".SH A\nx\n.SH B\nSee \\-\\-all.\n.TP\n.B \\-\\-one\nText.\n"
    assert not list(differences(page, page.replace("Text", "文")))
    assert "does not name ['--all']" in next(differences(page, page.replace("See \\-\\-all.", "文")))
    assert "became" in next(differences(page, page.replace("one", "two")))
    assert "parts" in list(differences(page, page + ".SH C\nx\n"))[-1]


def main():
    check_this_test()
    breaches = []
    english = {path.name for path in MAN.iterdir() if path.is_file()}
    japanese = {path.name for path in (MAN / "ja").iterdir()}
    breaches += [f"packaging/man: {name} is there in one language alone" for name in sorted(english ^ japanese)]
    for name in sorted(english & japanese):
        both = [folder / name for folder in (MAN, MAN / "ja")]
        breaches += [f"packaging/man/ja/{name}: {text}" for text in differences(*(path.read_text(encoding="utf-8") for path in both))]
        breaches += [f"{path.relative_to(ROOT)}: {text}" for path in both for text in complaints(path)]
    breaches += glossary_breaches()
    print("\n".join(breaches) or f"{len(english)} pages in two languages, in step and clean")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
