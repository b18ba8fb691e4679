// SPDX-License-Identifier: MIT
// Messages from the parent process on standard input, and its end.
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
    /// The person is to be notified again: `reason` is one of the agent's decisions ("due"), `certificate` a
    /// fingerprint (SHA-256, hexadecimal) or empty.
    std::function<void(const std::string& reason, const std::string& certificate)> told_again;
    std::function<void()> settled;  ///< there is nothing to notify any more
    std::function<void()> gone;     ///< the parent has ended, or a signal requests the end
  };
  /// Who started this program.
  enum class Parent { agent, desktop };
  /// Listens on standard input when that is a pipe and the parent an agent, and for requests of the system to
  /// end. A browser that follows a link may leave any pipe on standard input.
  static std::unique_ptr<ParentLink> listen(boost::asio::io_context& context, Parent parent,
                                            Listener listener);
  /// Reports on standard output, if standard input is a pipe, that this page now handles that token.
  virtual void tell_went_on(const std::string& token_uri) = 0;
  virtual ~ParentLink() = default;
};

}  // namespace koshin::ui
