// SPDX-License-Identifier: MIT
// The bank's book: which certificate went to whom, and which ones no longer count.
#pragma once

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

/// An append-only file of JSON lines, shared by `koshin-bank issue` and a running server. Thread-safe.
class Ledger {
 public:
  struct Entry {
    std::string serial, common_name, sha256, how;
  };

  explicit Ledger(std::filesystem::path file);
  void record(X509* certificate, const std::string& how);
  /// Revokes every certificate of this CN but the one whose serial number is `keep`.
  void revoke_others(const std::string& common_name, const std::string& keep, const std::string& why);
  bool revoked(const std::string& serial);
  std::vector<Entry> entries();
  std::vector<std::string> revoked_serials();

 private:
  void catch_up();
  void append(const std::string& line);

  const std::filesystem::path file_;
  std::mutex mutex_;
  std::uintmax_t read_to_ = 0;
  std::vector<Entry> entries_;
  std::set<std::string> revoked_;
};

}  // namespace koshin::bank
