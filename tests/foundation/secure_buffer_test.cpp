// SPDX-License-Identifier: MIT
#include "foundation/secrets/secure_buffer.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <concepts>
#include <fstream>
#include <new>
#include <sstream>
#include <string>
#include <utility>

namespace {

// What is given back to the system is looked at before it goes.
const void* watched = nullptr;
bool was_returned = false;
bool was_clean = false;

}  // namespace

extern "C" int __real_munmap(void* address, size_t length);
extern "C" int __wrap_munmap(void* address, size_t length);
extern "C" int __wrap_munmap(void* address, size_t length) {
  if (address == watched) {
    const auto* const bytes = static_cast<const char*>(address);
    was_returned = true;
    was_clean = std::all_of(bytes, bytes + length, [](char c) { return c == 0; });
  }
  return __real_munmap(address, length);
}

namespace koshin {
namespace {

SecureBuffer secret(std::string_view text) {
  return SecureBuffer::copy_of({text.data(), text.size()});
}
std::string text_of(const SecureBuffer& buffer) {
  return {buffer.view().data(), buffer.size()};
}
bool all_zero(std::span<const char> memory) {
  return std::all_of(memory.begin(), memory.end(), [](char c) { return c == 0; });
}

void watch(const SecureBuffer& buffer) {
  watched = buffer.view().data();
  was_returned = was_clean = false;
}

TEST(SecureBuffer, HoldsASecret) {
  SecureBuffer buffer = secret("123456");
  EXPECT_EQ(text_of(buffer), "123456");
  EXPECT_EQ(buffer.capacity(), 6U);
  EXPECT_THROW(buffer.push_back('7'), std::length_error);
  EXPECT_THROW(buffer.resize(7), std::length_error);
  EXPECT_TRUE(secret("").empty());
}

TEST(SecureBuffer, WipesItsPagesBeforeGivingThemBack) {
  {
    const SecureBuffer buffer = secret("123456");
    watch(buffer);
  }
  EXPECT_TRUE(was_returned);
  EXPECT_TRUE(was_clean);
}

TEST(SecureBuffer, WipesWhatAMoveReplaces) {
  SecureBuffer target = secret("old-one");
  SecureBuffer source = secret("123456");
  watch(target);
  target = std::move(source);
  EXPECT_TRUE(was_returned);
  EXPECT_TRUE(was_clean);
  EXPECT_EQ(text_of(target), "123456");
  EXPECT_TRUE(source.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  source.clear();
  source.pop_back();
}

TEST(SecureBuffer, WipesWhatIsCutOff) {
  SecureBuffer buffer = secret("123456");
  buffer.resize(2);
  EXPECT_TRUE(all_zero(buffer.writable().subspan(2)));
  buffer.pop_back();
  EXPECT_TRUE(all_zero(buffer.writable().subspan(1)));
  EXPECT_EQ(text_of(buffer), "1");
  buffer.clear();
  EXPECT_TRUE(all_zero(buffer.writable()));
}

TEST(SecureBuffer, WipesAlsoWhatWasWrittenBeyondItsSize) {
  SecureBuffer buffer(16);
  std::ranges::copy(std::string_view("0123456789abcdef"), buffer.writable().begin());
  buffer.resize(4);
  buffer.clear();
  EXPECT_TRUE(all_zero(buffer.writable()));
}

/// The "VmFlags" of the mapping that holds an address, from /proc/self/smaps.
std::string mapping_flags(const void* address) {
  std::ifstream smaps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool inside = false;
  for (std::string line; std::getline(smaps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream range(line);
    if (range >> std::hex >> begin >> dash >> end && dash == '-') inside = begin <= wanted && wanted < end;
    if (inside && line.starts_with("VmFlags:")) return line + ' ';
  }
  return {};
}

/// Sanitizers say yes to mlock() and do nothing, so it is looked at as well.
bool can_lock_memory() {
  constexpr std::size_t size = 4096;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  const bool locked = mlock(memory, size) == 0 && mapping_flags(memory).find(" lo ") != std::string::npos;
  munmap(memory, size);
  return locked;
}

TEST(SecureBuffer, StaysOutOfCoreDumpsAndSwap) {
  const SecureBuffer buffer = secret("123456");
  const std::string flags = mapping_flags(buffer.view().data());
  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;  // MADV_DONTDUMP
  EXPECT_NE(flags.find(" wf "), std::string::npos) << flags;  // MADV_WIPEONFORK
  if (!can_lock_memory()) GTEST_SKIP() << "no memory can be locked here (RLIMIT_MEMLOCK, or a sanitizer)";
  EXPECT_NE(flags.find(" lo "), std::string::npos) << flags;
}

TEST(SecureBuffer, IsEmptyForAForkedChild) {
  const SecureBuffer buffer = secret("123456");
  const pid_t child = fork();
  if (child == 0) _exit(all_zero(buffer.view()) ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(text_of(buffer), "123456");
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(SecureBuffer, CannotBePrintedOrCopied) {
  static_assert(!Printable<SecureBuffer>);
  static_assert(!std::copy_constructible<SecureBuffer>);
  static_assert(!std::is_copy_assignable_v<SecureBuffer>);
  static_assert(!std::constructible_from<std::string, SecureBuffer>);
}

TEST(SecureBuffer, RefusesAbsurdSizes) {
  EXPECT_THROW(SecureBuffer(std::size_t{1} << 40), std::bad_alloc);
}

TEST(Wipe, ClearsOrdinaryMemory) {
  std::string text = "123456";
  wipe(text);
  EXPECT_TRUE(all_zero(text));
  wipe({});
}

}  // namespace
}  // namespace koshin
