// SPDX-License-Identifier: MIT
#include "cli/browser_facts.hpp"

#include <algorithm>

#include "cli/report.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/waiting.hpp"
#include "foundation/system/within.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {

namespace {

using Store = std::vector<StoredCertificate>;
using std::chrono::steady_clock;

/// Empty where the store could not be read.
std::optional<renewal::StoreFinding> look(const renewal::StoreQuery& wanted, const StoreReading& reading) {
  try {
    const auto store = within<Store>(reading.reading_hangs, reading.read);
    if (store) return renewal::find_in_store(*store, wanted, current_time());
    log::warning(log::Event::none, "the store with the user's certificates has not answered");
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "the store with the user's certificates could not be read",
                 {{"KOSHIN_DETAIL", error.what()}});
  }
  return {};
}

/// A service, or the vendor's program, copies what it finds on the token, and takes its time.
std::optional<renewal::StoreFinding> ask_store(const Session& session, const renewal::StoreQuery& wanted,
                                               const StoreReading& reading) {
  const auto until = steady_clock::now() + reading.longest;
  const std::stop_token stop = session.interrupt.token();
  auto found = look(wanted, reading);
  while (found && !found->can_be_offered() && steady_clock::now() < until && !stop.stop_requested()) {
    koshin::wait_until(std::min(until, steady_clock::now() + reading.between_looks), stop);
    found = look(wanted, reading);
  }
  return found;
}

const Text& text_of(renewal::StoreState state) {
  switch (state) {
    case renewal::StoreState::has_it:
      return texts::cli_renew_store_has_it;
    case renewal::StoreState::keyless:
      return texts::cli_renew_store_keyless;
    case renewal::StoreState::lacks_it:
      break;
  }
  return texts::cli_renew_store_lacks_it;
}

/// What to choose in the browser, and whether it is there.
void print_choice_in_browsers(const Console& console, const BrowserFacts& facts) {
  const auto local = [&](TimePoint time) { return to_local_text(time, console.language()); };
  const auto& choice = facts.choice;
  if (choice && choice->others.empty())
    console.print(texts::cli_renew_which_to_choose, {choice->new_serial, local(choice->new_until),
                                                     choice->old_serial, local(choice->old_until)});
  if (choice && !choice->others.empty()) {
    console.print(texts::cli_renew_which_of_several,
                  {std::to_string(choice->count()), choice->new_serial, local(choice->new_until)});
    console.print(texts::cli_renew_which_is_old, {choice->old_serial, local(choice->old_until)});
    for (const auto& other : choice->others)
      console.print(texts::cli_renew_which_is_old, {other.serial, local(other.until)});
  }
  if (!facts.store) return;
  console.print(text_of(renewal::state_of(*facts.store)));
  if (const auto& expired = facts.store->expired_twin)
    console.print(texts::cli_renew_store_expired_twin,
                  {printable(expired->serial, 100), local(expired->not_after)});
}

}  // namespace

std::optional<BrowserFacts> facts_for_browsers(const Session& session, const messages::RenewResult& result,
                                               const StoreReading& reading) {
  const messages::CertificateReport& fresh = result.new_certificate;
  if (result.dry_run || !renewal::concerns_browsers(fresh)) return {};
  BrowserFacts facts;
  facts.choice = renewal::choice_in_browsers(result, session.now);
  if (!reading.there) return facts;
  if (session.console.shows_progress()) session.console.print(texts::cli_renew_store_looking);
  facts.store = ask_store(
      session,
      {.sha256 = fresh.sha256, .old_sha256 = result.old_certificate.sha256, .subject = {}, .issuer = {}},
      reading);
  return facts;
}

void print_browser_facts(const Console& console, const std::vector<BrowserFacts>& all) {
  if (all.empty()) return;
  for (const BrowserFacts& facts : all) print_choice_in_browsers(console, facts);
  const bool both = std::ranges::any_of(all, [](const BrowserFacts& one) { return one.choice.has_value(); });
  console.print(both ? texts::cli_renew_browser_lists_both : texts::cli_renew_restart_browser);
}

}  // namespace koshin::cli
