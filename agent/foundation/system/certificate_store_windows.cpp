// SPDX-License-Identifier: MIT
// The store "MY" of the current user, opened for reading only.
#include "foundation/system/certificate_store.hpp"

#include <windows.h>

#include <wincrypt.h>

#include <algorithm>
#include <array>
#include <memory>

#include "foundation/base/text.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

struct CloseStore {
  void operator()(void* store) const { CertCloseStore(store, 0); }
};
using Store = std::unique_ptr<void, CloseStore>;

struct FreeCertificate {
  void operator()(const CERT_CONTEXT* certificate) const { CertFreeCertificateContext(certificate); }
};

std::vector<std::uint8_t> bytes_of(const CERT_NAME_BLOB& blob) {
  return {blob.pbData, blob.pbData + blob.cbData};
}

/// Windows keeps integers with the least significant byte first; OpenSSL writes them with capital letters.
std::string serial_of(const CRYPT_INTEGER_BLOB& number) {
  std::vector<std::uint8_t> bytes(number.pbData, number.pbData + number.cbData);
  std::ranges::reverse(bytes);
  const auto first = std::ranges::find_if(bytes, [](std::uint8_t byte) { return byte != 0; });
  bytes.erase(bytes.begin(), first == bytes.end() && !bytes.empty() ? bytes.end() - 1 : first);
  std::string digits = to_hex(bytes);
  for (char& digit : digits)
    if (digit >= 'a') digit = static_cast<char>(digit - 'a' + 'A');
  return digits;
}

TimePoint time_of(const FILETIME& time) {
  constexpr std::int64_t ticks_in_a_second = 10'000'000, seconds_from_1601_to_1970 = 11'644'473'600;
  const std::int64_t ticks = (static_cast<std::int64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime;
  return TimePoint(std::chrono::seconds(ticks / ticks_in_a_second - seconds_from_1601_to_1970));
}

std::string sha256_of(const CERT_CONTEXT& certificate) {
  std::array<std::uint8_t, 32> digest{};
  auto size = static_cast<DWORD>(digest.size());
  if (CryptHashCertificate2(BCRYPT_SHA256_ALGORITHM, 0, nullptr, certificate.pbCertEncoded,
                            certificate.cbCertEncoded, digest.data(), &size) == 0)
    throw_last_error("CryptHashCertificate2");
  return to_hex(digest);
}

StoredCertificate told(const CERT_CONTEXT& certificate) {
  const CERT_INFO& info = *certificate.pCertInfo;
  return {sha256_of(certificate), serial_of(info.SerialNumber), bytes_of(info.Subject),
          bytes_of(info.Issuer),  time_of(info.NotBefore),      time_of(info.NotAfter)};
}

}  // namespace

bool has_certificate_store() noexcept {
  return true;
}

std::vector<StoredCertificate> read_certificate_store() {
  constexpr DWORD for_reading =
      CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG;
  const Store store(CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, for_reading, L"MY"));
  // A user who has never had a certificate has no store yet.
  if (!store && GetLastError() == ERROR_FILE_NOT_FOUND) return {};
  if (!store) throw_last_error("CertOpenStore(MY)");
  std::vector<StoredCertificate> all;
  std::unique_ptr<const CERT_CONTEXT, FreeCertificate> certificate;
  // Each call frees the one before.
  while (all.size() < most_stored_certificates) {
    certificate.reset(CertEnumCertificatesInStore(store.get(), certificate.release()));
    if (!certificate) break;
    all.push_back(told(*certificate));
  }
  return all;
}

std::optional<StoredCertificate> as_stored(std::span<const std::uint8_t> der) {
  const std::unique_ptr<const CERT_CONTEXT, FreeCertificate> certificate(
      CertCreateCertificateContext(X509_ASN_ENCODING, der.data(), static_cast<DWORD>(der.size())));
  return certificate ? std::optional(told(*certificate)) : std::nullopt;
}

}  // namespace koshin
