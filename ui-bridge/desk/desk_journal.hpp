// SPDX-License-Identifier: MIT
// What koshin-ui reads in the journal and writes into it, for one bank. A journal that cannot be used costs
// the page its memory, and nothing else.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::ui {

class DeskJournal {
 public:
  /// `settings`: the bank's; outlives this.
  explicit DeskJournal(const Settings& settings);

  /// The latest unfinished record that belongs to the token (renewal::unfinished_on()).
  std::optional<renewal::Record> unfinished(const messages::TokenReport& token) const;
  /// The latest unfinished record of any token with this key.
  std::optional<renewal::Record> latest_unfinished(const renewal::TokenKey& token) const;
  std::optional<renewal::TokenMemory> memory(const renewal::TokenKey& token) const;
  /// Of the token with this certificate, as the agent has decided about it; empty without a fingerprint.
  std::optional<renewal::TokenMemory> memory_of(const std::string& certificate_sha256) const;
  /// All of this bank's; empty when they cannot be read.
  std::optional<std::vector<renewal::TokenMemory>> memories() const;
  /// The latest records of the token; empty when they cannot be read.
  std::optional<std::vector<renewal::Record>> records(const renewal::TokenKey& token) const;
  /// Whatever `read` finds; empty without a journal, or when it cannot be read, which is logged.
  template <class Read>
  auto read(Read read) const -> decltype(read(std::declval<renewal::Journal&>())) {
    if (!journal_) return {};
    try {
      return read(*journal_);
    } catch (const FailureError& error) {
      log::warning(log::Event::none, "the journal cannot be read",
                   {{"KOSHIN_DETAIL", error.failure().detail}});
      return {};
    }
  }

  using Change = std::function<void(renewal::TokenMemory&)>;
  /// Returns why the memory of the token could not be changed, if so.
  std::optional<Failure> remember(const renewal::TokenKey& token, const Change& change);

 private:
  const Settings& settings_;
  std::unique_ptr<renewal::Journal> journal_;
  Failure trouble_;  ///< why the journal is unavailable
};

}  // namespace koshin::ui
