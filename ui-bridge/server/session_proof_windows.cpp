// SPDX-License-Identifier: MIT
// session_proof() by the system's own cryptography.
#include <windows.h>
// After windows.h, which it needs.
#include <bcrypt.h>

#include <array>
#include <memory>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "session_proof.hpp"

namespace koshin::ui {

namespace {

constexpr std::size_t digest_size = 32;
constexpr std::string_view purpose = "koshin-ui ";

void check(NTSTATUS status, const char* call) {
  if (status != 0) fail(Reason::internal_error, std::string(call) + ": " + std::to_string(status));
}

struct Closer {
  void operator()(void* hash) const { BCryptDestroyHash(hash); }
};

/// The functions take bytes that they do not change through pointers that would allow it.
UCHAR* bytes_of(std::string_view text) {
  return reinterpret_cast<UCHAR*>(const_cast<char*>(text.data()));
}

BCRYPT_ALG_HANDLE open_algorithm() {
  BCRYPT_ALG_HANDLE algorithm = nullptr;
  check(
      BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, nullptr, BCRYPT_ALG_HANDLE_HMAC_FLAG),
      "BCryptOpenAlgorithmProvider");
  return algorithm;
}

}  // namespace

std::string session_proof(std::string_view key, std::string_view nonce) {
  static const BCRYPT_ALG_HANDLE algorithm = open_algorithm();  // until the end of the process
  BCRYPT_HASH_HANDLE handle = nullptr;
  check(BCryptCreateHash(algorithm, &handle, nullptr, 0, bytes_of(key), static_cast<ULONG>(key.size()), 0),
        "BCryptCreateHash");
  const std::unique_ptr<void, Closer> hash(handle);
  for (const std::string_view piece : {purpose, nonce})
    check(BCryptHashData(handle, bytes_of(piece), static_cast<ULONG>(piece.size()), 0), "BCryptHashData");
  std::array<std::uint8_t, digest_size> digest{};
  check(BCryptFinishHash(handle, digest.data(), static_cast<ULONG>(digest.size()), 0), "BCryptFinishHash");
  return to_hex(digest);
}

}  // namespace koshin::ui
