// SPDX-License-Identifier: MIT
// The folder is opened without a right to read it, and named by its descriptor in /proc.
#include "socket_name_posix.hpp"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "foundation/system/handle.hpp"

namespace koshin::ui {

namespace {

namespace fs = std::filesystem;

class NameByDescriptor final : public SocketName {
 public:
  NameByDescriptor(const fs::path& folder, std::string name)
      : folder_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), name_(std::move(name)) {
    if (!folder_) throw std::system_error(errno, std::generic_category(), folder.string());
  }
  std::string text() const override { return "/proc/self/fd/" + std::to_string(folder_.get()) + "/" + name_; }

 private:
  Handle folder_;
  std::string name_;
};

}  // namespace

std::unique_ptr<SocketName> SocketName::in(const fs::path& folder, const std::string& name) {
  return std::make_unique<NameByDescriptor>(folder, name);
}

}  // namespace koshin::ui
