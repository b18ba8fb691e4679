// SPDX-License-Identifier: MIT
// Messages from the parent process on standard input, and its end.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

class ParentLink {
 public:
  /// What the person is to be notified of, as on the command line (struct Occasion).
  struct News {
    std::string reason;       ///< one of the agent's decisions ("due")
    std::string certificate;  ///< fingerprint (SHA-256, hexadecimal), or empty
    std::size_t due = 0;      ///< how many certificates are due; 0: not told
    std::string purpose;      ///< of the certificate, where it does not log in
  };
  struct Listener {
    std::function<void()> token_removed;
    std::function<void(const News&)> told_again;  ///< the person is to be notified again
    std::function<void()> settled;                ///< there is nothing to notify any more
    std::function<void()> gone;                   ///< the parent has ended, or a signal requests the end
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
