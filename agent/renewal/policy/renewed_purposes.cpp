// SPDX-License-Identifier: MIT
#include "renewal/policy/renewed_purposes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace koshin::renewal {
namespace {

using messages::Purpose;

constexpr std::array<std::pair<RenewedPurpose, Purpose>, 3> purposes{{
    {RenewedPurpose::login, Purpose::log_in},
    {RenewedPurpose::signature, Purpose::signature},
    {RenewedPurpose::encryption, Purpose::encryption},
}};

}  // namespace

std::vector<Purpose> renewed_purposes(const Settings::Expect& expect) {
  std::vector<Purpose> renewed;
  for (const auto& [setting, purpose] : purposes)
    if (std::ranges::find(expect.purposes, word(setting)) != expect.purposes.end())
      renewed.push_back(purpose);
  return renewed;
}

bool is_renewed(Purpose purpose, const Settings::Expect& expect) {
  const auto renewed = renewed_purposes(expect);
  return std::ranges::find(renewed, purpose) != renewed.end();
}

bool has_lineage(Purpose purpose) {
  return std::ranges::any_of(purposes, [&](const auto& row) { return row.second == purpose; });
}

Purpose renewed_purpose_of(std::string_view name) {
  const auto found =
      std::ranges::find_if(purposes, [&](const auto& row) { return to_string(row.second) == name; });
  return found == purposes.end() ? Purpose::log_in : found->second;
}

Settings settings_for_purpose(const Settings& settings, Purpose purpose) {
  Settings own = settings;
  const auto& authority = settings.authority;
  const std::string& label = purpose == Purpose::signature    ? authority.signature_label
                             : purpose == Purpose::encryption ? authority.encryption_label
                                                              : authority.label;
  if (!label.empty()) own.authority.label = label;
  return own;
}

}  // namespace koshin::renewal
