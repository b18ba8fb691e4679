// SPDX-License-Identifier: MIT
#include "foundation/settings/token_attributes.hpp"

#include <algorithm>

#include "foundation/base/text.hpp"

namespace koshin {
namespace {

std::optional<std::string>* member_of(TokenAttributes& attributes, std::string_view name) {
  if (name == "token") return &attributes.label;
  if (name == "manufacturer") return &attributes.manufacturer;
  if (name == "model") return &attributes.model;
  return name == "serial" ? &attributes.serial : nullptr;
}

}  // namespace

std::optional<TokenAttributes> token_attributes_of(std::string_view uri) {
  constexpr std::string_view scheme = "pkcs11:";
  if (!uri.starts_with(scheme)) return {};
  TokenAttributes attributes;
  for (std::string_view rest = uri.substr(scheme.size()); !rest.empty();) {
    const std::string_view attribute = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), attribute.size() + 1));
    const auto equals = attribute.find('=');
    if (equals == std::string_view::npos || attribute.find('?') != std::string_view::npos) return {};
    auto* const member = member_of(attributes, attribute.substr(0, equals));
    auto value = percent_decode(attribute.substr(equals + 1));
    if (member == nullptr || member->has_value() || !value) return {};
    *member = std::move(*value);
  }
  return attributes;
}

}  // namespace koshin
