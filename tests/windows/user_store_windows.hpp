// SPDX-License-Identifier: MIT
// The user's store "MY", as Windows' certificate propagation and vendors' programs change it: for tests,
// which alone write to it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace koshin::test {

/// Adds a certificate (DER). Throws std::system_error.
void add_to_user_store(std::span<const std::uint8_t> der);
/// Removes that certificate, if it is there: others of the store belong to other tests.
void remove_from_user_store(std::span<const std::uint8_t> der);

/// A certificate of these names (X.500, "CN=…"), with a key and a signature of nothing: the store takes it,
/// and nobody else would. `serial`: its last byte. Years: from 1 January to 1 January, UTC.
std::vector<std::uint8_t> made_up_certificate(const wchar_t* subject, const wchar_t* issuer,
                                              std::uint8_t serial, int from_year, int until_year);
/// The same certificate from an earlier time: other dates and another serial number.
std::vector<std::uint8_t> older_twin_of(std::span<const std::uint8_t> der, int from_year, int until_year);

}  // namespace koshin::test
