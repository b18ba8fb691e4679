// SPDX-License-Identifier: MIT
// Codes of twelve characters that cannot be mistaken for one another when read aloud.
#include "bank/reissue_codes.hpp"

#include <openssl/rand.h>

#include <array>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

std::string user_id_of(const std::string& common_name) {
  const auto blank = common_name.rfind(' ');
  return blank == std::string::npos ? common_name : common_name.substr(blank + 1);
}

std::string ReissueCodes::make(const std::string& common_name, std::chrono::hours valid) {
  static constexpr char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";  // 32 characters: no bias
  std::array<unsigned char, 12> bytes{};
  check(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "make a code");
  std::string code;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (at != 0 && at % 4 == 0) code += '-';
    code += alphabet[bytes[at] % 32];
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(codes_, [&](const auto& item) { return item.second.common_name == common_name; });
  codes_[code] = {common_name, std::chrono::system_clock::now() + valid, ""};
  return code;
}

std::optional<std::string> ReissueCodes::accept(const std::string& user, const std::string& code,
                                                const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = codes_.find(code);
  if (found == codes_.end()) return std::nullopt;
  const auto& entry = found->second;
  if (user != entry.common_name && user != user_id_of(entry.common_name)) return std::nullopt;
  if (std::chrono::system_clock::now() >= entry.expires) return std::nullopt;
  if (!entry.key.empty() && entry.key != key) return std::nullopt;
  return entry.common_name;
}

void ReissueCodes::bind(const std::string& code, const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = codes_.find(code);
  if (found != codes_.end()) found->second.key = key;
}

}  // namespace koshin::bank
