// SPDX-License-Identifier: MIT
// Windows has no file in memory that cannot grow, so it is a pipe, which a thread of this process empties
// into memory of that size; what comes afterwards is thrown away.
#include "foundation/system/bounded_file.hpp"

#include <windows.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "foundation/system/detached_thread.hpp"
#include "foundation/system/waited_pipe_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

/// Written into the pipe by whoever wants to read: when the thread sees it, it has seen all that was written
/// before.
using Mark = std::array<char, 24>;

const Mark& mark() {
  static const Mark made = [] {
    Mark bytes{};
    LARGE_INTEGER now{};
    ::QueryPerformanceCounter(&now);
    const std::string text =
        "\r\x01koshin" + std::to_string(now.QuadPart) + std::to_string(::GetCurrentProcessId());
    std::copy_n(text.data(), std::min(text.size(), bytes.size()), bytes.data());
    return bytes;
  }();
  return made;
}

struct Drain {
  std::atomic<NativeHandle> file{no_handle};  ///< what make_bounded_file() has given out
  Handle pipe, readable, marked;
  std::vector<char> kept;
  std::atomic<std::size_t> size{0};
  std::vector<char> last;  ///< of the bytes that came: may be the beginning of a mark
};

/// One for each file whose pipe is open; an entry is written by the thread that makes or empties it.
std::array<std::atomic<Drain*>, 256> drains{};

void keep(Drain& drain, const char* bytes, std::size_t count) {
  const std::size_t size = drain.size.load();
  const std::size_t taken = std::min(count, drain.kept.size() - size);
  std::copy_n(bytes, taken, drain.kept.begin() + static_cast<std::ptrdiff_t>(size));
  drain.size = size + taken;
}

/// How many of the last bytes may be the beginning of a mark.
std::size_t begun_mark(const std::vector<char>& bytes) {
  for (std::size_t length = std::min(bytes.size(), mark().size() - 1); length > 0; --length) {
    if (std::memcmp(bytes.data() + bytes.size() - length, mark().data(), length) == 0) return length;
  }
  return 0;
}

void take(Drain& drain, const char* bytes, std::size_t count) {
  drain.last.insert(drain.last.end(), bytes, bytes + count);
  auto at = drain.last.begin();
  while (true) {
    const auto found = std::search(at, drain.last.end(), mark().begin(), mark().end());
    if (found == drain.last.end()) break;
    keep(drain, &*at, static_cast<std::size_t>(found - at));
    at = found + static_cast<std::ptrdiff_t>(mark().size());
    ::SetEvent(drain.marked.get());
  }
  drain.last.erase(drain.last.begin(), at);
  const std::size_t rest = begun_mark(drain.last);
  keep(drain, drain.last.data(), drain.last.size() - rest);
  drain.last.erase(drain.last.begin(), drain.last.end() - static_cast<std::ptrdiff_t>(rest));
}

/// Until nobody holds the pipe any more.
void empty(Drain& drain) {
  std::vector<char> chunk(16384);
  while (true) {
    OVERLAPPED reading{};
    reading.hEvent = drain.readable.get();
    DWORD count = 0;
    const bool begun = ::ReadFile(drain.pipe.get(), chunk.data(), static_cast<DWORD>(chunk.size()), nullptr,
                                  &reading) != 0 ||
                       ::GetLastError() == ERROR_IO_PENDING;
    if (!begun || ::GetOverlappedResult(drain.pipe.get(), &reading, &count, TRUE) == 0) return;
    take(drain, chunk.data(), count);
  }
}

void add(Drain* drain) {
  // A child may hold the pipe of a file that this process has closed, and whose handle is another's now.
  for (auto& other : drains) {
    Drain* const old = other.load();
    if (old != nullptr && old->file.load() == drain->file.load()) old->file = no_handle;
  }
  for (auto& place : drains) {
    Drain* none = nullptr;
    if (place.compare_exchange_strong(none, drain)) return;
  }
  throw_error(ERROR_TOO_MANY_OPEN_FILES, "a file in memory");
}

void remove(const Drain* drain) {
  for (auto& place : drains) {
    if (place.load() == drain) place = nullptr;
  }
}

Drain* find(NativeHandle file) noexcept {
  for (const auto& place : drains) {
    Drain* const drain = place.load();
    if (drain != nullptr && drain->file.load() == file) return drain;
  }
  return nullptr;
}

}  // namespace

Handle make_bounded_file(std::size_t size) {
  auto pipe = WaitedPipe::make(WaitedPipe::Own::reads, false);
  auto drain = std::make_shared<Drain>();
  drain->pipe = std::move(pipe.own);
  drain->readable = Handle(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
  drain->marked = Handle(::CreateEventW(nullptr, FALSE, FALSE, nullptr));
  if (!drain->readable || !drain->marked) throw_last_error("CreateEvent");
  drain->kept.resize(size);
  drain->file = pipe.other.get();
  (void)mark();
  add(drain.get());
  try {
    start_detached_thread([drain] {
      empty(*drain);
      remove(drain.get());
    });
  } catch (...) {
    remove(drain.get());
    throw;
  }
  return std::move(pipe.other);
}

std::string_view read_bounded_file(NativeHandle file, std::span<char> into) noexcept {
  constexpr DWORD longest_wait_ms = 1000;
  Drain* const drain = find(file);
  if (drain == nullptr) return {};
  DWORD written = 0;
  if (::WriteFile(file, mark().data(), static_cast<DWORD>(mark().size()), &written, nullptr) != 0)
    ::WaitForSingleObject(drain->marked.get(), longest_wait_ms);
  const std::size_t size = std::min(drain->size.load(), into.size());
  std::copy_n(drain->kept.data(), size, into.data());
  return {into.data(), size};
}

}  // namespace koshin
