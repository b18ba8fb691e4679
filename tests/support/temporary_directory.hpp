// SPDX-License-Identifier: MIT
// A folder of a test's own, gone with it.
#pragma once

#include <filesystem>

namespace koshin::test {

/// Below /dev/shm when it exists: SoftHSM syncs each object to disk, which costs 60 ms there and nothing in
/// memory.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::filesystem::path path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace koshin::test
