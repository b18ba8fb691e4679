// SPDX-License-Identifier: MIT
// Memory for secrets: locked, excluded from core dumps, wiped, and not printable.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string_view>

namespace koshin {

/// Maximum length in bytes of a password or code; a token's PIN is at most max_pin bytes.
inline constexpr std::size_t max_secret = 1024;
inline constexpr std::size_t max_pin = 255;

/// A PIN, a one-time code or a password. Move-only; wiped when destroyed, moved from or cleared. The capacity
/// is fixed, so that growth never leaves a copy behind.
class SecureBuffer {
 public:
  static constexpr std::size_t default_capacity = 256;
  explicit SecureBuffer(std::size_t capacity = default_capacity);
  /// Copies from memory that the caller wipes.
  static SecureBuffer copy_of(std::span<const char> secret);
  ~SecureBuffer();
  SecureBuffer(SecureBuffer&& other) noexcept;
  SecureBuffer& operator=(SecureBuffer&& other) noexcept;
  SecureBuffer(const SecureBuffer&) = delete;
  SecureBuffer& operator=(const SecureBuffer&) = delete;

  std::span<const char> view() const noexcept { return {data_, size_}; }
  /// The whole capacity, to be filled and followed by resize().
  std::span<char> writable() noexcept { return {data_, capacity_}; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }
  /// Sets the size. Throws std::length_error beyond capacity().
  void resize(std::size_t size);
  /// Throws std::length_error when full.
  void push_back(char c);
  void pop_back() noexcept;
  void clear() noexcept;

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// A secret does not print.
std::ostream& operator<<(std::ostream&, const SecureBuffer&) = delete;

/// Overwrites memory in a way the optimiser keeps.
void wipe(std::span<char> memory) noexcept;

}  // namespace koshin
