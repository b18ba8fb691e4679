// SPDX-License-Identifier: MIT
// Whether this desktop's default browser can open a page from a file.
#pragma once

namespace koshin::ui {

/// False when the handler of HTML files cannot read koshin's files (a browser in a snap or a flatpak has its
/// own view of the file system) or is no browser. True when it can, or when nothing is known.
bool browser_reads_files();

}  // namespace koshin::ui
