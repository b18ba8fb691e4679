// SPDX-License-Identifier: MIT
#include "inventory_oracle.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "renewal/policy/policy.hpp"

namespace koshin::test {
namespace {

using messages::Purpose;

/// Of one lineage: of equal purpose, holder and issuer, or tied by completed records.
std::vector<std::set<std::size_t>> tied_by_records(const GeneratedToken& token) {
  std::vector<std::set<std::size_t>> groups;
  const auto same = [&](std::size_t a, std::size_t b) {
    const auto &one = token.certificates[a], &other = token.certificates[b];
    if (one.purpose != other.purpose || one.holder != other.holder) return false;
    if (one.issuer == other.issuer && one.signs == other.signs) return true;
    return std::any_of(token.records.begin(), token.records.end(), [&](const auto& record) {
      const bool pair =
          (record.old_one == a && record.new_one == b) || (record.old_one == b && record.new_one == a);
      return pair && record.state == renewal::State::completed;
    });
  };
  for (std::size_t i = 0; i < token.certificates.size(); ++i) {
    std::set<std::size_t> joined{i};
    for (auto group = groups.begin(); group != groups.end();) {
      const bool touches =
          std::any_of(group->begin(), group->end(), [&](std::size_t j) { return same(i, j); });
      if (!touches) {
        ++group;
        continue;
      }
      joined.merge(*group);
      group = groups.erase(group);
    }
    groups.push_back(std::move(joined));
  }
  return groups;
}

bool later(const GeneratedToken& token, std::size_t one, std::size_t other) {
  const auto &a = token.certificates[one], &b = token.certificates[other];
  return std::make_tuple(a.ends, a.begins, fingerprint(one)) >
         std::make_tuple(b.ends, b.begins, fingerprint(other));
}

bool is_due(const GeneratedCertificate& one, TimePoint now) {
  const TimePoint end = now + std::chrono::days{one.ends};
  return now <= end && now >= subtract(end, Settings{}.renewal.window) && one.begins <= 0;
}

bool is_in_use(const GeneratedToken& token, const std::set<std::size_t>& group, std::size_t i) {
  const auto& one = token.certificates[i];
  if (one.purpose != Purpose::log_in || !one.key_present) return false;
  if (token.expects_first_holder && one.holder != 0) return false;
  return std::none_of(group.begin(), group.end(), [&](std::size_t j) {
    return later(token, j, i) && token.certificates[j].key_present && token.certificates[j].begins <= 0;
  });
}

bool is_known(const GeneratedToken& token, const GeneratedCertificate& one) {
  return token.knows_authority && one.issuer == 0;
}

/// A month is the window of the settings' defaults.
bool for_longer_than_the_window(const GeneratedCertificate& expired, TimePoint now) {
  return now > add(now + std::chrono::days{expired.ends}, Settings{}.renewal.window);
}

/// Whether this valid one is why an expired one of another lineage is left behind.
bool stands_for(const GeneratedToken& token, const GeneratedCertificate& valid,
                const GeneratedCertificate& expired, TimePoint now) {
  if (is_known(token, valid)) return !is_known(token, expired) || for_longer_than_the_window(expired, now);
  return !is_known(token, expired) && for_longer_than_the_window(expired, now);
}

}  // namespace

std::set<std::string> to_be_renewed(const GeneratedToken& token, TimePoint now) {
  std::set<std::string> result;
  for (const auto& group : tied_by_records(token)) {
    for (const std::size_t i : group) {
      if (is_due(token.certificates[i], now) && is_in_use(token, group, i)) result.insert(fingerprint(i));
    }
  }
  return result;
}

std::set<std::string> to_be_reissued(const GeneratedToken& token, TimePoint now) {
  const auto groups = tied_by_records(token);
  std::set<std::string> result;
  for (const auto& group : groups) {
    for (const std::size_t i : group) {
      const auto& expired = token.certificates[i];
      if (expired.ends >= 0 || !is_in_use(token, group, i)) continue;
      bool left_behind = false;
      for (const auto& others : groups) {
        for (const std::size_t j : others) {
          const auto& other = token.certificates[j];
          if (other.ends < 0 || !is_in_use(token, others, j)) continue;
          left_behind =
              left_behind || (other.begins <= 0 ? stands_for(token, other, expired, now) : &others == &group);
        }
      }
      if (!left_behind) result.insert(fingerprint(i));
    }
  }
  return result;
}

}  // namespace koshin::test
