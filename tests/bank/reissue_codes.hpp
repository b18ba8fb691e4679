// SPDX-License-Identifier: MIT
// One-time codes that an administrator hands to a user who can no longer renew.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace koshin::bank {

/// Thread-safe. A code works for one user, for some hours, for one key: the same key may ask again with it,
/// since an answer can get lost on the way.
class ReissueCodes {
 public:
  /// A new code for this CN; an older one of the same CN stops working.
  std::string make(const std::string& common_name, std::chrono::hours valid);
  /// The CN the code belongs to, when `user` (the CN or its last word, the user id) goes with it and it was
  /// not used up by another key.
  std::optional<std::string> accept(const std::string& user, const std::string& code, const std::string& key);
  /// From now on the code works for this key alone.
  void bind(const std::string& code, const std::string& key);

 private:
  struct Entry {
    std::string common_name;
    std::chrono::system_clock::time_point expires;
    std::string key;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> codes_;
};

/// "user0001" of "12345678901234 user0001".
std::string user_id_of(const std::string& common_name);

}  // namespace koshin::bank
