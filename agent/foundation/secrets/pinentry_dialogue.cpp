// SPDX-License-Identifier: MIT
// The part of the Assuan protocol that asking for a secret needs.
#include "foundation/secrets/pinentry_dialogue.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

#include "foundation/base/text.hpp"

namespace koshin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_line = 1002;  // Assuan: 1000 bytes and CR LF
constexpr std::size_t max_argument = 800;
constexpr int max_answers = 64;
constexpr std::size_t max_words = 300;  // of pinentry's text in a failure
constexpr int most_errors = 133;        // errno(3)

/// libgpg-error's codes (the low 16 bits) for a cancelled or unanswered prompt.
bool is_cancellation(unsigned long code) {
  constexpr unsigned long timeout = 62, canceled = 99, not_confirmed = 114, fully_canceled = 198;
  const unsigned long low = code & 0xFFFF;
  return low == timeout || low == canceled || low == not_confirmed || low == fully_canceled;
}

/// Escapes a text for Assuan. Line breaks stay; other control characters are replaced. A long text is cut at
/// a character boundary.
std::string escaped(std::string_view text) {
  std::string result;
  const auto append = [&result](std::string_view piece) {
    const bool fits = result.size() + piece.size() <= max_argument;
    if (fits) result += piece;
    return fits;
  };
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::string shown = printable(line, max_argument);
    for (std::string_view rest = shown; !rest.empty();) {
      const std::string_view character = rest.substr(0, front_character(rest).length);
      if (!append(character == "%" ? "%25" : character)) return result;
      rest.remove_prefix(character.size());
    }
    text.remove_prefix(line.size());
    if (text.empty() || !append("%0A")) break;
    text.remove_prefix(1);
  }
  return result;
}

/// The content of an ERR line: "83918950 Inappropriate ioctl for device <Pinentry>".
struct AssuanError {
  unsigned long code = 0;
  std::string words;
};

/// Whether the text is a message of the system or of libgpg-error. Other texts may repeat the typed secret.
bool is_known_text(std::string_view text) {
  constexpr std::array<std::string_view, 5> of_pinentry{"No pinentry", "No terminal", "General error",
                                                        "Not supported", "Invalid"};
  constexpr std::string_view source = " <Pinentry>";
  if (text.ends_with(source)) text.remove_suffix(source.size());
  if (std::find(of_pinentry.begin(), of_pinentry.end(), text) != of_pinentry.end()) return true;
  for (int error = 1; error <= most_errors; ++error)
    if (text == std::generic_category().message(error)) return true;
  return false;
}

AssuanError error_in(std::string_view text) {
  AssuanError error;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), error.code).ptr;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (is_known_text(text)) error.words = printable(text, max_words);
  return error;
}

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// The available displays and terminals, for the administrator.
std::string surroundings() {
  std::string missing;
  if (terminal_name().empty()) missing += " no terminal (GPG_TTY is not set),";
  if (!is_set("DISPLAY")) missing += " no DISPLAY,";
  if (!is_set("WAYLAND_DISPLAY")) missing += " no WAYLAND_DISPLAY,";
  if (missing.empty()) return {};
  missing.pop_back();
  return "; here is" + missing;
}

/// A dialogue with one pinentry process.
class Dialogue {
 public:
  Dialogue(ChildProcess& child, Clock::time_point until, const std::stop_token& stop)
      : child_(child), until_(until), stop_(stop) {}

  void greet() {
    if (const auto error = expect_answer(nullptr)) give_up("pinentry said", *error);
  }

  /// Sends a command and ignores a refusal: older pinentry programs may not know an option.
  void tell(std::string_view command, std::string_view argument) {
    if (argument.empty()) return;
    send(std::string(command) + ' ' + escaped(argument));
    expect_answer(nullptr);
  }

  SecureBuffer get_pin() {
    SecureBuffer secret(max_secret);
    send("GETPIN");
    const auto error = expect_answer(&secret);
    if (error && is_cancellation(error->code)) fail(Reason::pin_cancelled, "cancelled in pinentry");
    if (error) give_up("pinentry said", *error);
    if (secret.empty()) fail(Reason::pin_required, "nothing was entered");
    check_secret_is_text(secret);
    return secret;
  }

 private:
  void send(const std::string& line) { child_.write(line + '\n'); }

