// SPDX-License-Identifier: MIT
// What a support bundle leaves out of texts that others have written: settings' values, logs, answers.
#pragma once

#include <string>
#include <string_view>

namespace koshin::cli {

/// The text with "***" in place of
/// - user and password in an address ("https://user:secret@host");
/// - the value of pin-value, password, passphrase, secret or pin after "=" or ":", to the end of the word,
///   unless it is an object of a JSON document;
/// - what stands before the "@" of a mail address.
/// Line breaks stay.
std::string without_secrets(std::string_view text);

}  // namespace koshin::cli
