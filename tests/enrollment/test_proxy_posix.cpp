// SPDX-License-Identifier: MIT
// The proxy: a greeting, then bytes in both directions. Every target is taken to be on 127.0.0.1.
#include "test_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>

#include "enrollment/http/base64.hpp"
#include "sockets.hpp"

namespace koshin::enrollment::test {

namespace {

bool send_all(int descriptor, const std::string& text) {
  return send(descriptor, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

std::string receive_exactly(int descriptor, std::size_t size) {
  std::string text(size, '\0');
  if (recv(descriptor, text.data(), size, MSG_WAITALL) != static_cast<ssize_t>(size)) return {};
  return text;
}

std::string receive_head(int descriptor) {
  std::string head;
  while (head.size() < 16384 && !head.ends_with("\r\n\r\n")) {
    const std::string next = receive_exactly(descriptor, 1);
    if (next.empty()) return {};
    head += next;
  }
  return head;
}

bool copy_some(int from, int to) {
  std::array<char, 16384> buffer{};
  const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
  return size > 0 && send_all(to, std::string(buffer.data(), static_cast<std::size_t>(size)));
}

void relay(int client, int server) {
  std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
  while (poll(ends.data(), ends.size(), -1) > 0) {
    if (ends[0].revents != 0 && !copy_some(client, server)) return;
    if (ends[1].revents != 0 && !copy_some(server, client)) return;
  }
}

}  // namespace

struct TestProxy::Parts {
  Options options;
  mutable std::mutex mutex;
  std::vector<std::string> tunnels, heads;
  std::unique_ptr<LoopbackListener> listener;

  /// "host:port" that the client may go to; empty when the talk ended otherwise.
  std::string greet_http(int client) {
    const pkcs11::Bytes secret = [&] {
      const std::string text = options.user + ":" + options.password;
      return pkcs11::Bytes(text.begin(), text.end());
    }();
    for (;;) {
      const std::string head = receive_head(client);
      if (!head.starts_with("CONNECT ")) return {};
      {
        const std::lock_guard lock(mutex);
        heads.push_back(head);
      }
      const bool knows = options.user.empty() || head.find("Basic " + to_base64(secret)) != std::string::npos;
      if (knows && options.http_status == 200) return head.substr(8, head.find(' ', 8) - 8);
      const std::string status = knows ? std::to_string(options.http_status) : "407";
      std::string answer = "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n";
      for (const auto& offer : options.offers) answer += "Proxy-Authenticate: " + offer + "\r\n";
      send_all(client, answer + "\r\n");
    }
  }

  bool socks_password_fits(int client) const {
    const std::string head = receive_exactly(client, 2);
    if (head.size() != 2) return false;
    const std::string user = receive_exactly(client, static_cast<unsigned char>(head[1]));
    const std::string length = receive_exactly(client, 1);
    if (length.empty()) return false;
    const bool fits = receive_exactly(client, static_cast<unsigned char>(length[0])) == options.password &&
                      user == options.user;
    return send_all(client, fits ? std::string("\x01\x00", 2) : std::string("\x01\x01", 2)) && fits;
  }

  std::string greet_socks(int client) const {
    const std::string head = receive_exactly(client, 2);
    if (head.size() != 2) return {};
    const std::string methods = receive_exactly(client, static_cast<unsigned char>(head[1]));
    const char method = options.user.empty() ? '\0' : '\x02';
    const bool offered = methods.find(method) != std::string::npos;
    send_all(client, std::string{'\x05', offered ? method : '\xFF'});
    if (!offered || (!options.user.empty() && !socks_password_fits(client))) return {};
    const std::string request = receive_exactly(client, 5);
    if (request.size() != 5 || request[3] != '\x03') return {};  // a name: what socks5h sends
    const std::string host = receive_exactly(client, static_cast<unsigned char>(request[4]));
    const std::string port = receive_exactly(client, 2);
    if (port.size() != 2) return {};
    if (options.socks_reply != 0) {
      send_all(client, std::string{'\x05', static_cast<char>(options.socks_reply), 0, 1, 0, 0, 0, 0, 0, 0});
      return {};
    }
    return host + ":" +
           std::to_string(static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]));
  }

  void serve(int client) {
    const bool http = options.kind == Kind::http;
    const std::string target = http ? greet_http(client) : greet_socks(client);
    if (target.empty()) return;
    {
      const std::lock_guard lock(mutex);
      tunnels.push_back(target);
    }
    const int server = connect_to(std::stoi(target.substr(target.rfind(':') + 1)));
    if (server < 0) return;
    listener->track(server);
    if (send_all(client, http ? "HTTP/1.1 200 OK\r\n\r\n" : std::string{'\x05', 0, 0, 1, 0, 0, 0, 0, 0, 0}))
      relay(client, server);
    listener->untrack(server);
    close(server);
  }
};

TestProxy::TestProxy(Options options) : parts_(std::make_unique<Parts>()) {
  parts_->options = std::move(options);
  const std::lock_guard lock(parts_->mutex);  // serve() uses listener, which is being made
  parts_->listener = std::make_unique<LoopbackListener>(
      [parts = parts_.get()](int descriptor, int /*number*/) { parts->serve(descriptor); });
}

TestProxy::~TestProxy() {
  parts_->listener->stop();
}

std::string TestProxy::url() const {
  const char* scheme = parts_->options.kind == Kind::http ? "http" : "socks5h";
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(parts_->listener->port());
}

std::vector<std::string> TestProxy::tunnels() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->tunnels;
}

std::vector<std::string> TestProxy::heads() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->heads;
}

}  // namespace koshin::enrollment::test
