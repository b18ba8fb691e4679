#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Where manuals are written: nothing of somebody else's goes.

usage: manuals_folder_test.py MADE FAILURES KOSHIN     (manuals_stage.py)
"""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # nothing is left in the source
from manuals_stage import make


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
