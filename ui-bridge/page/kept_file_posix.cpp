// SPDX-License-Identifier: MIT
// A program holds a lock on its file while it runs: an unlocked file was left behind.
#include "kept_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace koshin::ui {

namespace {

namespace fs = std::filesystem;

/// A descriptor, closed by its destructor.
class OpenFile {
 public:
  OpenFile(const fs::path& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  OpenFile& operator=(OpenFile&&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  bool lock() const { return flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }
  /// False when the file was removed.
  bool has_name() const {
    struct stat status {};
    return fstat(descriptor_, &status) == 0 && status.st_nlink > 0;
  }
  bool write(std::string_view text) const {
    return ::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }

 private:
  int descriptor_;
};

class LockedFile final : public KeptFile {
 public:
  LockedFile(fs::path path, OpenFile file) : path_(std::move(path)), file_(std::move(file)) {}
  ~LockedFile() override { unlink(path_.c_str()); }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

 private:
  fs::path path_;
  OpenFile file_;
};

[[noreturn]] void fail_with(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

}  // namespace

std::unique_ptr<KeptFile> KeptFile::make(const fs::path& path, std::string_view content) {
  OpenFile file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.is_open()) fail_with(path);
  if (!file.lock()) {
    if (errno != EWOULDBLOCK) fail_with(path);
    unlink(path.c_str());
    return nullptr;
  }
  if (!file.has_name()) return nullptr;
  const bool written = file.write(content);
  auto made = std::make_unique<LockedFile>(path, std::move(file));
  if (!written) fail_with(path);
  return made;
}

void KeptFile::remove_if_left(const fs::path& path) {
  const OpenFile file(path, O_RDONLY | O_NONBLOCK);  // do not wait for a named pipe
  if (file.is_open() && file.lock()) unlink(path.c_str());
}

}  // namespace koshin::ui
