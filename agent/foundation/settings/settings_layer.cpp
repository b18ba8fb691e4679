// SPDX-License-Identifier: MIT
#include "foundation/settings/settings_layer.hpp"

#include <algorithm>
#include <array>

#include "foundation/base/small_letters.hpp"
#include "foundation/settings/default_settings.hpp"
#include "foundation/settings/settings_table.hpp"
#include "foundation/system/paths.hpp"

namespace koshin {
namespace {

using Origin = std::pair<std::string, std::string>;

auto find_origin(auto& settings, std::string_view key) {
  return std::find_if(settings.origins.begin(), settings.origins.end(),
                      [&](const Origin& origin) { return origin.first == key; });
}

/// Copies the keys that `upper` sets to `lower`.
void overlay(const Settings& upper, Settings& lower) {
  for (const Origin& origin : upper.origins) {
    copy_setting(*find_setting(origin.first), upper, lower);
    const auto known = find_origin(lower, origin.first);
    known == lower.origins.end() ? lower.origins.push_back(origin) : void(known->second = origin.second);
  }
}

/// Keys that speak of the server which another key names: a bank that names its own server has none of the
/// base's, least of all the password.
struct Server {
  std::string_view address;
  std::array<std::string_view, 4> about;
};
constexpr std::array servers{
    Server{"proxy.url", {"proxy.authentication", "proxy.user", "proxy.password_file", "proxy.trust_anchors"}},
    Server{"mail.url", {"mail.user", "mail.password_file", "mail.trust_anchors", "mail.starttls"}},
};

/// The settings that a named bank inherits from the base.
Settings inherited(const Settings& base) {
  Settings settings = default_settings();
  for (const SettingKey& key : settings_table()) {
    if (key.scope == SettingScope::bank) continue;
    copy_setting(key, base, settings);
    if (const auto origin = find_origin(base, key.name); origin != base.origins.end())
      settings.origins.push_back(*origin);
  }
  return settings;
}

/// Takes back what a bank has inherited about servers that it replaces.
void forget_other_servers(const Settings& own, Settings& bank) {
  const Settings unset = default_settings();
  for (const Server& server : servers) {
    if (find_origin(own, server.address) == own.origins.end()) continue;
    for (const std::string_view key : server.about) {
      copy_setting(*find_setting(key), unset, bank);
      std::erase_if(bank.origins, [&](const Origin& origin) { return origin.first == key; });
    }
  }
}

}  // namespace

std::size_t SettingsLayer::values() const {
  std::size_t count = base.origins.size();
  for (const Settings& bank : banks) count += bank.origins.size();
  return count;
}

Settings default_settings() {
  Settings settings;
  settings.reminders.thresholds = default_thresholds();
  settings.hooks.directory = paths::system_settings_directory() / "hooks.d";  // Windows has no /etc
  return settings;
}

const Settings* bank_alike(const std::vector<Settings>& banks, std::string_view name) {
  const auto found =
      std::ranges::find_if(banks, [&](const Settings& bank) { return is_same_bank(bank.bank(), name); });
  return found == banks.end() ? nullptr : &*found;
}

SettingsStack::SettingsStack() : base_(default_settings()) {}

void SettingsStack::lay(const SettingsLayer& layer) {
  overlay(layer.base, base_);
  for (const Settings& bank : layer.banks) {
    auto known = std::find_if(banks_.begin(), banks_.end(),
                              [&](const Settings& other) { return other.bank() == bank.bank(); });
    if (known == banks_.end()) {
      known = banks_.insert(banks_.end(), Settings{});
      known->expect.bank = bank.bank();
    }
    overlay(bank, *known);
  }
  locks_.insert(layer.locks.begin(), layer.locks.end());
}

Deployment SettingsStack::deployment() const {
  Deployment all{.base = base_, .banks = {}};
  if (banks_.empty() || !base_.authority.url.empty()) all.banks.push_back(base_);
  if (!banks_.empty() && !all.banks.empty()) all.banks.front().expect.bank = std::string(base_bank);
  for (const Settings& own : banks_) {
    Settings bank = inherited(base_);
    bank.expect.bank = own.bank();
    forget_other_servers(own, bank);
    overlay(own, bank);
    if (bank.branding.bank_name.empty()) bank.branding.bank_name.for_all = bank.bank();
    all.banks.push_back(std::move(bank));
  }
  std::vector<Settings::Expect> claims;
  for (const Settings& bank : all.banks) claims.push_back(bank.expect);
  for (Settings& bank : all.banks) bank.claims = claims;
  all.base.claims = claims;
  return all;
}

const Settings* Deployment::find(std::string_view bank) const {
  return bank_alike(banks, bank);
}

std::vector<std::string> Deployment::names() const {
  std::vector<std::string> all;
  for (const Settings& one : banks)
    if (!one.bank().empty()) all.push_back(one.bank());
  return all;
}

}  // namespace koshin
