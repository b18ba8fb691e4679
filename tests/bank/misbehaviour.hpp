// SPDX-License-Identifier: MIT
// The ways in which the bank answers wrongly on demand.
#pragma once

#include <optional>
#include <string>

#include "bank/ca.hpp"
#include "bank/http_types.hpp"
#include "bank/switches.hpp"

namespace koshin::bank {

/// The switches as one operation sees them: "csrattrs.status" is for csrattrs alone, plain "status" for the
/// two operations that enrol.
class Misbehaviour {
 public:
  Misbehaviour(Switches& switches, std::string operation);
  bool take(const std::string& name) const;
  std::string take_text(const std::string& name) const;
  std::string get(const std::string& name) const;

  /// A redirect or an error, when one is switched on, in place of doing what was asked.
  std::optional<Response> instead_of_answering(const Request& request) const;
  /// Changes what will be certified. True when something was changed, so that the result is not kept as the
  /// answer to this request.
  bool spoil(CertificateOrder& order) const;
  /// Changes an answer that is otherwise fine.
  Response spoil(Response response) const;

 private:
  bool enrolls() const { return operation_ == "simpleenroll" || operation_ == "simplereenroll"; }
  Switches& switches_;
  std::string operation_;
};

}  // namespace koshin::bank
