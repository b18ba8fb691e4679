// SPDX-License-Identifier: MIT
// pthread_create(3) itself: std::thread takes the default stack, which the kernel may back by huge pages.
#include "foundation/system/detached_thread.hpp"

#include <pthread.h>

#include <memory>
#include <system_error>
#include <utility>

namespace koshin {
namespace {

constexpr std::size_t stack_size = 256UL * 1024;

extern "C" void* koshin_run_detached(void* work) {
  const std::unique_ptr<std::function<void()>> own(static_cast<std::function<void()>*>(work));
  (*own)();
  return nullptr;
}

}  // namespace

void start_detached_thread(std::function<void()> work) {
  auto own = std::make_unique<std::function<void()>>(std::move(work));
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack_size);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const int error = ::pthread_create(&thread, &attributes, koshin_run_detached, own.get());
  ::pthread_attr_destroy(&attributes);
  if (error != 0) throw std::system_error(error, std::generic_category(), "pthread_create");
  (void)own.release();  // the thread's
}

}  // namespace koshin
