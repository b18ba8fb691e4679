// SPDX-License-Identifier: MIT
#include "desk_journal.hpp"

#include "foundation/base/small_letters.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::ui {

DeskJournal::DeskJournal(const Settings& settings) : settings_(settings) {
  try {
    journal_ = renewal::Journal::open_unless_damaged(paths::journal_file());
  } catch (const FailureError& error) {
    // The worker reports the same failure, for which the page has a text; one that keeps a damaged file aside
    // is reported once, so that must be the worker's.
    trouble_ = error.failure();
    log::warning(log::Event::none, "the journal cannot be used", {{"KOSHIN_DETAIL", error.failure().detail}});
  }
}

std::optional<renewal::Record> DeskJournal::unfinished(const messages::TokenReport& token) const {
  return read([&](auto& journal) {
    const auto all = renewal::of_bank(journal.all_unfinished(), token, settings_);
    const auto* record = renewal::unfinished_on(token, all);
    return record == nullptr ? std::nullopt : std::optional(*record);
  });
}

std::optional<renewal::Record> DeskJournal::latest_unfinished(const renewal::TokenKey& token) const {
  return read([&](auto& journal) {
    std::optional<renewal::Record> latest;
    for (renewal::Record& record : renewal::of_bank(journal.all_unfinished(), {}, settings_))
      if (record.token == token) latest = std::move(record);
    return latest;
  });
}

std::optional<renewal::TokenMemory> DeskJournal::memory(const renewal::TokenKey& token) const {
  return read([&](auto& journal) { return journal.memory(token, settings_.bank()); });
}

std::optional<renewal::TokenMemory> DeskJournal::memory_of(const std::string& certificate_sha256) const {
  if (certificate_sha256.empty()) return std::nullopt;
  for (const auto& memory : read([](auto& journal) { return journal.memories(); }))
    if (is_same_bank(memory.bank, settings_.bank()) && memory.certificate_sha256 == certificate_sha256)
      return memory;
  return std::nullopt;
}

std::optional<std::vector<renewal::TokenMemory>> DeskJournal::memories() const {
  auto all = read([](auto& journal) { return std::optional(journal.memories()); });
  if (all)
    std::erase_if(*all, [&](const auto& memory) { return !is_same_bank(memory.bank, settings_.bank()); });
  return all;
}

std::optional<std::vector<renewal::Record>> DeskJournal::records(const renewal::TokenKey& token) const {
  return read([&](auto& journal) {
    return std::optional(
        renewal::of_bank(journal.history_of(token, renewal::records_looked_back), {}, settings_));
  });
}

std::optional<Failure> DeskJournal::remember(const renewal::TokenKey& token, const Change& change) {
  if (!journal_) return trouble_;
  try {
    journal_->remember(token, settings_.bank(), change);
    return std::nullopt;
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "that the person is to be asked later could not be remembered",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
    return error.failure();
  }
}

}  // namespace koshin::ui
