// SPDX-License-Identifier: MIT
// The lock is flock(2) on a file that names its holder.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/system/child_spawn_linux.hpp"
#include "resident/instance_lock.hpp"

namespace koshin::resident {
namespace {

class FileLock final : public InstanceLock {
 public:
  explicit FileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

long read_holder(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
  long holder = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, holder);
  return holder;
}

[[noreturn]] void unusable(const std::filesystem::path& file) {
  fail(Reason::internal_error, "cannot use the lock " + file.string() + ": " +
                                   std::generic_category().message(errno) +
                                   "; is its folder the user's own?");
}

}  // namespace

std::unique_ptr<InstanceLock> InstanceLock::acquire(const std::filesystem::path& file, long& holder) {
  Descriptor descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor) unusable(file);
  if (flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) unusable(file);
    holder = read_holder(descriptor.get());
    return nullptr;
  }
  const std::string self = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor.get(), 0) != 0 || pwrite(descriptor.get(), self.data(), self.size(), 0) < 0)
    unusable(file);
  return std::make_unique<FileLock>(std::move(descriptor));
}

}  // namespace koshin::resident
