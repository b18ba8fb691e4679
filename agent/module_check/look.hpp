// SPDX-License-Identifier: MIT
// What koshin-module-look says about a module, its tokens and the objects on one of them.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::module_check {

struct ModuleFacts {
  std::string description, manufacturer, version;
};

struct Mechanism {
  std::uint64_t number = 0;
  std::string name;  ///< empty: one that koshin has no use for
  std::uint64_t min_key_size = 0, max_key_size = 0, flags = 0;
};

struct TokenFacts {
  std::string uri, label, manufacturer, model, serial;
  bool initialized = false;
  std::string hardware_version, firmware_version;
  std::vector<std::string> flags;
  std::vector<Mechanism> mechanisms;
};

struct ObjectFacts {
  std::string kind, id, label, certificate_sha256;
  std::string digest;  ///< of everything readable; two equal ones are the same object, byte for byte
};

struct Sight {
  ModuleFacts module;
  std::vector<TokenFacts> tokens;    ///< that the URI fits
  std::vector<ObjectFacts> objects;  ///< of the one token; empty without a PIN
};

/// How a token is opened for its objects to be seen.
struct Opening {
  const SecureBuffer* pin = nullptr;
  bool on_reader = false;  ///< the PIN is typed on the reader
  /// As of PinConsent: which try of the PIN is made although it may be one of the last.
  bool count_low = false, final_try = false;
};

/// Runs koshin-module-look, at most a minute. `uri`: RFC 7512, empty: all tokens. Throws the failure that it
/// ended with. The PIN is tried at exactly one token (token_ambiguous), and not where the worker would not
/// try it (renewal/policy/pin_rules.hpp).
Sight look_at(const std::string& module, const std::string& uri, const Opening& opening,
              const std::stop_token& stop);

}  // namespace koshin::module_check
