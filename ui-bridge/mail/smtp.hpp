// SPDX-License-Identifier: MIT
// Delivery of one mail to the configured server.
#pragma once

#include <string>

#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::ui {

struct Delivery {
  bool sent = false;        ///< to the person (mail.to)
  bool try_again = false;   ///< the network, or a 4xx answer of the server
  std::string detail = {};  ///< for the log; of a mail that was sent: why the copy for mail.cc was not
};

/// TLS by the URL ("smtps://") or STARTTLS, which is required unless the settings turn it off; a password is
/// never sent without TLS. The copy for mail.cc is delivered once the mail is, and tried once. Each of the
/// two is bounded to 30 s.
Delivery deliver(const Settings::Mail& settings, const SecureBuffer& password, const std::string& message);

/// Connects, sets TLS up and authenticates as deliver() does, and ends the conversation (NOOP, QUIT): `sent`
/// says that the server has accepted all of it. Nothing is sent to anybody.
Delivery try_server(const Settings::Mail& settings, const SecureBuffer& password);

}  // namespace koshin::ui
