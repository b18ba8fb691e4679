// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include "own_network.hpp"

namespace koshin::test {
namespace {

bool start_loopback() {
  const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0) return false;
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  request.ifr_flags = IFF_UP;
  const bool up = ioctl(any, SIOCSIFFLAGS, &request) == 0;
  close(any);
  return up;
}

}  // namespace

OwnNetwork::OwnNetwork() {
  // A namespace belongs to a thread: the process itself stays where the bank and everything else is.
  std::thread([this] {
    if (unshare(CLONE_NEWNET) == 0 && start_loopback())
      namespace_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (namespace_ < 0)
      std::fprintf(stderr, "no network namespace (%s): the virtual reader listens on every address\n",
                   std::strerror(errno));
  }).join();
}

OwnNetwork::~OwnNetwork() {
  if (namespace_ >= 0) close(namespace_);
}

void OwnNetwork::enter() const noexcept {
  if (namespace_ >= 0) setns(namespace_, CLONE_NEWNET);
}

std::string OwnNetwork::path() const {
  if (namespace_ < 0) return {};
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(namespace_);
}

}  // namespace koshin::test
