// SPDX-License-Identifier: MIT
// The words in which proxy scripts and settings services name proxies.
#include "enrollment/http/system_proxy.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "enrollment/http/ascii.hpp"
#include "enrollment/http/url.hpp"

namespace koshin::enrollment {
namespace {

struct Word {
  std::string_view word;  ///< in lower case
  std::string_view scheme;
};

// A script's words. Browsers take its SOCKS for version 4; in settings, and in libproxy's URLs, it is
// version 5.
constexpr std::array script_words{Word{"proxy", "http"},     Word{"http", "http"},
                                  Word{"https", "https"},    Word{"socks", "socks4a"},
                                  Word{"socks4", "socks4a"}, Word{"socks5", "socks5h"}};
// The schemes of URLs; the proxy resolves the server's name where it can.
constexpr std::array url_schemes{Word{"http", "http"},       Word{"https", "https"},
                                 Word{"socks", "socks5h"},   Word{"socks4", "socks4a"},
                                 Word{"socks4a", "socks4a"}, Word{"socks5", "socks5h"},
                                 Word{"socks5h", "socks5h"}};

template <std::size_t count>
std::optional<std::string> scheme_of(const std::array<Word, count>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word, &Word::word);
  if (found == words.end()) return std::nullopt;
  return std::string(found->scheme);
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

/// An entry as a URL, "" for the direct way; empty where libcurl cannot use it.
std::optional<std::string> url_of(std::string_view entry) {
  const auto colon = entry.find("://");
  const auto gap = entry.find_first_of(" \t");
  const std::string word = lower_ascii(entry.substr(0, std::min({colon, gap, entry.size()})));
  if (word == "direct") return std::string{};
  std::optional<std::string> scheme = "http";
  std::string_view rest = entry;
  if (colon != std::string_view::npos) {
    scheme = scheme_of(url_schemes, word);
    rest = entry.substr(colon + 3);
  } else if (gap != std::string_view::npos) {
    scheme = scheme_of(script_words, word);
    rest = without_blanks(entry.substr(gap));
  } else if (scheme_of(script_words, word)) {
    return std::nullopt;  // a word without its host
  }
  if (!scheme || rest.empty()) return std::nullopt;
  std::string url = *scheme + "://" + std::string(rest);
  while (url.ends_with('/')) url.pop_back();
  if (!origin_of(url)) return std::nullopt;
  return url;
}

}  // namespace

std::vector<std::string> proxies_of_answer(const std::string& answer) {
  std::vector<std::string> proxies;
  std::string_view rest = answer;
  while (!rest.empty() && proxies.size() < most_proxies) {
    const auto end = std::min(rest.find(';'), rest.size());
    const std::string_view entry = without_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (entry.empty()) continue;
    auto url = url_of(entry);
    if (url && std::ranges::find(proxies, *url) == proxies.end()) proxies.push_back(*std::move(url));
  }
  return proxies;
}

}  // namespace koshin::enrollment
