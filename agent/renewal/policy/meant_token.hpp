// SPDX-License-Identifier: MIT
// Which of several tokens the settings mean.
#pragma once

#include <string>

#include "foundation/settings/settings.hpp"

namespace koshin::renewal {

/// The URI of that token: token.uri, else expect.token_uri; empty: any.
inline const std::string& meant_token_uri(const Settings& settings) {
  return settings.token.uri.empty() ? settings.expect.token_uri : settings.token.uri;
}

}  // namespace koshin::renewal
