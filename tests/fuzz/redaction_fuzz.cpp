// SPDX-License-Identifier: MIT
// What a module prints, with a secret in it. The input is the secret on a line, a byte that chooses how the
// module spells it, then the text that it stands in.
#include "foundation/secrets/redaction.hpp"

#include <algorithm>
#include <array>

#include "foundation/base/text.hpp"
#include "harness.hpp"

namespace {

using koshin::fuzz::require;

std::string in_digits(std::string_view secret, std::string_view separator, bool capitals) {
  std::string text;
  for (const char& c : secret) {
    std::string digits = koshin::to_hex(std::array{static_cast<std::uint8_t>(c)});
    if (capitals)
      std::ranges::transform(digits, digits.begin(),
                             [](char d) { return d >= 'a' ? static_cast<char>(d - 32) : d; });
    text += (&c == secret.data() ? "" : std::string(separator)) + digits;
  }
  return text;
}

std::string with_zeros(std::string_view secret) {
  std::string text;
  for (const char c : secret) text += std::string{c, '\0'};
  return text;
}

std::string spelled(std::string_view secret, unsigned how) {
  static constexpr std::array<std::string_view, 6> separators{"", " ", ":", "-", ", 0x", "\\x"};
  how %= 14;
  if (how == 0) return std::string(secret);
  if (how == 1) return with_zeros(secret);
  return in_digits(secret, separators.at((how - 2) / 2), how % 2 == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t shortest = 4, longest = 64;
  std::string_view rest = koshin::fuzz::text_of(data, size);
  const std::string secret = koshin::fuzz::take_line(rest);
  if (secret.size() < shortest || secret.size() > longest || rest.empty()) {
    ++koshin::fuzz::tally.refused;
    return 0;
  }
  const std::string told = spelled(secret, static_cast<std::uint8_t>(rest.front()));
  rest.remove_prefix(1);
  const std::array secrets{std::span<const char>(secret)};
  const std::string line = koshin::fuzz::take_line(rest);
  require(koshin::holds_secret(line + told + line, secrets[0]),
          "a secret is found in whatever stands around it");
  koshin::LineRedaction redaction(secrets);
  require(!redaction.may_show(told, line), "a line with the secret is not shown");
  require(!redaction.may_show(line, ""), "nor is the line after it");
  for (std::string_view text = rest; !text.empty();) {
    const std::string next = koshin::fuzz::take_line(text);
    if (redaction.may_show(next, text.substr(0, text.find('\n'))))
      require(next.find(secret) == std::string::npos, "what is shown holds no secret");
  }
  ++koshin::fuzz::tally.accepted;
  return 0;
}
