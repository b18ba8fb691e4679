// SPDX-License-Identifier: MIT
// Whether something has happened to the files of a folder.
#pragma once

#include <filesystem>
#include <string>

#include "foundation/system/handle.hpp"

namespace koshin {

class FolderWatch {
 public:
  enum class Of {
    files,  ///< what handle() says
    names   ///< that a file was made, renamed or removed, or the folder removed; nothing of what is in a file
  };
  /// Not of what lies in folders below it, nor of the file that a link in it leads to.
  explicit FolderWatch(const std::filesystem::path& folder, Of what = Of::files);
  /// Why it is not watched, then without a handle(); empty where it is.
  const std::string& obstacle() const { return obstacle_; }
  /// Readable when a file was made, written and closed, renamed, removed, or has other permissions, and when
  /// the folder itself was removed, until take(). With Of::names of that alone.
  NativeHandle handle() const { return events_.get(); }
  /// What happens from here on makes the handle readable again. False where the system tells no more of this
  /// folder, as of one that was removed: one that comes to its place is another folder. Not every system says
  /// so, nor tells of the folder's own new name.
  bool take();

 private:
  Handle events_;
  std::string obstacle_;
};

}  // namespace koshin
