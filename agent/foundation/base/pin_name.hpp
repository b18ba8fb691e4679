// SPDX-License-Identifier: MIT
// The bank's own word for the PIN of a token, in koshin's sentences.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// A text of a catalogue with `name` in place of the word "PIN"; the text as it is where `name` is empty. To
/// be called before values are filled in: a token's label may have the word in it. The security officer's PIN
/// ("SO PIN"), "PINs" and names of options keep theirs. Blanks between the word and Japanese stay away from a
/// name in Japanese, and a name that begins a sentence gets a capital letter.
/// The page does the same (ui-bridge/page/pin_name.js); tests/ui-bridge/pin_names.json holds both.
std::string call_pin(std::string_view text, std::string_view name);

}  // namespace koshin
