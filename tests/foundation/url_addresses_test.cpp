// SPDX-License-Identifier: MIT
// Which addresses a URL may hold, against the system's own reading of them.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "foundation/settings/url_checks.hpp"

namespace koshin::settings_checks {
namespace {

bool system_takes(int family, const std::string& address) {
  in6_addr into{};
  return ::inet_pton(family, address.c_str(), &into) == 1;
}

/// Something like an address, from pieces that stand in addresses.
std::string address_of(std::mt19937& any, std::string_view divider) {
  constexpr std::string_view pieces[] = {"0",   "1",    "9",    "00",    "12", "255",
                                         "256", "abcd", "FFFF", "12345", ""};
  std::string address;
  const auto parts = 1 + any() % 9;
  for (unsigned long part = 0; part < parts; ++part) {
    if (part > 0) address += divider;
    if (any() % 3 != 0 || divider == ".") address += pieces[any() % std::size(pieces)];
  }
  if (divider == ":" && any() % 3 == 0) address.insert(any() % (address.size() + 1), "::");
  if (divider == ":" && any() % 4 == 0) address += ":192.0.2.1";
  if (divider == ":" && any() % 16 == 0) address += ".1";
  return address;
}

TEST(UrlAddresses, AreTakenInBracketsAsTheSystemReadsIpv6) {
  std::mt19937 any(20261128);
  int taken = 0;
  constexpr int tries = 200000;
  for (int i = 0; i < tries; ++i) {
    const std::string address = address_of(any, ":");
    const bool expected = system_takes(AF_INET6, address);
    ASSERT_EQ(authority_url("https://[" + address + "]:8443").empty(), expected) << address;
    if (expected) ++taken;
  }
  EXPECT_GT(taken, tries / 100);
}

TEST(UrlAddresses, AreTakenInDotsAsTheSystemReadsIpv4) {
  std::mt19937 any(20261129);
  int taken = 0;
  for (int i = 0; i < 100000; ++i) {
    const std::string address = address_of(any, ".");
    if (address.find_first_not_of("0123456789.") != std::string::npos) continue;  // a name
    in_addr into{};
    const bool octal = address.starts_with("00") || address.find(".00") != std::string::npos;
    const bool expected = !octal && ::inet_aton(address.c_str(), &into) == 1;
    ASSERT_EQ(authority_url("https://" + address + "/").empty(), expected) << address;
    if (expected) ++taken;
  }
  EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace koshin::settings_checks
