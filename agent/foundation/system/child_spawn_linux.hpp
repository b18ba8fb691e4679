// SPDX-License-Identifier: MIT
// Starting a program with pipes: the part of child_process_linux.cpp between fork and exec.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "foundation/system/child_process.hpp"

namespace koshin {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }
  void close() noexcept;

 private:
  int number_ = -1;
};

struct SpawnedChild {
  int pid = -1;
  Descriptor process;     ///< pidfd: readable when the child has ended
  Descriptor to_child;    ///< non-blocking
  Descriptor from_child;  ///< non-blocking
  Descriptor errors;      ///< what ChildOptions::keep_errors keeps
};
/// Throws FailureError{worker_failed} when pipes, fork or exec fail; exec's error is the child's own.
SpawnedChild spawn_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const ChildOptions& options);

}  // namespace koshin
