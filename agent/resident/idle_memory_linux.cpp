// SPDX-License-Identifier: MIT
// Gives memory back to Linux (docs/decisions/0025-idle-memory.md has the figures).
#include "resident/idle_memory.hpp"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace koshin::resident {
namespace {

/// Segments that are mapped without PF_W were never written, so dropping their pages loses nothing. (RELRO
/// pages look read-only too, but belong to a writable segment and hold relocated pointers: they stay.)
int drop_unwritable_segments(dl_phdr_info* object, std::size_t /*size*/, void* page_size) {
  const std::uintptr_t page = *static_cast<const std::uintptr_t*>(page_size);
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // NOLINT(performance-no-int-to-ptr)
  }
  return 0;
}

}  // namespace

void give_back_idle_memory() {
  std::uintptr_t page_size = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  dl_iterate_phdr(drop_unwritable_segments, &page_size);
}

}  // namespace koshin::resident
