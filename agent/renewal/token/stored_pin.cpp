// SPDX-License-Identifier: MIT
// The stamp of a PIN source: its path, modification time and size, never its content.
#include "renewal/token/stored_pin.hpp"

#include <algorithm>

#include "foundation/secrets/secret_input.hpp"
#include "pkcs11/uri.hpp"
#include "renewal/token/token_finder.hpp"

namespace koshin::renewal {
namespace {

// What may stand before the stamp.
constexpr std::string_view in_doubt = "outcome unknown: ";
constexpr std::string_view replaced = "PIN changed since: ";
constexpr std::string_view cut_off = "change of the PIN cut off: ";
constexpr std::string_view no_source = "no pin-source";

std::optional<std::string> source_of(const std::string& uri_text) {
  return uri_text.empty() ? std::nullopt : pkcs11::Uri::parse(uri_text).pin_source;
}

/// A job's URI may name the token without a pin-source; the settings' pin-source applies then.
std::optional<std::string> source_of(const JobContext& context) {
  auto source = source_of(context.job.token_uri);
  return source ? source : source_of(context.settings.token.uri);
}

std::string stamp_of(const std::optional<std::string>& source) {
  try {
    return source ? pin_source_stamp(*source) : std::string(no_source);
  } catch (const FailureError&) {
    return *source;  // removed or unreadable since the PIN was read from it
  }
}

std::string stamp_of(const JobContext& context) {
  return stamp_of(source_of(context));
}

std::string doubted(const std::string& stamp) {
  return std::string(in_doubt) + stamp;
}

/// An empty stamp clears the refusal.
void remember_stamp(const JobContext& context, const TokenKey& token, const std::string& stamp) {
  context.journal.remember(token, [&](TokenMemory& memory) {
    memory.pin_source_refused = !stamp.empty();
    memory.pin_source_stamp = stamp;
  });
}

}  // namespace

std::optional<SecureBuffer> read_stored_pin(const messages::Job& job, const Settings& settings) {
  const auto uri = token_uri_of(job, settings);
  const auto source = uri && uri->pin_source ? uri->pin_source : source_of(settings.token.uri);
  if (!source) return std::nullopt;
  return read_pin_source(*source);
}

std::string file_of_stored_pin(const JobContext& context) {
  const auto source = source_of(context);
  return source ? pin_source_file(*source).string() : std::string();
}

void check_stored_pin_not_refused(const JobContext& context, const TokenKey& token) {
  const auto memory = context.journal.memory(token);
  if (!memory || !memory->pin_source_refused) return;
  const std::string stamp = stamp_of(context);
  if (memory->pin_source_stamp == stamp) {
    fail(Reason::pin_refused_before, "the stored PIN was wrong once and its source has not changed since (" +
                                         stamp + "): correct it, then it is used again");
  }
  if (memory->pin_source_stamp == std::string(replaced) + stamp)
    fail(Reason::pin_refused_before,
         "the PIN of this token was changed, or its change was cut off, and the file with the stored one has "
         "not been written since (" +
             stamp + "): write the PIN that counts into it");
  if (memory->pin_source_stamp == std::string(cut_off) + stamp)
    fail(Reason::pin_refused_before,
         "a change of this token's PIN was cut off, and the stored PIN may be the old "
         "one (" +
             stamp + "): enter the PIN that counts, and write it into the file");
  if (memory->pin_source_stamp != doubted(stamp)) return;
  fail(Reason::pin_refused_before,
       "the stored PIN was presented once and the run was cut off before the token's answer was known (" +
           stamp + "): it is used again once the PIN was entered by a person, or the file was written anew");
}

void mark_stored_pin_in_doubt(const JobContext& context, const TokenKey& token) {
  remember_stamp(context, token, doubted(stamp_of(context)));
}

void remember_refused_pin(const JobContext& context, const TokenKey& token) {
  remember_stamp(context, token, stamp_of(context));
}

void clear_refused_pin(const JobContext& context, const TokenKey& token) {
  const auto memory = context.journal.memory(token);
  if (memory && memory->pin_source_refused) remember_stamp(context, token, "");
}

void clear_stored_pin_doubt(const JobContext& context, const TokenKey& token) {
  const auto memory = context.journal.memory(token);
  if (!memory) return;
  if (memory->pin_source_stamp.starts_with(in_doubt)) remember_stamp(context, token, "");
  if (!memory->pin_source_stamp.starts_with(cut_off)) return;
  // The PIN that counts is known by now. A file that holds another one, or cannot be read, is not used until
  // it is written anew.
  const std::string stamp = memory->pin_source_stamp.substr(cut_off.size());
  const auto source = source_of(context);
  const bool in_file = source && context.pin != nullptr && is_pin_of_source(*source, *context.pin);
  remember_stamp(context, token, stamp == no_source || in_file ? "" : std::string(replaced) + stamp);
}

bool is_pin_of_source(const std::string& source, const SecureBuffer& pin) {
  try {
    const SecureBuffer stored = read_pin_source(source);
    return std::ranges::equal(stored.view(), pin.view());
  } catch (const FailureError&) {
    return false;
  }
}

PinChangeNote::PinChangeNote(const JobContext& context, TokenKey token, const std::string& label,
                             const std::optional<std::string>& source)
    : context_(context), token_(std::move(token)), source_stamp_(stamp_of(source)) {
  context_.journal.remember(token_, [&](TokenMemory& memory) {
    if (memory.label.empty()) memory.label = label;
    was_refused_ = memory.pin_source_refused;
    was_stamp_ = memory.pin_source_stamp;
    memory.pin_source_refused = true;
    memory.pin_source_stamp = std::string(cut_off) + source_stamp_;
  });
}

void PinChangeNote::remember(bool refused, const std::string& stamp) {
  context_.journal.remember(token_, [&](TokenMemory& memory) {
    memory.pin_source_refused = refused;
    memory.pin_source_stamp = stamp;
  });
}

void PinChangeNote::refused() {
  remember(was_refused_, was_stamp_);
}

void PinChangeNote::changed(bool stale) {
  remember(stale, stale ? std::string(replaced) + source_stamp_ : std::string());
}

std::string outdated_pin_file(const JobContext& context, const TokenKey& token) {
  const auto memory = context.journal.memory(token);
  const auto source = source_of(context);
  if (!memory || !source) return {};
  const std::string stamp = stamp_of(source);
  const bool outdated = memory->pin_source_stamp == std::string(replaced) + stamp ||
                        memory->pin_source_stamp == std::string(cut_off) + stamp;
  return outdated ? file_of_stored_pin(context) : std::string();
}

bool pin_change_is_unknown(const JobContext& context, const TokenKey& token) {
  const auto memory = context.journal.memory(token);
  return memory && memory->pin_source_stamp.starts_with(cut_off);
}

}  // namespace koshin::renewal
