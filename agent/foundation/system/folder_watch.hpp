// SPDX-License-Identifier: MIT
// Whether something has happened to the files of a folder.
#pragma once

#include <filesystem>
#include <string>

#include "foundation/system/handle.hpp"

namespace koshin {

class FolderWatch {
 public:
  /// Not of what lies in folders below it, nor of the file that a link in it leads to.
  explicit FolderWatch(const std::filesystem::path& folder);
  /// Why it is not watched, then without a handle(); empty where it is.
  const std::string& obstacle() const { return obstacle_; }
  /// Readable when a file was made, written and closed, renamed, removed, or has other permissions, until
  /// take().
  NativeHandle handle() const { return events_.get(); }
  /// What happens from here on makes the handle readable again.
  void take();

 private:
  Handle events_;
  std::string obstacle_;
};

}  // namespace koshin
