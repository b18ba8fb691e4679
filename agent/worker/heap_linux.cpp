// SPDX-License-Identifier: MIT
// glibc's allocator, told to keep what it is given.
#include "worker/heap.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

namespace koshin::worker {
namespace {

constexpr std::size_t usual_need = std::size_t{1} << 20U;

}  // namespace

void take_heap_at_once() noexcept {
  mallopt(M_MMAP_THRESHOLD, 2 * usual_need);
  mallopt(M_TRIM_THRESHOLD, 8 * usual_need);
  mallopt(M_TOP_PAD, usual_need / 2);
  void* const block = std::malloc(usual_need);  // NOLINT(cppcoreguidelines-no-malloc): given back to it below
  if (block == nullptr) return;
#ifdef MADV_POPULATE_WRITE
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* begin = block;
  std::size_t space = usual_need;
  if (std::align(page, usual_need - page, begin, space) != nullptr)
    madvise(begin, usual_need - page, MADV_POPULATE_WRITE);  // refused before Linux 5.14
#endif
  std::free(block);  // NOLINT(cppcoreguidelines-no-malloc)
}

}  // namespace koshin::worker
