// SPDX-License-Identifier: MIT
// Pages for secrets on POSIX systems.
#include <string.h>  // explicit_bzero is not in <cstring>
#include <sys/mman.h>
#include <unistd.h>

#include <new>
#include <span>

#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/secrets/secure_memory.hpp"

namespace koshin {

void wipe(std::span<char> memory) noexcept {
  if (!memory.empty()) explicit_bzero(memory.data(), memory.size());
}

}  // namespace koshin

namespace koshin::secure_memory {
namespace {

std::size_t whole_pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes == 0 || bytes > (std::size_t{1} << 30)) throw std::bad_alloc();
  const std::size_t length = whole_pages(bytes);
  void* memory = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // Best effort: RLIMIT_MEMLOCK may be zero in a container. A renewal with swappable secrets is better than
  // none.
  (void)mlock(memory, length);
#ifdef MADV_DONTDUMP
  (void)madvise(memory, length, MADV_DONTDUMP);
#endif
#ifdef MADV_WIPEONFORK
  // A forked child sees zeros: it needs no secrets between fork and exec.
  (void)madvise(memory, length, MADV_WIPEONFORK);
#endif
  return memory;
}

void release(void* memory, std::size_t bytes) noexcept {
  if (memory == nullptr) return;
  const std::size_t length = whole_pages(bytes);
  wipe({static_cast<char*>(memory), length});
  (void)munmap(memory, length);
}

}  // namespace koshin::secure_memory
