// SPDX-License-Identifier: MIT
// What the process that started us says on our standard input, and its end.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

class ParentLink {
 public:
  struct Listener {
    std::function<void()> token_removed;
    /// It is time to tell the person again: why is one of the agent's decisions ("due"), about which
    /// certificate is its fingerprint (SHA-256, hexadecimal) or empty.
    std::function<void(const std::string& reason, const std::string& certificate)> told_again;
    std::function<void()> settled;  ///< there is nothing to tell any more
    std::function<void()> gone;     ///< the parent has ended, or a signal asks us to
  };
  /// Listens on standard input when that is a pipe, and for SIGTERM and SIGINT.
  static std::unique_ptr<ParentLink> listen(boost::asio::io_context& context, Listener listener);
  /// Says on standard output, when standard input is a pipe, that this page is about that token from here on.
  virtual void tell_went_on(const std::string& token_uri) = 0;
  virtual ~ParentLink() = default;
};

}  // namespace koshin::ui
