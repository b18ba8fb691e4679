// SPDX-License-Identifier: MIT
// A file that is there as long as the program that has made it runs, and is recognised when that program was
// killed.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace koshin::ui {

class KeptFile {
 public:
  /// Makes a file that only this user can read. Null when a program that starts at the same time has removed
  /// the file, as if it had been left behind. Throws std::system_error naming the path.
  static std::unique_ptr<KeptFile> make(const std::filesystem::path& path, std::string_view content);
  /// Removes the file of a program that has ended without doing so; leaves that of a running program.
  static void remove_if_left(const std::filesystem::path& path);
  /// Removes the file.
  virtual ~KeptFile() = default;
  KeptFile(const KeptFile&) = delete;
  KeptFile& operator=(const KeptFile&) = delete;

 protected:
  KeptFile() = default;
};

}  // namespace koshin::ui
