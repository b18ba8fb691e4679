// SPDX-License-Identifier: MIT
// SQLite is linked into this program, other than into those that seldom open the journal: loading it later
// would wait for libcurl, since the system loads one library at a time. The linker keeps a library that is
// really referred to.
#include <sqlite3.h>

[[gnu::used]] static const char* (*const linked_sqlite)() = sqlite3_libversion;
