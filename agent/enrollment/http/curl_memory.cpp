// SPDX-License-Identifier: MIT
// The wiping allocator: each block is preceded by its size, so that no function of the system's allocator is
// needed to find it.
#include "enrollment/http/curl_memory.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "foundation/failures/failure.hpp"
#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t header = alignof(std::max_align_t);
static_assert(header >= sizeof(std::size_t));

std::size_t& size_of(void* block) {
  return *static_cast<std::size_t*>(static_cast<void*>(static_cast<char*>(block) - header));
}

void* make_block(std::size_t size) {
  if (size > SIZE_MAX - header) return nullptr;
  auto* memory = static_cast<char*>(std::malloc(size + header));  // NOLINT(cppcoreguidelines-no-malloc)
  if (memory == nullptr) return nullptr;
  void* block = memory + header;
  size_of(block) = size;
  return block;
}

void free_block(void* block) {
  if (block == nullptr) return;
  wipe({static_cast<char*>(block), size_of(block)});
  std::free(static_cast<char*>(block) - header);  // NOLINT(cppcoreguidelines-no-malloc)
}

void* resize_block(void* block, std::size_t size) {
  void* larger = make_block(size);
  if (block == nullptr || larger == nullptr) return larger;
  std::memcpy(larger, block, std::min(size, size_of(block)));
  free_block(block);
  return larger;
}

char* copy_text(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  void* block = make_block(size);
  if (block != nullptr) std::memcpy(block, text, size);
  return static_cast<char*>(block);
}

void* make_zeroed(std::size_t count, std::size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return nullptr;
  void* block = make_block(count * size);
  if (block != nullptr) std::memset(block, 0, count * size);
  return block;
}

}  // namespace

void start_libcurl() {
  static const CURLcode result =
      curl_global_init_mem(CURL_GLOBAL_DEFAULT, make_block, free_block, resize_block, copy_text, make_zeroed);
  if (result != CURLE_OK)
    fail(Reason::internal_error, std::string("libcurl cannot start: ") + curl_easy_strerror(result));
}

}  // namespace koshin::enrollment
