// SPDX-License-Identifier: MIT
// OpenSSL uses the first issuer with a matching name and tries no other when its signature does not verify.
// So when OpenSSL's own attempt fails, all paths are walked here by signature, and each is given to OpenSSL
// alone.
#include "enrollment/x509/chain.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

#include "enrollment/x509/openssl_handles.hpp"
#include "enrollment/x509/security_level.hpp"
#include "enrollment/x509/usage_check.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

// Above the size of any bank's hierarchy, below a noticeable load.
constexpr std::size_t longest_chain = 8;
constexpr int most_signatures = 200, most_chains = 50;

using Path = std::vector<const Certificate*>;

void free_borrowed_stack(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}
using BorrowedStack = OpensslHandle<STACK_OF(X509), free_borrowed_stack>;

/// Ignores the leaf's dates, which the caller checks.
int accept_dates_of_leaf(int ok, X509_STORE_CTX* context) {
  const int error = X509_STORE_CTX_get_error(context);
  const bool about_dates = error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
  if (ok == 1 || !about_dates || X509_STORE_CTX_get_error_depth(context) != 0) return ok;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

ChainTrouble trouble_of(X509_STORE_CTX* context, const Certificate& leaf) {
  const int error = X509_STORE_CTX_get_error(context);
  ChainTrouble trouble{X509_verify_cert_error_string(error), error == X509_V_ERR_EE_KEY_TOO_SMALL ||
                                                                 error == X509_V_ERR_CA_KEY_TOO_SMALL ||
                                                                 error == X509_V_ERR_CA_MD_TOO_WEAK};
  const X509* culprit = X509_STORE_CTX_get_current_cert(context);
  if (culprit != nullptr && X509_cmp(culprit, leaf.native()) != 0)
    trouble.why += " at " + printable(Certificate::from_der(to_der(culprit, i2d_X509)).subject(), 300);
  if (error == X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION && culprit != nullptr)
    trouble.why += " (" + unknown_critical_extensions(culprit) + ")";
  if (trouble.too_weak) trouble.why += "; " + refused_by_level();
  return trouble;
}

/// One verification by OpenSSL with these certificates.
std::optional<ChainTrouble> verify(const Certificate& leaf, const Path& anchors, const Path& untrusted,
                                   TimePoint at, ChainOf what) {
  ERR_clear_error();
  const X509Store store(X509_STORE_new());
  const X509StoreContext context(X509_STORE_CTX_new());
  const BorrowedStack stack(sk_X509_new_null());
  if (!store || !context || !stack) fail(Reason::internal_error, "chain building: " + openssl_errors());
  for (const auto* anchor : anchors) X509_STORE_add_cert(store.get(), anchor->native());
  for (const auto* certificate : untrusted) sk_X509_push(stack.get(), certificate->native());
  if (X509_STORE_CTX_init(context.get(), store.get(), leaf.native(), stack.get()) != 1)
    fail(Reason::internal_error, "chain building: " + openssl_errors());
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  // Not converted through std::chrono::system_clock, whose nanoseconds end in the year 2262.
  X509_VERIFY_PARAM_set_time(rules, at.time_since_epoch().count());
  X509_VERIFY_PARAM_set_auth_level(rules, security_level());
  const bool server = what == ChainOf::server;
  X509_STORE_CTX_set_purpose(context.get(), server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_ANY);
  if (!server) X509_STORE_CTX_set_verify_cb(context.get(), accept_dates_of_leaf);
  std::optional<ChainTrouble> trouble;
  if (X509_verify_cert(context.get()) != 1) trouble = trouble_of(context.get(), leaf);
  ERR_clear_error();
  return trouble;
}

Path pointers(const std::vector<Certificate>& certificates) {
  Path all;
  for (const auto& certificate : certificates) all.push_back(&certificate);
  return all;
}

/// Walks every path up from a certificate, by signature, until OpenSSL accepts one.
class Search {
 public:
  Search(const Certificate& leaf, const ChainParts& parts, TimePoint at, ChainOf what)
      : leaf_(leaf), parts_(parts), at_(at), what_(what), path_{&leaf} {}

  std::optional<ChainTrouble> run() {
    if (climb()) return std::nullopt;
    if (trouble_) return trouble_;
    const Certificate& last = *furthest_.back();
    const std::string name = "\"" + printable(last.subject(), 300) + "\"";
    if (impostor_)
      return ChainTrouble{"\"" + printable(impostor_->subject(), 300) + "\" is known here, but " + name +
                              ", which names it as its issuer, does not bear a signature of its key",
                          false};
    if (last.self_issued())
      return ChainTrouble{"the chain ends at " + name + ", which is no trust anchor", false};
    return ChainTrouble{"the certificate of \"" + printable(last.issuer(), 300) + "\", which has issued " +
                            name + ", is not known here",
                        false};
  }

 private:
  bool climb() {
    if (path_.size() > furthest_.size()) {
      furthest_ = path_;
      impostor_ = nullptr;
    }
    if (path_.size() >= longest_chain) return false;
    for (const auto& anchor : parts_.anchors) {
      if (leads_on(anchor) && accepted(anchor)) return true;
    }
    for (const auto& between : parts_.intermediates) {
      if (!leads_on(between)) continue;
      path_.push_back(&between);
      if (climb()) return true;
      path_.pop_back();
    }
    return false;
  }

  bool leads_on(const Certificate& next) {
    const auto is_next = [&](const Certificate* one) { return one->der() == next.der(); };
    if (std::any_of(path_.begin(), path_.end(), is_next)) return false;
    if (X509_check_issued(next.native(), path_.back()->native()) != X509_V_OK) return false;
    if (signatures_++ >= most_signatures) return false;
    if (next.has_issued(*path_.back())) return true;
    if (path_.back() == furthest_.back()) impostor_ = &next;
    return false;
  }

  bool accepted(const Certificate& anchor) {
    if (chains_++ >= most_chains) return false;
    auto trouble = verify(leaf_, {&anchor}, {path_.begin() + 1, path_.end()}, at_, what_);
    if (!trouble) return true;
    if (!trouble_) trouble_ = std::move(trouble);
    return false;
  }

  const Certificate& leaf_;
  const ChainParts& parts_;
  TimePoint at_;
  ChainOf what_;
  Path path_, furthest_;
  const Certificate* impostor_ =
      nullptr;  ///< has the issuer's name of the end of `furthest_`, but not its key
  std::optional<ChainTrouble> trouble_;
  int signatures_ = 0, chains_ = 0;
};

}  // namespace

std::optional<ChainTrouble> chain_trouble(const Certificate& certificate, const ChainParts& parts,
                                          TimePoint at, ChainOf what) {
  if (!verify(certificate, pointers(parts.anchors), pointers(parts.intermediates), at, what))
    return std::nullopt;
  return Search(certificate, parts, at, what).run();
}

const Certificate* find_issuer(const Certificate& certificate, const ChainParts& parts) {
  for (const auto* among : {&parts.anchors, &parts.intermediates}) {
    const auto found = std::find_if(among->begin(), among->end(),
                                    [&](const auto& one) { return one.has_issued(certificate); });
    if (found != among->end()) return &*found;
  }
  return nullptr;
}

bool is_root(const Certificate& certificate) {
  if (!certificate.self_issued()) return false;
  EVP_PKEY* key = X509_get0_pubkey(certificate.native());
  const bool signed_by_itself = key != nullptr && X509_verify(certificate.native(), key) == 1;
  ERR_clear_error();
  return signed_by_itself;
}

bool is_authority(const Certificate& certificate) {
  return X509_check_ca(certificate.native()) != 0;
}

}  // namespace koshin::enrollment
