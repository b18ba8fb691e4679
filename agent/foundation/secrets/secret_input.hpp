// SPDX-License-Identifier: MIT
// Ways in which a secret enters: a pipe, the terminal, pinentry, a file. All of them straight into locked
// memory.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "foundation/failures/failure.hpp"
#include "foundation/secrets/secure_buffer.hpp"

namespace koshin {

/// How long a person has for entering a secret.
inline constexpr std::chrono::seconds secret_input_limit{300};

/// What keeps bytes from being a PIN, a code or a password: they are not UTF-8, begin with a byte order mark
/// or hold a zero byte. Empty when nothing does. The secret itself is never repeated.
std::string why_secret_is_no_text(std::span<const char> secret);
/// The same as Failure{secret_unusable}.
std::optional<Failure> secret_is_unusable(const SecureBuffer& secret);
/// Throws FailureError{secret_unusable}.
void check_secret_is_text(const SecureBuffer& secret);
/// The same for what a person has typed: where the locale names another encoding than UTF-8, ASCII alone is
/// taken.
void check_secret_was_typed_in_utf8(const SecureBuffer& secret);

/// One line without its newline (CR LF or LF); what follows stays unread. An input that ends without a
/// newline is a line too. Throws FailureError{pin_required} for an empty one, {secret_unusable} for one that
/// is no text, that the locale says is in another encoding than UTF-8, or beyond max_secret bytes.
SecureBuffer read_secret_line(int descriptor);

/// Asks on the controlling terminal without echo. Signals that end or stop the program find the terminal as
/// it was. Throws FailureError{pin_required} without a terminal, {pin_cancelled} at end of input, when nobody
/// answers within `limit` or after a signal that the program survives, {interrupted} on a stop request,
/// {secret_unusable} as read_secret_line().
SecureBuffer prompt_secret(std::string_view prompt, const std::stop_token& stop = {},
                           std::chrono::seconds limit = secret_input_limit);

/// The terminal of this process as pinentry wants it named ("/dev/pts/3"), else what GPG_TTY names; empty
/// without one.
std::string terminal_name();

struct PinentryTexts {  ///< UTF-8; empty ones are pinentry's own
  std::string title, description, prompt, error, ok, cancel;
};
/// Asks through pinentry, in whatever form this desktop has. Throws FailureError{pinentry_failed} with its
/// own words when there is no pinentry or it fails, {pin_required} when nothing was entered, {pin_cancelled}
/// when the person cancels or `limit` is over, {interrupted} on a stop request, {secret_unusable} for no
/// text. Nothing that pinentry writes reaches standard error.
SecureBuffer ask_pinentry(const PinentryTexts& texts, const std::stop_token& stop = {},
                          std::chrono::seconds limit = secret_input_limit,
                          const std::filesystem::path& program = "/usr/bin/pinentry");

/// The password in the first line of a file that nobody but its owner can read, or of root's that the group
/// secret_group can read; `setting` is the key that
/// names the file ("mail.password_file"). Throws FailureError{settings_unsafe} when others can read it,
/// {settings_invalid} when it is not there, no regular file, empty, longer than max_secret bytes or no text.
SecureBuffer read_password_file(const std::filesystem::path& file, std::string_view setting);

/// The secret that the pin-source of a PKCS#11 URI names (RFC 7512 section 2.4): a file: URI or an absolute
/// path. A command ("|…") is refused. Throws FailureError{pin_source_unsafe},
/// {pin_source_unusable} for what is no regular file, {pin_required}, {pin_length_invalid},
/// {secret_unusable}.
SecureBuffer read_pin_source(std::string_view source);
/// The file that a pin-source names. Throws FailureError{pin_required}.
std::filesystem::path pin_source_file(std::string_view source);
/// Path, modification time and size of the pin-source's file: tells a changed one from the one that was
/// wrong, and holds nothing of its contents. Throws as read_pin_source().
std::string pin_source_stamp(std::string_view source);

}  // namespace koshin
