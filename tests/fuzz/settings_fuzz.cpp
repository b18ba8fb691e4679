// SPDX-License-Identifier: MIT
// Settings files, an administrator's and a user's.
#include "foundation/settings/settings_file.hpp"
#include "harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto author : {koshin::Author::administrator, koshin::Author::user}) {
    koshin::fuzz::taken_or_refused({koshin::Reason::settings_invalid}, [&] {
      koshin::Settings settings;
      koshin::Locks locks{{"authority.label", "locked.toml:1:1"}};
      const auto mistakes =
          apply_settings_file("koshin.toml", koshin::fuzz::text_of(data, size), author, settings, locks);
      koshin::fuzz::require(author == koshin::Author::administrator ||
                                (settings.token.modules.empty() && settings.authority.label.empty()),
                            "a user sets nothing that is locked");
      if (!mistakes.empty()) throw koshin::FailureError(mistakes.front());
    });
  }
  return 0;
}
