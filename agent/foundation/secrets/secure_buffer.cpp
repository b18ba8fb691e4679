// SPDX-License-Identifier: MIT
// The portable part of SecureBuffer: ownership of pages, and wiping.
#include "foundation/secrets/secure_buffer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "foundation/secrets/secure_memory.hpp"

namespace koshin {

SecureBuffer::SecureBuffer(std::size_t capacity)
    : data_(static_cast<char*>(secure_memory::allocate(std::max<std::size_t>(capacity, 1)))),
      capacity_(capacity) {}

SecureBuffer SecureBuffer::copy_of(std::span<const char> secret) {
  SecureBuffer copy(secret.size());
  std::copy(secret.begin(), secret.end(), copy.data_);
  copy.size_ = secret.size();
  return copy;
}

SecureBuffer::~SecureBuffer() {
  if (data_ != nullptr) secure_memory::release(data_, std::max<std::size_t>(capacity_, 1));
}

SecureBuffer::SecureBuffer(SecureBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SecureBuffer& SecureBuffer::operator=(SecureBuffer&& other) noexcept {
  if (this != &other) {
    if (data_ != nullptr) secure_memory::release(data_, std::max<std::size_t>(capacity_, 1));
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

void SecureBuffer::resize(std::size_t size) {
  if (size > capacity_) throw std::length_error("a secret longer than its buffer");
  // Bytes beyond the new end are wiped. Growing keeps the bytes written to writable().
  if (size < size_) wipe({data_ + size, size_ - size});
  size_ = size;
}

void SecureBuffer::push_back(char c) {
  if (size_ == capacity_) throw std::length_error("a secret longer than its buffer");
  data_[size_++] = c;
}

void SecureBuffer::pop_back() noexcept {
  if (size_ > 0) data_[--size_] = '\0';
}

void SecureBuffer::clear() noexcept {
  if (data_ != nullptr) wipe({data_, capacity_});
  size_ = 0;
}

}  // namespace koshin
