// SPDX-License-Identifier: MIT
// What the agent asks of its surroundings. One implementation per system; tests bring their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/decision.hpp"

namespace koshin::resident {

/// Whose a conversation with the person is: one bank's about one token. Of two tokens that say the same of
/// themselves the URI names the slot too.
struct TokenPlace {
  renewal::TokenKey token;
  std::string uri;
  std::string bank{};  ///< of the settings, by name; empty: the only one
  bool operator==(const TokenPlace&) const = default;
};

/// The place of the conversation about wrong settings, which is about no token.
inline const TokenPlace wrong_settings_place{};

/// Something the person should hear.
struct Prompt {
  TokenPlace place;
  std::optional<Failure> wrong_settings{};  ///< what it is about; no token then, and nothing of the below
  std::string token_label;
  NameByLanguage bank_name{};      ///< as people call it; empty where there is one bank
  NameByLanguage pin_name{};       ///< the bank's word for the PIN; empty: PIN
  std::string certificate_sha256;  ///< empty: none is concerned
  renewal::Decision decision = renewal::Decision::due;
  std::optional<long> days_left;
  std::optional<TimePoint> not_after;
  /// How many certificates are due, and what the one concerned is for (log_in where none is concerned).
  std::size_t due = 0;
  messages::Purpose purpose = messages::Purpose::log_in;
};

/// A token that is in, as metrics and log tell of it; once for each bank.
struct Standing {
  messages::TokenReport report;
  renewal::Decision decision = renewal::Decision::nothing_of_ours;
  std::optional<TimePoint> not_after;  ///< of the certificate the decision is about
  std::string bank{};                  ///< whose decision it is
};

class World {
 public:
  virtual ~World() = default;
  virtual TimePoint now() = 0;
  /// Agent::on_alarm at that time; the latest call counts; empty: never.
  virtual void set_alarm(std::optional<TimePoint> at) = 0;
  /// Looks at one module's tokens in a worker. One at a time; Agent::on_inspected brings the answer.
  /// `tell_readers`: it matters which token is in which reader.
  virtual void inspect(const std::string& module, bool tell_readers) = 0;
  /// Agent::on_prompt_closed when the person is done with it. A prompt that is open for this token already
  /// stays.
  virtual void prompt(const Prompt& prompt) = 0;
  /// The token is out: whoever talks to the person about it, for whichever bank, hears so.
  virtual void token_removed(const TokenPlace& place) = 0;
  /// The token has, for all banks, another URI than before: another one has come that says the same of
  /// itself, or has gone.
  virtual void token_renamed(const TokenPlace& before, const std::string& uri) = 0;
  /// Nothing is to be told of this token any more; a page that is open stays.
  virtual void settled(const TokenPlace& place) = 0;
  /// With the module that the token was seen by. Agent::on_renewed brings the answer.
  virtual void renew_unattended(const TokenPlace& place, const std::string& module) = 0;
  /// A module crashed, hung or could not be used, for the first time in a row.
  virtual void module_in_trouble(const std::string& module, const Failure& failure) = 0;
  /// A token was inserted, and the settings are wrong, so that nobody can look at it. The person is told once
  /// of each mistake.
  virtual void settings_are_wrong(const Failure& mistake) = 0;
  /// journal() has thrown this when a token was judged. The person is told once of each such trouble.
  virtual void journal_is_unusable(const Failure& why) = 0;
  /// All that a judgement needs of journal() was read.
  virtual void journal_is_in_order() = 0;
  virtual void publish(const std::vector<Standing>& standings) = 0;
  /// Opened on demand. Throws FailureError{journal_unusable}; a damaged file stays where it is.
  virtual renewal::Journal& journal() = 0;
};

}  // namespace koshin::resident
