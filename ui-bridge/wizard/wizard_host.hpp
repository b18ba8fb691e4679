// SPDX-License-Identifier: MIT
// What the wizard needs from the application, in three parts: the jobs, what is known of tokens from earlier,
// and the window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::ui {

class JobHost {
 public:
  virtual ~JobHost() = default;
  /// Starts a job, one at a time. Its events return through Wizard::on_event; the last one is final.
  virtual void start_job(messages::Job job, std::vector<SecureBuffer> secrets) = 0;
  virtual void stop_job() = 0;
  /// For a job that is ready (messages::ReadyEvent): the person has confirmed, or has not.
  virtual void go() = 0;
  virtual void let_go() = 0;
};

/// What is known of tokens from earlier, and what the time is.
class TokenHistory {
 public:
  virtual ~TokenHistory() = default;
  /// The latest unfinished record that belongs to the token (renewal::unfinished_on()).
  virtual std::optional<renewal::Record> unfinished(const messages::TokenReport& token) = 0;
  virtual std::optional<renewal::TokenMemory> memory(const renewal::TokenKey& token) = 0;
  /// The latest records of the token; empty when they cannot be read.
  virtual std::optional<std::vector<renewal::Record>> records(const renewal::TokenKey& token) = 0;
  virtual TimePoint now() = 0;
};

class WizardHost : public JobHost, public TokenHistory {
 public:
  /// Shows the changed model.
  virtual void changed() = 0;
  /// Shows the last page, with the outcome in the model, and ends.
  virtual void finished() = 0;
  /// Stores that the person wants to be asked later; returns the failure, if any.
  virtual std::optional<Failure> snooze(const messages::TokenReport& token) = 0;
  /// The page handles another token from here on.
  virtual void went_on(const std::string& token_uri) = 0;
};

}  // namespace koshin::ui
