// SPDX-License-Identifier: MIT
#include "proxy_lookup/script_environment.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace koshin::proxy_lookup {
namespace {

bool write_address(const in_addr& from, char (&address)[address_size]) noexcept {  // NOLINT(*-avoid-c-arrays)
  static_assert(address_size >= INET_ADDRSTRLEN);
  return inet_ntop(AF_INET, &from, address, address_size) != nullptr;
}

}  // namespace

bool resolve_to_ipv4(const char* host, char (&address)[address_size]) noexcept {  // NOLINT(*-avoid-c-arrays)
  addrinfo wanted{};
  wanted.ai_family = AF_INET;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host, nullptr, &wanted, &found) != 0 || found == nullptr) return false;
  sockaddr_in first{};
  std::memcpy(&first, found->ai_addr, sizeof first);
  freeaddrinfo(found);
  return write_address(first.sin_addr, address);
}

void own_ipv4(char (&address)[address_size]) noexcept {  // NOLINT(*-avoid-c-arrays)
  std::strncpy(address, "127.0.0.1", address_size);
  const int probe = socket(AF_INET, SOCK_DGRAM, 0);
  if (probe < 0) return;
  fcntl(probe, F_SETFD, FD_CLOEXEC);  // not every system has SOCK_CLOEXEC
  // The kernel chooses the address when a datagram's target is set; none is sent (RFC 5737's documentation
  // net).
  sockaddr_in anywhere{};
  anywhere.sin_family = AF_INET;
  anywhere.sin_port = htons(9);
  inet_pton(AF_INET, "198.51.100.1", &anywhere.sin_addr);
  sockaddr_in own{};
  socklen_t size = sizeof own;
  if (connect(probe, reinterpret_cast<const sockaddr*>(&anywhere), sizeof anywhere) == 0 &&
      getsockname(probe, reinterpret_cast<sockaddr*>(&own), &size) == 0)
    write_address(own.sin_addr, address);
  close(probe);
}

void limit_processor(unsigned long seconds) noexcept {
  const rlimit cpu{seconds, seconds};
  setrlimit(RLIMIT_CPU, &cpu);
}

}  // namespace koshin::proxy_lookup
