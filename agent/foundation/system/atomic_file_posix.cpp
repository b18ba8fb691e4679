// SPDX-License-Identifier: MIT
// Writing files atomically on POSIX systems.
#include <fcntl.h>
#include <stdlib.h>  // mkostemp is not in <cstdlib>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "foundation/system/atomic_file.hpp"
#include "foundation/system/handle_io.hpp"

namespace koshin {
namespace {

/// A file under a name of its own, removed unless it was renamed to its destination.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& destination)
      : destination_(destination),
        name_((destination.parent_path() / ("." + destination.filename().string() + ".XXXXXX")).string()) {
    descriptor_ = mkostemp(name_.data(), O_CLOEXEC);
    if (descriptor_ < 0) fail_now();
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!renamed_) unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::string_view contents, unsigned mode) {
    write_all(descriptor_, {contents.data(), contents.size()});
    if (fchmod(descriptor_, static_cast<mode_t>(mode)) != 0 || fsync(descriptor_) != 0) fail_now();
    if (close(std::exchange(descriptor_, -1)) != 0) fail_now();
  }
  void rename_to_destination() {
    if (std::rename(name_.c_str(), destination_.c_str()) != 0) fail_now();
    renamed_ = true;
  }

 private:
  [[noreturn]] void fail_now() const {
    throw std::system_error(errno, std::generic_category(), destination_.string());
  }

  std::filesystem::path destination_;
  std::string name_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

/// The rename itself is durable only when the folder is. Some file systems cannot do that; then it is not an
/// error.
void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)fsync(descriptor);
  close(descriptor);
}

}  // namespace

void write_file_atomically(const std::filesystem::path& path, std::string_view contents, unsigned mode) {
  const auto absolute = std::filesystem::absolute(path);
  TemporaryFile file(absolute);
  file.write(contents, mode);
  file.rename_to_destination();
  sync_folder(absolute.parent_path());
}

std::uintmax_t largest_file_allowed() noexcept {
  rlimit limit{};
  const bool limited = ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return limited ? static_cast<std::uintmax_t>(limit.rlim_cur) : UINTMAX_MAX;
}

}  // namespace koshin
