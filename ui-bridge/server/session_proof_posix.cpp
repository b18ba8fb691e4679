// SPDX-License-Identifier: MIT
// session_proof() by libgcrypt, which on Linux libsystemd loads into this process anyway.
#include "session_proof.hpp"

#include <gcrypt.h>

#include <array>
#include <span>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::ui {

namespace {

constexpr std::size_t digest_size = 32;
constexpr std::string_view purpose = "koshin-ui ";

/// Initialises the library once. Without its locked memory: its contents would live only microseconds.
bool prepare_library() {
  if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P) != 0) return true;
  if (gcry_check_version(nullptr) == nullptr) return false;
  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
  return true;
}

gcry_buffer_t piece(std::string_view text) {
  gcry_buffer_t buffer{};
  buffer.len = buffer.size = text.size();
  buffer.data = const_cast<char*>(text.data());  // the library only reads it
  return buffer;
}

}  // namespace

std::string session_proof(std::string_view key, std::string_view nonce) {
  static const bool prepared = prepare_library();
  const std::array<gcry_buffer_t, 3> pieces{piece(key), piece(purpose), piece(nonce)};
  std::array<std::uint8_t, digest_size> digest{};
  if (!prepared || gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, digest.data(), pieces.data(),
                                        static_cast<int>(pieces.size())) != 0)
    fail(Reason::internal_error, "libgcrypt has no HMAC with SHA-256");
  return to_hex(digest);
}

}  // namespace koshin::ui
