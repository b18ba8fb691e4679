// SPDX-License-Identifier: MIT
#include "renewal/token/known_authorities.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string_view>

#include "enrollment/x509/chain.hpp"
#include "enrollment/x509/pem.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/policy/stable_hash.hpp"

namespace koshin::renewal {
namespace {

constexpr std::size_t most_kept = 32;

/// One file of each kind for each authority.
std::filesystem::path file_for(const Settings& settings, std::string_view kind) {
  const std::uint64_t hash = stable_hash({settings.authority.url});
  std::vector<std::uint8_t> bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(hash >> shift));
  return paths::state_directory() / (std::string(kind) + "-" + to_hex(bytes) + ".pem");
}

/// The file's text; empty for an untrusted file, which is overwritten.
std::string kept_text(const std::filesystem::path& file) {
  constexpr std::size_t limit = std::size_t{1024} * 1024;
  try {
    return read_guarded_file(file, Guard::write, limit).value_or("");
  } catch (const UnsafeFile&) {
    return {};
  } catch (const std::length_error&) {
    return {};
  }
}

/// Returns true when the file's content changed.
bool keep(const Settings& settings, std::string_view kind, const Certificates& certificates) {
  try {
    const auto file = file_for(settings, kind);
    const std::span all(certificates);
    const std::string text = enrollment::to_pem(all.first(std::min(all.size(), most_kept)));
    if (text.empty() || kept_text(file) == text) return false;
    write_file_atomically(file, text);
    return true;
  } catch (const std::exception& error) {
    log::debug("the authority's certificates are not kept", {{"KOSHIN_DETAIL", error.what()}});
    return false;
  }
}

Certificates kept(const Settings& settings, std::string_view kind) {
  try {
    const auto file = file_for(settings, kind);
    return std::filesystem::exists(file) ? enrollment::Certificate::from_pem_file(file.string())
                                         : Certificates{};
  } catch (const std::exception& error) {
    log::debug("the authority's certificates were not kept well", {{"KOSHIN_DETAIL", error.what()}});
    return {};
  }
}

constexpr std::string_view published = "authorities", came_along = "issuers";

}  // namespace

bool remember_authorities(const Settings& settings, const Certificates& certificates) {
  return keep(settings, published, certificates);
}

Certificates remembered_authorities(const Settings& settings) {
  return kept(settings, published);
}

void remember_issuers(const Settings& settings, const Certificates& others) {
  Certificates all;
  const auto add = [&all](const Certificates& more) {
    for (const auto& one : more) {
      const bool there = std::ranges::any_of(all, [&](const auto& seen) { return seen.der() == one.der(); });
      if (!there && enrollment::is_authority(one)) all.push_back(one);
    }
  };
  add(others);
  if (all.empty()) return;
  add(kept(settings, came_along));
  keep(settings, came_along, all);
}

Certificates remembered_issuers(const Settings& settings) {
  return kept(settings, came_along);
}

}  // namespace koshin::renewal
