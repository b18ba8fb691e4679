// SPDX-License-Identifier: MIT
// A token and its objects, as docs/json.md documents them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/session.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::cli {

using Json = nlohmann::ordered_json;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}
inline Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json array_of(const auto& values, const auto& make) {
  Json all = Json::array();
  for (const auto& value : values) all.push_back(make(value));
  return all;
}

Json certificate_json(const Session& session, const messages::CertificateReport& certificate);
Json key_json(const messages::KeyReport& key);
Json token_json(const Session& session, const messages::TokenReport& token);

}  // namespace koshin::cli
