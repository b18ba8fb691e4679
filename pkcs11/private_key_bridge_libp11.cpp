// SPDX-License-Identifier: MIT
// The libp11 bridge. libp11 0.4 loads a module by file name and lists all its objects, with hundreds of calls
// on a full token; here it lists the view (libp11_view.hpp), which needs no call of the token.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <libp11.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <mutex>
#include <stdexcept>

#include "pkcs11/error.hpp"
#include "pkcs11/guarded_signer.hpp"
#include "pkcs11/libp11_view.hpp"
#include "pkcs11/shared_object.hpp"

namespace koshin::pkcs11 {
namespace {

constexpr const char* view_file = "koshin-libp11-view.so";

[[noreturn]] void libp11_failed(const char* what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  throw std::runtime_error(std::string("libp11 could not ") + what + (reason == nullptr ? "" : ": ") +
                           (reason == nullptr ? "" : reason));
}

std::filesystem::path view_path() {
  std::string tried;
  for (const std::filesystem::path& candidate : helper_library_candidates(view_file)) {
    std::error_code ignored;
    if (std::filesystem::exists(candidate, ignored)) return candidate;
    tried += (tried.empty() ? "" : ", ") + candidate.string();
  }
  throw ModuleError(ModuleError::Kind::not_found,
                    std::string(view_file) +
                        ", a part of koshin, is missing: install koshin again (looked for " + tried + ")");
}

/// The libp11 context for all keys of the process. Never freed: libp11's keys point into it, and their owners
/// may keep them for any time.
PKCS11_CTX* context() {
  static PKCS11_CTX* const loaded = [] {
    const std::filesystem::path path = view_path();
    const auto view = SharedObject::load(path);
    const auto bind = reinterpret_cast<void (*)(CK_FUNCTION_LIST*)>(view->symbol("koshin_libp11_view_bind"));
    if (bind == nullptr) libp11_failed("use its helper library");
    bind(view_functions());
    view->keep();
    PKCS11_CTX* made = PKCS11_CTX_new();
    if (made == nullptr || PKCS11_CTX_load(made, path.c_str()) != 0) libp11_failed("load its helper library");
    return made;
  }();
  return loaded;
}

/// The slots of one enumeration, and their key. libp11's keys point into this object without owning it.
class Slots {
 public:
  Slots() {
    if (PKCS11_enumerate_slots(context(), &slots_, &count_) != 0 || count_ != 1 || slots_->token == nullptr) {
      libp11_failed("list the slot of a key");
    }
  }
  ~Slots() { PKCS11_release_all_slots(context(), slots_, count_); }
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;
  PKCS11_TOKEN* token() const { return slots_->token; }

 private:
  PKCS11_SLOT* slots_ = nullptr;
  unsigned count_ = 0;
};

/// A new EVP_PKEY around libp11's RSA or EC_KEY. libp11 keeps its own EVP_PKEY as long as the slots, which
/// hides the end of its use; this one reveals it.
EvpPkey rewrapped(EVP_PKEY* inner, bool rsa) {
  EvpPkey outer(EVP_PKEY_new());
  int done = 0;
  if (outer && rsa) {
    RSA* key = EVP_PKEY_get1_RSA(inner);
    done = EVP_PKEY_set1_RSA(outer.get(), key);
    RSA_free(key);
  } else if (outer) {
    EC_KEY* key = EVP_PKEY_get1_EC_KEY(inner);
    done = EVP_PKEY_set1_EC_KEY(outer.get(), key);
    EC_KEY_free(key);
  }
  if (done != 1) libp11_failed("make a key for OpenSSL");
  return outer;
}

}  // namespace

EvpPkey make_libp11_private_key(const PublicKeyParts& parts, const SharedSigner& signer) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  show_in_view(parts, signer);
  const auto slots = std::make_shared<Slots>();
  PKCS11_KEY* keys = nullptr;
  unsigned count = 0;
  if (PKCS11_enumerate_keys(slots->token(), &keys, &count) != 0 || count != 1) libp11_failed("find a key");
  const EvpPkey inner(PKCS11_get_private_key(keys));
  if (!inner) libp11_failed("make a key for OpenSSL");
  EvpPkey key = rewrapped(inner.get(), parts.rsa);
  signer->keep(slots);
  return key;
}

}  // namespace koshin::pkcs11
