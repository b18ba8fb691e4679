// SPDX-License-Identifier: MIT
// Converts settings and job options to options of the HTTP client; shared by all connections to an authority.
#pragma once

#include <optional>
#include <string>

#include "enrollment/http/credential.hpp"
#include "enrollment/http/http_client.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// The options without HTTP credentials. `url`: any URL of the server.
HttpOptions http_options(const Settings& settings, const AuthorityOptions& options, const std::string& url);

/// The HTTP credentials for the authority: the job's, else those of the settings. A one-time code (http_user
/// of the job) is sent as Basic unless the settings say Digest.
class AuthorityCredentials {
 public:
  /// Throws FailureError{settings_invalid} or {settings_unsafe} about authority.http_password_file.
  AuthorityCredentials(const Settings& settings, const AuthorityOptions& options);
  const HttpAuthentication& authentication() const { return authentication_; }
  bool by_code() const { return by_code_; }

 private:
  std::optional<SecureBuffer> from_file_;
  HttpAuthentication authentication_;
  bool by_code_ = false;
};

}  // namespace koshin::enrollment
