// SPDX-License-Identifier: MIT
// A socket's path has room for about a hundred bytes (sun_path of sockaddr_un), and a user's folder may have
// a longer name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace koshin::ui {

/// A path of a socket in a folder that fits into a sockaddr_un, however long the folder's is. It leads there
/// as long as this object is there.
class SocketName {
 public:
  /// Throws std::system_error.
  static std::unique_ptr<SocketName> in(const std::filesystem::path& folder, const std::string& name);
  virtual ~SocketName() = default;
  virtual std::string text() const = 0;
};

}  // namespace koshin::ui
