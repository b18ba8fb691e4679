// SPDX-License-Identifier: MIT
// The side of the bank that customers do not see: the re-issue desk, the switches, and what happened so far.
#pragma once

#include <string>

#include "bank/books.hpp"
#include "bank/http_types.hpp"
#include "bank/login_service.hpp"

namespace koshin::bank {

/// Serves the control port: GET/POST /desk (HTML), POST /code, POST /switch, GET /state (JSON). Thread-safe.
class Desk {
 public:
  Desk(Books books, const LoginService& logins) : books_(books), logins_(logins) {}
  Response handle(const Request& request);
  /// A one-time code for this CN, valid for the hours that the switch code_hours names (default 24).
  std::string reissue_code(const std::string& common_name);

 private:
  Response page(const Request& request);
  Response code(const Request& request);
  Response set_switch(const Request& request);
  Response state() const;
  Books books_;
  const LoginService& logins_;
};

}  // namespace koshin::bank
