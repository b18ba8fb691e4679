// SPDX-License-Identifier: MIT
// The scheme, one of three words, and nothing behind it.
#include "link.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace koshin::ui {

namespace {

constexpr std::string_view prefix = "koshin://";
// Browsers pass on addresses of any length, and a door's name is short.
constexpr std::size_t longest_address = 4096;

constexpr std::pair<Link, std::string_view> link_words[] = {
    {Link::open, "open"}, {Link::renew, "renew"}, {Link::reissue, "reissue"}};

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return small;
}

}  // namespace

std::string_view to_string(Link link) {
  return std::ranges::find(link_words, link, &std::pair<Link, std::string_view>::first)->second;
}

std::optional<Link> parse_link(std::string_view word) {
  for (const auto& [link, name] : link_words)
    if (name == word) return link;
  return std::nullopt;
}

std::string address_of(Link link) {
  return std::string(prefix).append(to_string(link));
}

ReadLink read_link(std::string_view address) {
  if (address.size() > longest_address || in_small_letters(address.substr(0, prefix.size())) != prefix)
    return {};
  const std::string_view behind = address.substr(prefix.size());
  const auto end = std::min(behind.find_first_of("/?#"), behind.size());
  const std::string_view more = behind.substr(end);
  return {parse_link(in_small_letters(behind.substr(0, end))), !more.empty() && more != "/"};
}

}  // namespace koshin::ui
