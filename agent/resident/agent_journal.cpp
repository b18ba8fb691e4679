// SPDX-License-Identifier: MIT
#include "resident/agent_journal.hpp"

#include <string>
#include <utility>

#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/state_folder.hpp"

namespace koshin::resident {

renewal::Journal& AgentJournal::opened() {
  if (!journal_) journal_ = renewal::Journal::open_unless_damaged(paths::journal_file());
  return *journal_;
}

void AgentJournal::is_unusable(const Failure& why) {
  is_in_order_ = false;
  journal_.reset();  // the next opening looks through a file in which reading has met damage
  if (!trouble_ || !desktop::is_same_mistake(*trouble_, why))
    log::error(log::Event::none,
               "The journal cannot be used: deciding without it. " +
                   std::string(info(why.reason).in(Language::en).administrator_action),
               {{"KOSHIN_REASON", info(why.reason).id}, {"KOSHIN_DETAIL", why.detail}});
  trouble_ = why;
  if (!told_.is(why) && told_.begin() && prompter_.journal_is_unusable(why)) told_.keep(why);
  told_.end();
}

void AgentJournal::is_in_order() {
  if (std::exchange(is_in_order_, true)) return;
  told_.forget();
  if (!std::exchange(trouble_, std::nullopt)) return;
  log::info(log::Event::none, "The journal can be used again.");
  prompter_.journal_is_usable();
}

}  // namespace koshin::resident
