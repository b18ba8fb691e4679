// SPDX-License-Identifier: MIT
// A POSIX record lock: it dies with the process, is not inherited by what a vendor's module forks, and the
// system names its holder.
#include "foundation/system/file_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <mutex>
#include <set>
#include <system_error>

#include "foundation/base/text.hpp"
#include "foundation/system/descriptor_posix.hpp"
#include "foundation/system/handle.hpp"

namespace koshin {
namespace {

// A record lock does not keep out its own process, and closing any descriptor of the file gives it up: one
// for each file in a process.
std::mutex held_mutex;
std::set<std::filesystem::path>& held() {
  static std::set<std::filesystem::path> files;
  return files;
}

class RecordLock final : public FileLock {
 public:
  RecordLock(std::filesystem::path file, Handle handle)
      : file_(std::move(file)), handle_(std::move(handle)) {}
  ~RecordLock() override {
    const std::lock_guard guard(held_mutex);
    handle_.close();
    held().erase(file_);
  }
  RecordLock(const RecordLock&) = delete;
  RecordLock& operator=(const RecordLock&) = delete;

 private:
  std::filesystem::path file_;
  Handle handle_;
};

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

FileLock::Holder holder_of(const Handle& file) {
  struct flock other = whole_file();
  const bool known = ::fcntl(file.get(), F_GETLK, &other) == 0 && other.l_type != F_UNLCK && other.l_pid > 0;
  return {known ? other.l_pid : 0};
}

}  // namespace

std::string FileLock::Holder::description() const {
  if (process == 0) return "another process";
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(process) + "/comm"), name);
  return "process " + std::to_string(process) + (name.empty() ? "" : " (" + printable(name, 32) + ")");
}

FileLock::Outcome FileLock::acquire(const std::filesystem::path& file) {
  const std::lock_guard guard(held_mutex);
  if (held().contains(file)) return Holder{::getpid()};
  Handle handle(
      out_of_reach(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)));
  if (!handle)
    throw std::system_error(errno, std::generic_category(), "cannot open the lock file " + file.string());
  struct flock request = whole_file();
  if (::fcntl(handle.get(), F_SETLK, &request) != 0) {
    if (errno == EACCES || errno == EAGAIN) return holder_of(handle);
    throw std::system_error(errno, std::generic_category(), "cannot lock " + file.string());
  }
  held().insert(file);
  return std::make_unique<RecordLock>(file, std::move(handle));
}

std::unique_ptr<FileLock> FileLock::try_acquire(const std::filesystem::path& file) {
  auto outcome = acquire(file);  // the question who holds it costs nothing here
  auto* const mine = std::get_if<std::unique_ptr<FileLock>>(&outcome);
  return mine == nullptr ? nullptr : std::move(*mine);
}

std::optional<FileLock::Holder> FileLock::held_by(const std::filesystem::path& file) {
  const std::lock_guard guard(held_mutex);
  if (held().contains(file)) return Holder{::getpid()};  // closing the file below would give that lock up
  const Handle handle(out_of_reach(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)));
  if (!handle && errno == ENOENT) return {};
  struct flock other = whole_file();
  if (!handle || ::fcntl(handle.get(), F_GETLK, &other) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot look at the lock file " + file.string());
  if (other.l_type == F_UNLCK) return {};
  return Holder{other.l_pid > 0 ? other.l_pid : 0};
}

}  // namespace koshin
