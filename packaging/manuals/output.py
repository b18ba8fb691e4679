# SPDX-License-Identifier: MIT
"""The folder that manuals are written into: nothing there is overwritten or deleted but what an earlier run has written.

OUT/.koshin-manuals marks the folder and names the files, one a line. It is written before them and again after them, so that
a run that was cut off leaves nothing that the next one would not know.
"""
import os
import re
import shutil

from brand import Refused

MARK = ".koshin-manuals"
ABOUT = "# koshin's manuals. These files are overwritten and deleted when the manuals are made again; no others are."
# What a manual's file may be called. A mark with other names is not ours: as root it could name any file.
OWN = re.compile(r"index\.html|manual\.css|logo\.[a-z0-9]+|pictures/[\w-]+\.png|[A-Za-z-]+/(index|guide|help-desk|administration)\.(html|pdf)", re.ASCII)


class Output:
    """`folder`: where the manuals go. Refused where it is neither empty, nor marked, nor yet to be made."""

    def __init__(self, folder):
        self.folder, self.known = folder, set()
        if not os.path.lexists(folder):
            return
        if not folder.is_dir():
            raise Refused(f"{folder}: is not a folder")
        mark = folder / MARK
        if not mark.is_file() or mark.is_symlink():
            if {path.name for path in folder.iterdir()} - {f"{MARK}.new"}:
                raise Refused(f"{folder}: is neither empty nor a folder with koshin's manuals ({MARK}); nothing was written there")
            return
        self.known = {line for line in mark.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}
        strange = sorted(name for name in self.known if not OWN.fullmatch(name))
        if strange:
            raise Refused(f"{mark}: {strange[0]!r} is no file of the manuals; nothing was written")

    def check(self, names):
        """Whether all of these can be written: `names` as "ja/guide.html"."""
        for name in sorted(self.known | set(names)):
            path = self.folder / name
            if path.parent.is_symlink() or path.is_symlink():
                raise Refused(f"{path}: leads elsewhere by a symbolic link; nothing was written")
            there = os.path.lexists(path)
            if (there and (name not in self.known or not path.is_file())) or (path.parent.exists() and not path.parent.is_dir()):
                raise Refused(f"{path}: is in the way, and was not written by koshin; nothing was written")

    def write(self, files, later=()):
        """`files`: content or the file to be copied, by name; `later`: names that somebody else will write (print.sh)."""
        names = {*files, *later}
        self.check(names)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mark(self.known | names)
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            if isinstance(content, str):
                path.write_text(content, encoding="utf-8")
            else:
                shutil.copyfile(content, path)
        for stale in self.known - names:
            (self.folder / stale).unlink(missing_ok=True)
        self.mark(names)

    def mark(self, names):
        with open(self.folder / f"{MARK}.new", "w", encoding="utf-8") as file:
            file.write("\n".join((ABOUT, *sorted(names), "")))
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.folder / f"{MARK}.new", self.folder / MARK)
