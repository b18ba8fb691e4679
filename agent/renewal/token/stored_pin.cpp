// SPDX-License-Identifier: MIT
// The stamp of a PIN source: its path, modification time and size, never its content. The journal holds a
// line for each source of a token about which something is known: its stamp, and what is known in front of
// it.
#include "renewal/token/stored_pin.hpp"

#include <algorithm>
#include <sstream>

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
  std::string stamp;
  try {
    stamp = source ? pin_source_stamp(*source) : std::string(no_source);
  } catch (const FailureError&) {
    stamp = *source;  // removed or unreadable since the PIN was read from it
  }
  std::ranges::replace(stamp, '\n', ' ');  // it is one line
  return stamp;
}

using Lines = std::vector<std::string>;

Lines lines_of(const TokenMemory& memory) {
  Lines lines;
  std::istringstream text(memory.pin_source_stamp);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

void keep(TokenMemory& memory, const Lines& lines) {
  memory.pin_source_refused = !lines.empty();
  memory.pin_source_stamp.clear();
  for (const std::string& line : lines)
    memory.pin_source_stamp += (memory.pin_source_stamp.empty() ? "" : "\n") + line;
}

bool begins(const std::string& line, std::string_view with) {
  return line.starts_with(with);
}

std::string stamp_in(const std::string& line) {
  for (const std::string_view known : {in_doubt, replaced, cut_off})
    if (begins(line, known)) return line.substr(known.size());
  return line;
}

std::string file_or_source(const std::string& source) {
  try {
    return pin_source_file(source).string();
  } catch (const FailureError&) {
    return source;
  }
}

/// Whether the line is about any version of the source's file.
bool is_about(const std::string& line, const std::optional<std::string>& source) {
  const std::string stamp = stamp_in(line);
  if (!source) return stamp == no_source;
  return stamp == *source || stamp.starts_with(file_or_source(*source) + " ");
}

/// What is known of the job's source now, in place of what was.
void note(const JobContext& context, const TokenKey& token, std::string_view known) {
  const auto source = source_of(context);
  const std::string line = std::string(known) + stamp_of(source);
  context.journal.remember(token, [&](TokenMemory& memory) {
    Lines lines = lines_of(memory);
    std::erase_if(lines, [&](const std::string& old) { return is_about(old, source); });
    lines.push_back(line);
    keep(memory, lines);
  });
}

/// A PIN has counted, so no change is open any more. A file of which nothing else is known is not used until
/// it is written anew.
void settle(Lines& lines) {
  for (std::string& line : lines)
    if (begins(line, cut_off)) line = std::string(replaced) + stamp_in(line);
  std::erase_if(
      lines, [](const std::string& line) { return line == std::string(replaced) + std::string(no_source); });
}

bool any_begins(const Lines& lines, std::string_view with) {
  return std::ranges::any_of(lines, [&](const std::string& line) { return begins(line, with); });
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
  const std::string stamp = stamp_of(source_of(context));
  const Lines lines = lines_of(*memory);
  const auto known = [&](std::string_view what) {
    return std::ranges::find(lines, std::string(what) + stamp) != lines.end();
  };
  if (known("")) {
    fail(Reason::pin_refused_before, "the stored PIN was wrong once and its source has not changed since (" +
                                         stamp + "): correct it, then it is used again");
  }
  if (known(replaced))
    fail(Reason::pin_refused_before,
         "the PIN of this token was changed, or its change was cut off, and the file with the stored one has "
         "not been written since (" +
             stamp + "): write the PIN that counts into it");
  if (known(cut_off))
    fail(Reason::pin_refused_before,
         "a change of this token's PIN was cut off, and the stored PIN may be the old "
         "one (" +
             stamp + "): enter the PIN that counts, and write it into the file");
  if (!known(in_doubt)) return;
  fail(Reason::pin_refused_before,
       "the stored PIN was presented once and the run was cut off before the token's answer was known (" +
           stamp + "): it is used again once the PIN was entered by a person, or the file was written anew");
}

void mark_stored_pin_in_doubt(const JobContext& context, const TokenKey& token) {
  note(context, token, in_doubt);
}

void remember_refused_pin(const JobContext& context, const TokenKey& token) {
  note(context, token, "");
}

void clear_refused_pin(const JobContext& context, const TokenKey& token) {
  const auto known = context.journal.memory(token);
  if (!known || !known->pin_source_refused) return;
  const auto source = source_of(context);
  context.journal.remember(token, [&](TokenMemory& memory) {
    Lines lines = lines_of(memory);
    std::erase_if(lines, [&](const std::string& line) { return is_about(line, source); });
    settle(lines);
    keep(memory, lines);
  });
}

void clear_stored_pin_doubt(const JobContext& context, const TokenKey& token) {
  const auto known = context.journal.memory(token);
  if (!known) return;
  if (const Lines lines = lines_of(*known); !any_begins(lines, in_doubt) && !any_begins(lines, cut_off))
    return;
  const auto source = source_of(context);
  const bool in_file = source && context.pin != nullptr && is_pin_of_source(*source, *context.pin);
  context.journal.remember(token, [&](TokenMemory& memory) {
    Lines lines = lines_of(memory);
    std::erase_if(lines, [&](const std::string& line) {
      return begins(line, in_doubt) || (begins(line, cut_off) && in_file && is_about(line, source));
    });
    settle(lines);
    keep(memory, lines);
  });
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
                             std::vector<std::string> sources)
    : context_(context), token_(std::move(token)), sources_(std::move(sources)) {
  for (const std::string& source : sources_) stamps_.push_back(stamp_of(source));
  context_.journal.remember(token_, [&](TokenMemory& memory) {
    if (memory.label.empty()) memory.label = label;
    was_refused_ = memory.pin_source_refused;
    was_stamp_ = memory.pin_source_stamp;
    Lines lines = lines_of_others(memory);
    for (const std::string& stamp : stamps_) lines.push_back(std::string(cut_off) + stamp);
    if (stamps_.empty()) lines.push_back(std::string(cut_off) + std::string(no_source));
    keep(memory, lines);
  });
}

std::vector<std::string> PinChangeNote::lines_of_others(const TokenMemory& memory) const {
  Lines lines = lines_of(memory);
  std::erase_if(lines, [&](const std::string& line) {
    return is_about(line, std::nullopt) ||
           std::ranges::any_of(sources_, [&](const std::string& source) { return is_about(line, source); });
  });
  return lines;
}

void PinChangeNote::refused() {
  context_.journal.remember(token_, [&](TokenMemory& memory) {
    memory.pin_source_refused = was_refused_;
    memory.pin_source_stamp = was_stamp_;
  });
}

void PinChangeNote::changed(const std::vector<std::string>& stale) {
  context_.journal.remember(token_, [&](TokenMemory& memory) {
    Lines lines = lines_of_others(memory);
    settle(lines);
    for (std::size_t i = 0; i < sources_.size(); ++i)
      if (std::ranges::find(stale, sources_[i]) != stale.end())
        lines.push_back(std::string(replaced) + stamps_[i]);
    keep(memory, lines);
  });
}

std::string outdated_pin_file(const JobContext& context, const TokenKey& token) {
  const auto memory = context.journal.memory(token);
  const auto source = source_of(context);
  if (!memory || !source) return {};
  const std::string stamp = stamp_of(source);
  const bool outdated = std::ranges::any_of(lines_of(*memory), [&](const std::string& line) {
    return line == std::string(replaced) + stamp || line == std::string(cut_off) + stamp;
  });
  return outdated ? file_of_stored_pin(context) : std::string();
}

bool pin_change_is_unknown(const JobContext& context, const TokenKey& token) {
  const auto memory = context.journal.memory(token);
  return memory && any_begins(lines_of(*memory), cut_off);
}

}  // namespace koshin::renewal
