// SPDX-License-Identifier: MIT
// A forward proxy on loopback: HTTP CONNECT or SOCKS5, with or without a password.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace koshin::enrollment::test {

class TestProxy {
 public:
  enum class Kind { http, socks5 };
  struct Options {
    Kind kind = Kind::http;
    std::string user = {}, password = {};                     ///< empty: anybody may pass
    int http_status = 200;                                    ///< of the answer to CONNECT
    std::vector<std::string> offers = {"Basic realm=\"p\""};  ///< with 407; only Basic is understood
    unsigned char socks_reply = 0;
  };
  explicit TestProxy(Options options);
  ~TestProxy();
  TestProxy(const TestProxy&) = delete;
  TestProxy& operator=(const TestProxy&) = delete;

  std::string url() const;  ///< "http://127.0.0.1:PORT", "socks5h://127.0.0.1:PORT"
  /// "host:port" of every tunnel opened.
  std::vector<std::string> tunnels() const;
  /// Every CONNECT request as it came in.
  std::vector<std::string> heads() const;

  struct Parts;

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::enrollment::test
