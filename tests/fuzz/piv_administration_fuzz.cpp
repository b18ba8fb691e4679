// SPDX-License-Identifier: MIT
// What a card says of its management key: ADMIN DATA, and the answer to GET METADATA.
#include "pkcs11/piv_administration.hpp"

#include "harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace koshin;
  const pkcs11::ByteView said(data, size);
  const auto administration = pkcs11::parse_piv_administration(said);
  fuzz::require(administration.salt.empty() || administration.salt.size() == 16, "a salt has 16 bytes");
  const auto metadata = pkcs11::parse_piv_key_metadata(said);
  const std::string name = pkcs11::piv_management_algorithm(metadata.algorithm);
  fuzz::require(!name.empty() && printable(name) == name, "the algorithm has a printable name");
  const bool says = administration.key_behind_pin || !administration.salt.empty() || metadata.algorithm != 0;
  ++(says ? fuzz::tally.accepted : fuzz::tally.refused);
  return 0;
}
