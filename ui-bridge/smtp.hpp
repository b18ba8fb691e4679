// SPDX-License-Identifier: MIT
// Delivery of one mail to the configured server.
#pragma once

#include <string>

#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::ui {

struct Delivery {
  bool sent = false;
  bool try_again = false;   ///< the network, or a 4xx answer of the server
  std::string detail = {};  ///< for the log; of a mail that was sent: which answer one of its recipients got
};

/// TLS by the URL ("smtps://") or STARTTLS, which is required unless the settings turn it off; a password is
/// never sent without TLS. Bounded to 30 s.
Delivery deliver(const Settings::Mail& settings, const SecureBuffer& password, const std::string& message);

}  // namespace koshin::ui
