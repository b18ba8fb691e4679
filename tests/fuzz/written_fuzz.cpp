// SPDX-License-Identifier: MIT
// What a token says of itself, written for others to read: URIs, metrics, notifications, log lines. Each is
// read back as what it was.
#include <algorithm>

#include "foundation/base/markup.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log_sink.hpp"
#include "harness.hpp"
#include "pkcs11/uri.hpp"
#include "resident/metrics.hpp"
#include "resident/world.hpp"

namespace {

using koshin::fuzz::require;

/// Takes a quoted value with its escapes off the front.
std::string take_quoted(std::string_view& rest) {
  std::string value;
  require(rest.starts_with('"'), "a value begins with a quote");
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() == '\\') {
      rest.remove_prefix(1);
      require(!rest.empty(), "an escape is complete");
      value += rest.front() == 'n' ? '\n' : rest.front();
    } else {
      value += rest.front();
    }
    rest.remove_prefix(1);
  }
  require(!rest.empty(), "a value ends with a quote");
  rest.remove_prefix(1);
  return value;
}

void uri_is_read_as_the_same(const koshin::pkcs11::TokenInfo& token) {
  const auto uri = koshin::pkcs11::uri_of(token);
  const auto read = koshin::pkcs11::Uri::parse(uri.to_string());
  require(read.token == uri.token && read.manufacturer == uri.manufacturer && read.serial == uri.serial &&
              read.model == uri.model,
          "a URI is read as the token that it was written for");
}

void metrics_are_lines_of_their_own(const koshin::pkcs11::TokenInfo& token) {
  koshin::resident::Standing standing;
  standing.report.label = token.label;
  standing.report.serial = token.identity.serial;
  standing.report.manufacturer = token.identity.manufacturer;
  standing.report.model = token.identity.model;
  standing.decision = koshin::renewal::Decision::due;
  const std::string text = koshin::resident::metrics_text({standing}, {}, {}, token.label);
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string line = koshin::fuzz::take_line(rest);
    require(std::none_of(line.begin(), line.end(), [](char c) { return c >= 0 && c < 0x20; }),
            "metrics hold no control characters");
    if (line.starts_with('#') || line.empty()) continue;
    std::string_view labels(line);
    require(labels.starts_with("koshin_"), "a line of metrics is a sample of ours");
    labels.remove_prefix(labels.find('{') + 1);
    while (true) {
      labels.remove_prefix(std::min(labels.find('=') + 1, labels.size()));
      (void)take_quoted(labels);
      if (!labels.starts_with(',')) break;
      labels.remove_prefix(1);
    }
    require(labels.starts_with("} ") && labels.find_first_not_of("0123456789-", 2) == std::string_view::npos,
            "a sample ends in a number");
  }
  require(!koshin::find_invalid_utf8(text), "metrics are UTF-8");
}

void markup_is_read_as_the_same(std::string_view text) {
  std::string plain;
  const std::string markup = koshin::as_markup(text);
  const std::string_view all = markup;
  for (std::size_t at = 0; at < all.size();) {
    const char first = all[at];
    require(first != '<' && first != '>', "markup of plain text has no elements");
    const std::string_view entity = all.substr(at, first == '&' ? all.find(';', at) + 1 - at : 1);
    plain += entity == "&amp;"    ? '&'
             : entity == "&lt;"   ? '<'
             : entity == "&gt;"   ? '>'
             : entity == "&quot;" ? '"'
             : entity == "&#39;"  ? '\''
                                  : first;
    require(first != '&' || entity.size() > 1, "an ampersand is an entity");
    at += std::max<std::size_t>(entity.size(), 1);
  }
  require(plain == text, "markup is read as the text that it was written for");
}

void log_line_is_read_as_the_same(const std::string& one, const std::string& other) {
  const std::string line = koshin::log::text_line("told", {{"KOSHIN_A", one}, {"KOSHIN_B", other}});
  std::string_view rest(line);
  for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"told KOSHIN_A=", one},
                                    std::pair<std::string_view, const std::string&>{" KOSHIN_B=", other}}) {
    require(rest.starts_with(name), "a line has the fields that it was given and no more");
    rest.remove_prefix(name.size());
    require(take_quoted(rest) == koshin::printable(value, 1000),
            "a field is read as the value that was written");
  }
  require(rest.empty(), "a line ends with its last field");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = koshin::fuzz::text_of(data, size);
  koshin::pkcs11::TokenInfo token;
  token.label = koshin::fuzz::take_line(rest);
  token.identity.manufacturer = koshin::fuzz::take_line(rest);
  token.identity.model = koshin::fuzz::take_line(rest);
  token.identity.serial = rest;
  uri_is_read_as_the_same(token);
  metrics_are_lines_of_their_own(token);
  markup_is_read_as_the_same(token.label);
  log_line_is_read_as_the_same(token.label, token.identity.serial);
  ++koshin::fuzz::tally.accepted;
  koshin::fuzz::tally.refuses_nothing = true;
  return 0;
}
