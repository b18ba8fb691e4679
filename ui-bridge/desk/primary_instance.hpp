// SPDX-License-Identifier: MIT
// One koshin-ui answers links at a time: a link that is followed while a page is there leads to that page.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "ui-bridge/wizard/link.hpp"
#include "ui-bridge/wizard/page_address.hpp"

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

/// The koshin-ui of this user to which links lead, until it is destroyed or its process ends.
class PrimaryInstance {
 public:
  /// Takes a link that another koshin-ui was started with. The result is the page's address, with which that
  /// koshin-ui starts the browser; empty where the primary instance opens the page itself.
  using Activated = std::function<PageAddress(Link)>;

  /// Null when another koshin-ui is the primary instance, or, with a log entry, when none can be.
  static std::unique_ptr<PrimaryInstance> become(boost::asio::io_context& context, Activated activated);
  virtual ~PrimaryInstance() = default;
};

/// Hands the link to the primary instance, and waits at most two seconds. Empty when there is none, or none
/// that answers.
std::optional<PageAddress> activate_primary_instance(Link link);

}  // namespace koshin::ui
