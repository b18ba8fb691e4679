// SPDX-License-Identifier: MIT
// Input of secrets: from a pipe, the terminal, pinentry or a file, directly into locked memory.
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
#include "foundation/system/handle.hpp"

namespace koshin {

/// Time limit for entering a secret.
inline constexpr std::chrono::seconds secret_input_limit{300};

/// Why bytes cannot be a PIN, a code or a password: no valid UTF-8, a leading byte order mark, or a zero
/// byte. Empty when they can. The text does not contain the secret.
std::string why_secret_is_no_text(std::span<const char> secret);
/// why_secret_is_no_text() as Failure{secret_unusable}.
std::optional<Failure> secret_is_unusable(const SecureBuffer& secret);
/// Throws the failure of secret_is_unusable().
void check_secret_is_text(const SecureBuffer& secret);
/// check_secret_is_text() for typed input: where the locale has another encoding than UTF-8, only ASCII is
/// accepted.
void check_secret_was_typed_in_utf8(const SecureBuffer& secret);

/// One line without its newline (CR LF or LF); what follows stays unread. An input that ends without a
/// newline is a line too. Throws FailureError{pin_required} for an empty one, {secret_unusable} for one that
/// is no text, that the locale says is in another encoding than UTF-8, or beyond max_secret bytes.
SecureBuffer read_secret_line(NativeHandle from);

/// Asks on the controlling terminal without echo. The terminal's mode is restored before a signal ends or
/// stops the program. Throws FailureError{pin_required} without a terminal, {pin_cancelled} at the end of the
/// input, after `limit` or after a signal that the program survives, {interrupted} on a stop request,
/// {secret_unusable} as read_secret_line().
SecureBuffer prompt_secret(std::string_view prompt, const std::stop_token& stop = {},
                           std::chrono::seconds limit = secret_input_limit);

/// The terminal of this process in pinentry's form ("/dev/pts/3"), else the value of GPG_TTY; empty without
/// one.
std::string terminal_name();

struct PinentryTexts {  ///< UTF-8; empty: pinentry's default
  std::string title, description, prompt, error, ok, cancel;
};
/// Asks through the desktop's pinentry. Throws FailureError{pinentry_failed} with pinentry's message when it
/// is missing or fails, {pin_required} when nothing was entered, {pin_cancelled} when the person cancels or
/// `limit` has passed, {interrupted} on a stop request, {secret_unusable} for invalid text. Pinentry's output
/// never reaches standard error.
SecureBuffer ask_pinentry(const PinentryTexts& texts, const std::stop_token& stop = {},
                          std::chrono::seconds limit = secret_input_limit,
                          const std::filesystem::path& program = "/usr/bin/pinentry");

/// The password in the first line of a file that only its owner can read, or of a file of root's that the
/// group secret_group can read. `setting`: the key that names the file ("mail.password_file"). Throws
/// FailureError{settings_unsafe} when others can read it, {settings_invalid} when it is missing, no regular
/// file, empty, longer than max_secret bytes or no text.
SecureBuffer read_password_file(const std::filesystem::path& file, std::string_view setting);

/// The secret of a PKCS#11 URI's pin-source (RFC 7512 section 2.4): a file: URI or an absolute path. A
/// command ("|…") is refused. Throws FailureError{pin_source_unsafe}, {pin_source_unusable} when it is no
/// regular file, {pin_required}, {pin_length_invalid}, {secret_unusable}.
SecureBuffer read_pin_source(std::string_view source);
/// The file that a pin-source names. Throws FailureError{pin_required}.
std::filesystem::path pin_source_file(std::string_view source);
/// Path, modification time and size of the pin-source's file: identifies a version of the file without its
/// content. Throws as read_pin_source().
std::string pin_source_stamp(std::string_view source);

}  // namespace koshin
