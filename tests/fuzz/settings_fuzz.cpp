// SPDX-License-Identifier: MIT
// Settings files, an administrator's and a user's.
#include "foundation/settings/settings_file.hpp"
#include "harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto author : {koshin::Author::administrator, koshin::Author::user}) {
    koshin::fuzz::taken_or_refused({koshin::Reason::settings_invalid}, [&] {
      const koshin::Locks locks{{"authority.label", "locked.toml:1:1"}};
      const auto layer = read_settings_file("koshin.toml", koshin::fuzz::text_of(data, size), author, locks);
      koshin::SettingsStack stack;
      stack.lay(layer);
      for (const koshin::Settings& bank : stack.deployment().banks)
        koshin::fuzz::require(author == koshin::Author::administrator ||
                                  (bank.token.modules.empty() && bank.authority.label.empty()),
                              "a user sets nothing that is locked");
      if (!layer.mistakes.empty()) throw koshin::FailureError(layer.mistakes.front());
    });
  }
  return 0;
}
