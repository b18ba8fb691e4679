// SPDX-License-Identifier: MIT
#include "foundation/settings/personal_values.hpp"

#include "foundation/system/user.hpp"

namespace koshin {

std::optional<std::string> with_user(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view place = text.substr(i, 2);
    if (place != "%u" && place != "%h") {
      result += text[i];
      continue;
    }
    const auto user = current_user();
    if (!user) return {};
    result += place == "%u" ? user->name : user->home.string();
    ++i;
  }
  return result;
}

std::string with_email(std::string_view text, std::string_view email) {
  std::string result(text);
  for (auto at = result.find(email_place); at != std::string::npos;
       at = result.find(email_place, at + email.size()))
    result.replace(at, email_place.size(), email);
  return result;
}

}  // namespace koshin
