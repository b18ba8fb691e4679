// SPDX-License-Identifier: MIT
// Everything a window shows, as plain values. The wizard changes it and View::show() draws it; page_json.cpp
// turns it into what the page is sent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "screen_content.hpp"

namespace koshin::ui {

enum class Screen {
  loading,         ///< the token is being looked at
  unlock,          ///< PIN (and the bank's passphrase when the authority asks for one)
  notice,          ///< when it expires; "remind me next time"
  start,           ///< storage location and key type
  renewing,        ///< the steps as they happen
  completed,       ///< the new certificate
  delete_old,      ///< which certificate would be deleted: first question
  delete_confirm,  ///< the second question, with the PIN
  interrupted,     ///< what was done, what was not, what happens next
  reissue,         ///< why an administrator is needed; the field for the code
  pending,         ///< the authority decides later
  give_up,         ///< what stays and what is lost when an unfinished renewal is given up: the question
  current,         ///< nothing is due
  put_off,         ///< this token will be asked about another time; there are others
  finished,        ///< the last page
};
std::string_view to_string(Screen screen);

/// How the wizard ended; also what the agent is told.
enum class Outcome { completed, snoozed, closed, pending, idle, token_removed, left, failed };
std::string_view to_string(Outcome outcome);

enum class Task { renew, enroll };

/// What is left to do for the person when the wizard has ended: the last page says it.
enum class Remaining { renewal, receipt, approval, nothing, unknown };
std::string_view to_string(Remaining remaining);

struct StepView {
  enum class State { waiting, running, done, found_done };
  messages::Step step{};
  State state = State::waiting;
};

/// A token that a new key could go to.
struct StorageChoice {
  const messages::TokenReport* token = nullptr;
  std::string obstacle;  ///< why not: "other_token", "write_protected", "uninitialized"; empty: it can
};

/// Another token that is in and calls for something.
struct OtherToken {
  std::string uri, slot;  ///< together they name it, also where two tokens say the same of themselves
  std::string label, common_name, certificate_sha256;
  std::string decision;  ///< a Decision's name
  std::optional<long> days_left;
};

struct Model {
  Screen screen = Screen::loading;
  Task task = Task::renew;
  bool busy = false;  ///< a short job (unlocking, deleting, looking) runs behind this screen
  std::vector<messages::TokenReport> tokens;
  std::optional<std::size_t> token;                        ///< index of the one this is about
  std::optional<messages::CertificateReport> certificate;  ///< the one that expires
  std::optional<messages::CertificateReport> new_certificate;
  std::optional<messages::CertificateReport> deletable;  ///< the old one, once the new one has logged in
  bool deleted = false;
  std::vector<StepView> steps;
  std::vector<messages::NoticeEvent> notices;  ///< in order, each code once
  std::optional<Failure> failure;
  std::optional<messages::PendingResult> pending;
  std::vector<OtherToken> others;  ///< the most urgent first
  std::string why_reissue;  ///< "expired", "certificate_missing", "key_missing", "incomplete", "asked"; on
                            ///< `current` "not_ours" when no certificate there is one we look after
  std::string user;         ///< user ID typed for a re-issue
  std::string key;          ///< chosen key type; empty: as the settings say
  bool look_first = false;  ///< what is on the token shows only with the PIN: `unlock` looks at it
  bool proof_left = false;  ///< another computer has written the new certificate: it is only seen to log in
  bool resumed = false;     ///< an earlier run is being taken up again
  bool snooze = false;      ///< "remind me next time" is ticked
  bool final_try_confirmed = false;
  bool has_pin = false, has_passphrase = false, has_code = false;
  bool asks_passphrase = false;  ///< beside the PIN
  bool asks_user = false;        ///< beside the re-issue code: nothing on the token says whose it is
  bool can_cancel = false;
  bool can_give_up = false;  ///< the journal knows of something unfinished on this token
  bool on_reader = false;    ///< waiting for the PIN on the reader's pad
  std::optional<long> idle_seconds_left;
  Outcome outcome = Outcome::closed;
  Remaining remaining = Remaining::unknown;  ///< once finished
  ScreenContent content;                     ///< what all of this makes of the screen

  const messages::TokenReport* current_token() const { return token ? &tokens[*token] : nullptr; }
  /// That sets the counter of the token at hand back.
  void pin_was_right();
  std::vector<StorageChoice> storage() const;
  /// By the screen that is shown, which must not be the last one.
  Remaining what_remains() const;
};

}  // namespace koshin::ui
