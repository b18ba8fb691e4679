// SPDX-License-Identifier: MIT
// Walks from a certificate to its issuers, along every path.
#include "enrollment/http/client_chain.hpp"

#include <algorithm>

#include "enrollment/x509/chain.hpp"
#include "enrollment/x509/openssl_handles.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t longest_shown_chain = 8, most_ways = 16;
constexpr int most_signatures = 200;

/// The issuers of a leaf, each certified by the next, up to below a root or to an unknown issuer.
using Way = std::vector<const Certificate*>;

bool is_listed(const Certificate& subject, const STACK_OF(X509_NAME) * names) {
  const X509_NAME* issuer = X509_get_issuer_name(subject.native());
  for (int i = 0; i < sk_X509_NAME_num(names); ++i) {
    if (X509_NAME_cmp(issuer, sk_X509_NAME_value(names, i)) == 0) return true;
  }
  return false;
}

class Search {
 public:
  Search(const std::vector<Certificate>& known, TimePoint now) : known_(known), now_(now) {}

  std::vector<Way> ways_from(const Certificate& leaf) {
    climb(leaf);
    auto& found = ways_.empty() ? circles_ : ways_;
    std::ranges::stable_sort(found, {}, &Way::size);
    return std::move(found);
  }

 private:
  /// The issuers that are valid now; all of them if none is.
  Way issuers_of(const Certificate& subject) {
    Way valid, others;
    for (const Certificate& candidate : known_) {
      if (signatures_ >= most_signatures) break;
      if (X509_check_issued(candidate.native(), subject.native()) != X509_V_OK) continue;
      ++signatures_;
      if (!candidate.has_issued(subject)) continue;
      const bool in_force = candidate.not_before() <= now_ && now_ <= candidate.not_after();
      (in_force ? valid : others).push_back(&candidate);
    }
    return valid.empty() ? others : valid;
  }

  /// Compares name and key: cross-certificates and link certificates certify an authority that is already on
  /// the path.
  bool leads_through(const Certificate& authority) const {
    return std::ranges::any_of(way_, [&](const Certificate* one) {
      return one->subject_der() == authority.subject_der() &&
             one->public_key_der() == authority.public_key_der();
    });
  }

  void end(std::vector<Way>& among) const {
    if (among.size() < most_ways && std::ranges::find(among, way_) == among.end()) among.push_back(way_);
  }

  void climb(const Certificate& subject) {  // NOLINT(misc-no-recursion): no deeper than the longest chain
    const Way issuers = issuers_of(subject);
    if (issuers.empty() || way_.size() >= longest_shown_chain) return end(ways_);
    bool circle = true;
    for (const Certificate* issuer : issuers) {
      if (leads_through(*issuer)) continue;
      circle = false;
      if (is_root(*issuer)) {
        end(ways_);
        continue;
      }
      way_.push_back(issuer);
      climb(*issuer);
      way_.pop_back();
    }
    if (circle) end(circles_);
  }

  const std::vector<Certificate>& known_;
  TimePoint now_;
  int signatures_ = 0;
  Way way_;
  std::vector<Way> ways_, circles_;
};

/// The paths with an authority that the server names; all of them, where there is none.
std::vector<Way> wanted_ways(const Certificate& leaf, std::vector<Way> ways,
                             const STACK_OF(X509_NAME) * names) {
  const auto is_wanted = [&](const Way& way) {
    return is_listed(leaf, names) ||
           std::ranges::any_of(way, [&](const Certificate* one) { return is_listed(*one, names); });
  };
  if (std::ranges::any_of(ways, is_wanted))
    std::erase_if(ways, [&](const Way& way) { return !is_wanted(way); });
  return ways;
}

}  // namespace

std::vector<Certificate> client_chain(const Certificate& leaf, const std::vector<Certificate>& known,
                                      TimePoint now, const STACK_OF(X509_NAME) * names) {
  std::vector<Certificate> chain;
  if (is_root(leaf)) return chain;
  for (const Way& way : wanted_ways(leaf, Search(known, now).ways_from(leaf), names)) {
    for (const Certificate* one : way) {
      const bool shown =
          std::ranges::any_of(chain, [&](const auto& seen) { return seen.der() == one->der(); });
      if (!shown && chain.size() < longest_shown_chain) chain.push_back(*one);
    }
  }
  return chain;
}

}  // namespace koshin::enrollment
