// SPDX-License-Identifier: MIT
// A cache of parsed certificates and keys. Contains no secret.
#include "pkcs11/parsed_x509.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string_view>
#include <vector>

namespace koshin::pkcs11 {
namespace {

X509Handle share(X509* certificate) {
  if (certificate != nullptr) X509_up_ref(certificate);
  return X509Handle(certificate);
}

EvpPkey share(EVP_PKEY* key) {
  if (key != nullptr) EVP_PKEY_up_ref(key);
  return EvpPkey(key);
}

/// More than the certificates of any token, so that none of them is decoded twice in a job.
constexpr std::size_t most_remembered = 512;

/// The last objects by their encoding; the oldest is dropped first.
template <class Handle>
class Recent {
 public:
  Handle find(ByteView der) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(
        entries_, [&](const Entry& entry) { return std::ranges::equal(entry.der, der); });
    return found == entries_.end() ? Handle() : share(found->object.get());
  }
  void add(ByteView der, Handle object) {
    const std::lock_guard lock(mutex_);
    Entry entry{{der.begin(), der.end()}, std::move(object)};
    if (entries_.size() < most_remembered) {
      entries_.push_back(std::move(entry));
      return;
    }
    entries_[next_] = std::move(entry);
    next_ = (next_ + 1) % entries_.size();
  }

 private:
  struct Entry {
    Bytes der;
    Handle object;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;
};

// Never destroyed: OpenSSL may be unloaded before static objects are destroyed.
Recent<X509Handle>& certificates() {
  static auto* const recent = new Recent<X509Handle>;
  return *recent;
}
Recent<EvpPkey>& public_keys() {
  static auto* const recent = new Recent<EvpPkey>;
  return *recent;
}

void remember_key_of(X509* certificate) {
  unsigned char* memory = nullptr;
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  const int length = key == nullptr ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &memory);
  if (length <= 0) return;
  const Bytes der(memory, memory + length);
  OPENSSL_free(memory);
  if (!public_keys().find(der)) public_keys().add(der, share(key));
}

}  // namespace

void X509Deleter::operator()(X509* certificate) const noexcept {
  X509_free(certificate);
}

ParsedCertificate parse_certificate(ByteView der) {
  if (der.empty()) return {};
  if (X509Handle known = certificates().find(der)) return {std::move(known), der.size()};
  const unsigned char* cursor = der.data();
  X509Handle parsed(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  if (!parsed) return {};
  const auto size = static_cast<std::size_t>(cursor - der.data());
  remember_certificate(parsed.get(), der.first(size));
  return {std::move(parsed), size};
}

void remember_certificate(X509* certificate, ByteView der) {
  if (certificates().find(der)) return;
  certificates().add(der, share(certificate));
  remember_key_of(certificate);
}

EvpPkey parse_public_key(ByteView der) {
  if (der.empty()) return {};
  if (EvpPkey known = public_keys().find(der)) return known;
  const unsigned char* cursor = der.data();
  EvpPkey parsed(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(der.size())));
  if (!parsed || cursor != der.data() + der.size()) return {};
  public_keys().add(der, share(parsed.get()));
  return parsed;
}

std::string key_type_name(const EVP_PKEY* key) {
  if (key == nullptr) return "unknown";
  if (EVP_PKEY_is_a(key, "RSA") == 1) return "rsa-" + std::to_string(EVP_PKEY_get_bits(key));
  std::array<char, 64> group{};
  if (EVP_PKEY_is_a(key, "EC") == 1 &&
      EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1) {
    const std::string_view name = group.data();
    if (name == SN_X9_62_prime256v1) return "ec-p256";
    if (name == SN_secp384r1) return "ec-p384";
    if (name == SN_secp521r1) return "ec-p521";
    return "ec-" + std::string(name);
  }
  const char* name = EVP_PKEY_get0_type_name(key);
  return name == nullptr ? "unknown" : name;
}

}  // namespace koshin::pkcs11
