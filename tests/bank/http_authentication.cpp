// SPDX-License-Identifier: MIT
// Parsing of Authorization headers, and the digest.
#include "bank/http_authentication.hpp"

#include <map>
#include <regex>

#include "bank/base64.hpp"

namespace koshin::bank {
namespace {

constexpr std::size_t max_nonces = 256;

std::string hash(const std::string& text) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::map<std::string, std::string> parse_parameters(const std::string& text) {
  static const std::regex parameter(R"re(([A-Za-z]+)=("([^"]*)"|[^",\s]+))re");
  std::map<std::string, std::string> values;
  for (std::sregex_iterator at(text.begin(), text.end(), parameter), end; at != end; ++at) {
    values[(*at)[1]] = (*at)[3].matched ? (*at)[3].str() : (*at)[2].str();
  }
  return values;
}

}  // namespace

HttpCredentials split_credentials(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {text, ""};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<HttpCredentials> basic_credentials(const Request& request) {
  const auto header = request.header("authorization");
  if (header.rfind("Basic ", 0) != 0) return std::nullopt;
  const auto decoded = base64_decode(header.substr(6));
  if (!decoded) return std::nullopt;
  return split_credentials(std::string(decoded->begin(), decoded->end()));
}

std::string HttpAuthentication::digest_challenge() {
  const auto nonce = random_hex(16);
  const std::lock_guard lock(mutex_);
  if (nonces_.size() >= max_nonces) nonces_.clear();
  nonces_.insert(nonce);
  return "Digest realm=\"Sakura Test Bank\", qop=\"auth\", algorithm=SHA-256, nonce=\"" + nonce + "\"";
}

bool HttpAuthentication::digest_accepts(const Request& request, const HttpCredentials& expected) {
  const auto header = request.header("authorization");
  if (header.rfind("Digest ", 0) != 0) return false;
  auto given = parse_parameters(header.substr(7));
  {
    const std::lock_guard lock(mutex_);
    if (nonces_.count(given["nonce"]) == 0) return false;
  }
  const auto target = request.query.empty() ? request.path : request.path + "?" + request.query;
  if (given["username"] != expected.user || given["uri"] != target || given["qop"] != "auth") return false;
  const auto secret = hash(expected.user + ":Sakura Test Bank:" + expected.password);
  const auto wanted = hash(secret + ":" + given["nonce"] + ":" + given["nc"] + ":" + given["cnonce"] +
                           ":auth:" + hash(request.method + ":" + target));
  return given["response"] == wanted;
}

}  // namespace koshin::bank