  [[noreturn]] static void give_up(std::string_view who, const AssuanError& error) {
    // Fall back to the error number.
    const std::string words = error.words.empty() ? "code " + std::to_string(error.code) : error.words;
    fail(Reason::pinentry_failed, std::string(who) + ": " + words + surroundings());
  }

  /// Reads up to OK (returns empty) or ERR. Data lines are appended to `secret`.
  std::optional<AssuanError> expect_answer(SecureBuffer* secret) {
    for (int i = 0; i < max_answers; ++i) {
      const std::string_view line = next_line();
      if (line.starts_with("OK")) return std::nullopt;
      if (line.starts_with("ERR ")) return error_in(line.substr(4));
      if (line.starts_with("D ") && secret != nullptr) append_decoded(*secret, line.substr(2));
      if (line.starts_with("INQUIRE")) send("CANCEL");
    }
    fail(Reason::pinentry_failed, "pinentry talks too much");
  }

  static void append_decoded(SecureBuffer& secret, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      char c = text[i];
      if (c == '%') {
        c = escaped_byte(text.substr(i + 1, 2));
        i += 2;
      }
      if (secret.size() == secret.capacity())
        fail(Reason::secret_unusable, "longer than " + std::to_string(secret.capacity()) + " bytes");
      secret.push_back(c);
    }
  }

  /// Decodes an escaped byte; throws for invalid digits, since a guess would present a PIN that nobody
  /// entered.
  static char escaped_byte(std::string_view digits) {
    unsigned char byte = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || error != std::errc() || stop != end)
      fail(Reason::pinentry_failed, "pinentry wrote a percent sign that begins no escape");
    return static_cast<char>(byte);
  }

  /// The next line, in the buffer; valid until the next call.
  std::string_view next_line() {
    discard_line();
    while (true) {
      const std::string_view text(buffer_.view().data(), buffer_.size());
      const auto newline = text.find('\n');
      if (newline != std::string_view::npos) {
        line_size_ = newline + 1;
        return text.substr(0, newline);
      }
      if (buffer_.size() == buffer_.capacity())
        fail(Reason::pinentry_failed, "pinentry wrote a line that is too long");
      std::size_t count = 0;
      const auto result = child_.read_some(buffer_.writable().subspan(buffer_.size()), count, until_);
      if (stop_.stop_requested()) fail(Reason::interrupted, "stopped while asking");
      if (result == ChildProcess::Read::timeout) fail(Reason::pin_cancelled, "nothing was entered in time");
      if (result == ChildProcess::Read::end)
        fail(Reason::pinentry_failed, "pinentry ended without an answer");
      buffer_.resize(buffer_.size() + count);
    }
  }

  void discard_line() {
    const auto all = buffer_.writable();
    std::memmove(all.data(), all.data() + line_size_, buffer_.size() - line_size_);
    buffer_.resize(buffer_.size() - line_size_);  // wipes the rest
    line_size_ = 0;
  }

  ChildProcess& child_;
  Clock::time_point until_;
  std::stop_token stop_;
  SecureBuffer buffer_{max_line * 2};
  std::size_t line_size_ = 0;
};

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string locale_for(const char* category) {
  for (const char* const name : {"LC_ALL", category, "LANG"}) {
    if (std::string value = environment(name); !value.empty()) return value;
  }
  return {};
}

}  // namespace

SecureBuffer converse_with_pinentry(ChildProcess& pinentry, const PinentryTexts& texts,
                                    std::chrono::steady_clock::time_point until,
                                    const std::stop_token& stop) {
  Dialogue dialogue(pinentry, until, stop);
  dialogue.greet();
  dialogue.tell("OPTION", "ttyname=" + terminal_name());
  dialogue.tell("OPTION", "ttytype=" + environment("TERM"));
  dialogue.tell("OPTION", "lc-ctype=" + locale_for("LC_CTYPE"));
  dialogue.tell("OPTION", "lc-messages=" + locale_for("LC_MESSAGES"));
  dialogue.tell("SETTITLE", texts.title);
  dialogue.tell("SETDESC", texts.description);
  dialogue.tell("SETPROMPT", texts.prompt);
  dialogue.tell("SETERROR", texts.error);
  dialogue.tell("SETOK", texts.ok);
  dialogue.tell("SETCANCEL", texts.cancel);
  return dialogue.get_pin();
}

}  // namespace koshin
