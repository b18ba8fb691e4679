// SPDX-License-Identifier: MIT
// Memory for secrets: locked, left out of core dumps, wiped, and impossible to print.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string_view>

namespace koshin {

/// Bytes of the longest password or code that any way into koshin takes; a token's PIN is never longer than
/// max_pin.
inline constexpr std::size_t max_secret = 1024;
inline constexpr std::size_t max_pin = 255;

/// Holds a PIN, a one-time code or a password. Move-only; wiped when destroyed, moved from or cleared.
/// Capacity is fixed when made, so that no copy is ever left behind by growth.
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
  /// All capacity, for reading into; follow with resize().
  std::span<char> writable() noexcept { return {data_, capacity_}; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }
  /// At most capacity(); throws std::length_error beyond it.
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
