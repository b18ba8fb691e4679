// SPDX-License-Identifier: MIT
// SoftHSM with tokens of a test's own.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace koshin::test {

/// An isolated SoftHSM configuration. Sets SOFTHSM2_CONF for this process and its children, so one at a time
/// is in use.
class SoftHsm {
 public:
  static constexpr const char* default_pin = "73519264";

  explicit SoftHsm(const std::filesystem::path& directory);
  /// libsofthsm2.so. Throws std::runtime_error when the machine has none.
  static std::filesystem::path module();
  void init_token(const std::string& label, const std::string& pin = default_pin,
                  const std::string& so_pin = "so-12345678");
  /// Moves the token's directory away: noticed at the next C_Initialize or C_GetSlotList.
  void remove_token(const std::string& label);
  void reinsert_token(const std::string& label);
  /// Where the token's objects are.
  std::filesystem::path token_directory(const std::string& label) const;
  std::filesystem::path configuration() const;
  /// The user PIN given to init_token.
  const std::string& pin(const std::string& label) const;

 private:
  struct Token {
    std::string folder, pin;
  };
  std::filesystem::path directory_;
  std::map<std::string, Token> tokens_;
};

}  // namespace koshin::test
