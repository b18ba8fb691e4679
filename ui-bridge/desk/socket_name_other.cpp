// SPDX-License-Identifier: MIT
// The path itself where it fits; else a symbolic link to the folder, in a folder of /tmp that this user alone
// can enter. Both are removed with the object: a process that is killed meanwhile leaves an empty way behind.
#include "socket_name_posix.hpp"

#include <stdlib.h>  // mkdtemp is not in <cstdlib>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace koshin::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

class WholePath final : public SocketName {
 public:
  explicit WholePath(std::string path) : path_(std::move(path)) {}
  std::string text() const override { return path_; }

 private:
  std::string path_;
};

/// A folder with a short name that is this user's alone.
class ShortFolder {
 public:
  ShortFolder() {
    if (mkdtemp(path_.data()) == nullptr) throw std::system_error(errno, std::generic_category(), path_);
  }
  ~ShortFolder() { (void)rmdir(path_.c_str()); }
  ShortFolder(const ShortFolder&) = delete;
  ShortFolder& operator=(const ShortFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ =
      "/tmp/koshin-XXXXXX";  // POSIX has /tmp everywhere; what TMPDIR names may be long as well
};

class PathThroughLink final : public SocketName {
 public:
  PathThroughLink(const fs::path& folder, std::string name)
      : link_(around_.path() + "/l"), name_(std::move(name)) {
    if (symlink(folder.c_str(), link_.c_str()) != 0)
      throw std::system_error(errno, std::generic_category(), link_);
  }
  ~PathThroughLink() override { (void)unlink(link_.c_str()); }
  PathThroughLink(const PathThroughLink&) = delete;
  PathThroughLink& operator=(const PathThroughLink&) = delete;
  std::string text() const override { return link_ + "/" + name_; }

 private:
  ShortFolder around_;
  std::string link_, name_;
};

}  // namespace

std::unique_ptr<SocketName> SocketName::in(const fs::path& folder, const std::string& name) {
  std::string whole = (folder / name).string();
  if (whole.size() <= longest_path) return std::make_unique<WholePath>(std::move(whole));
  return std::make_unique<PathThroughLink>(folder, name);
}

}  // namespace koshin::ui
