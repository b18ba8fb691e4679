// SPDX-License-Identifier: MIT
// Loopback sockets.
#include "sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace koshin::enrollment::test {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int bound_socket(int& port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  if (descriptor < 0 || bind(descriptor, generic, size) != 0 ||
      getsockname(descriptor, generic, &size) != 0) {
    throw std::runtime_error("no loopback socket");
  }
  port = ntohs(address.sin_port);
  return descriptor;
}

}  // namespace

LoopbackListener::LoopbackListener(std::function<void(int, int)> serve)
    : serve_(std::move(serve)), listener_(bound_socket(port_)) {
  if (listen(listener_, 16) != 0) throw std::runtime_error("cannot listen");
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackListener::~LoopbackListener() {
  stop();
}

void LoopbackListener::accept_all() {
  for (;;) {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      close(descriptor);
      return;
    }
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor, number = ++connections_] {
      serve_(descriptor, number);
      untrack(descriptor);
      close(descriptor);
    });
  }
}

void LoopbackListener::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    for (const int descriptor : open_) shutdown(descriptor, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  close(listener_);
}

int LoopbackListener::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void LoopbackListener::track(int descriptor) {
  const std::lock_guard lock(mutex_);
  if (stopping_) shutdown(descriptor, SHUT_RDWR);
  open_.push_back(descriptor);
}

void LoopbackListener::untrack(int descriptor) {
  const std::lock_guard lock(mutex_);
  std::erase(open_, descriptor);
}

int closed_port() {
  int port = 0;
  close(bound_socket(port));
  return port;
}

int connect_to(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port);
  if (connect(descriptor, static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) == 0)
    return descriptor;
  close(descriptor);
  return -1;
}

}  // namespace koshin::enrollment::test
