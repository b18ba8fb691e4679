// SPDX-License-Identifier: MIT
// The lock per token: a POSIX record lock (fcntl F_SETLK) on a file of the user. The lock dies with the
// process, is not inherited by child processes of a vendor module, and the kernel reports its holder.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <system_error>

#include "foundation/system/descriptor.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/stable_hash.hpp"

namespace koshin::renewal {
namespace {

// A record lock does not exclude its own process, and closing any descriptor of the file releases the lock:
// so each process opens a lock file at most once.
std::mutex held_mutex;
std::set<std::string>& held() {
  static std::set<std::string> names;
  return names;
}

/// The lock file's name is a hash; a collision only makes two tokens wait for each other.
std::string name_of(const TokenKey& token) {
  std::uint64_t hash = stable_hash({token.manufacturer, token.model, token.serial});
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, hash >>= 4U)
    *digit = "0123456789abcdef"[hash & 0xfU];
  return "token-" + digits + ".lock";
}

[[noreturn]] void busy(const TokenKey& token, const std::string& holder) {
  fail(Reason::token_busy, "token " + token.manufacturer + " " + token.model + " " + serial_number(token) +
                               " is being worked on by " + holder + ": wait until it has finished");
}

std::string describe_process(pid_t process) {
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(process) + "/comm"), name);
  return "process " + std::to_string(process) + (name.empty() ? "" : " (" + printable(name, 32) + ")");
}

class PosixTokenLock final : public TokenLock {
 public:
  PosixTokenLock(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  ~PosixTokenLock() override {
    const std::lock_guard guard(held_mutex);
    ::close(descriptor_);
    held().erase(name_);
  }
  PosixTokenLock(const PosixTokenLock&) = delete;
  PosixTokenLock& operator=(const PosixTokenLock&) = delete;

 private:
  std::string name_;
  int descriptor_;
};

}  // namespace

std::unique_ptr<TokenLock> TokenLock::acquire(const TokenKey& token) {
  const std::string name = name_of(token);
  const std::filesystem::path file = paths::runtime_directory() / name;
  const std::lock_guard guard(held_mutex);
  if (held().contains(name)) busy(token, describe_process(::getpid()));

  const int descriptor =
      out_of_reach(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (descriptor < 0) {
    fail(Reason::internal_error,
         "cannot open the lock file " + file.string() + ": " + std::generic_category().message(errno));
  }
  struct flock request {};
  request.l_type = F_WRLCK;
  request.l_whence = SEEK_SET;
  if (::fcntl(descriptor, F_SETLK, &request) != 0) {
    const int error = errno;
    struct flock other {};
    other.l_type = F_WRLCK;
    other.l_whence = SEEK_SET;
    const bool known =
        ::fcntl(descriptor, F_GETLK, &other) == 0 && other.l_type != F_UNLCK && other.l_pid > 0;
    ::close(descriptor);
    if (error == EACCES || error == EAGAIN)
      busy(token, known ? describe_process(other.l_pid) : "another process");
    fail(Reason::internal_error,
         "cannot lock " + file.string() + ": " + std::generic_category().message(error));
  }
  held().insert(name);
  return std::make_unique<PosixTokenLock>(name, descriptor);
}

}  // namespace koshin::renewal
