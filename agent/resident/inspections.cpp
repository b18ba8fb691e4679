// SPDX-License-Identifier: MIT
#include "resident/inspections.hpp"

#include <algorithm>

#include "foundation/log/log.hpp"

namespace koshin::resident {

using renewal::Trigger;

namespace {

/// Tokens that say the same of themselves are judged together; that one of them is new counts for both.
Seen each_once(const Seen& all) {
  Seen once;
  for (const auto& one : all) {
    const auto same =
        std::find_if(once.begin(), once.end(), [&](const auto& other) { return other.first == one.first; });
    if (same == once.end()) {
      once.push_back(one);
    } else if (one.second == Trigger::insertion) {
      same->second = one.second;
    }
  }
  return once;
}

void add_once(std::vector<std::string>& to, const std::string& one) {
  if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
}

}  // namespace

void Inspections::use(std::vector<std::string> modules) {
  modules_ = std::move(modules);
  mistake_.reset();
  health_.forget();
}

void Inspections::look(Request request) {
  if (mistake_) {  // use() looks at all that is in by then
    if (request.trigger == Trigger::insertion) world_.settings_are_wrong(*mistake_);
    return;
  }
  const auto same = [&](const Request& other) {
    return other.trigger == request.trigger && other.reader == request.reader &&
           other.modules == request.modules;
  };
  // What waits already will see everything that this one would.
  if (std::none_of(queue_.begin(), queue_.end(), same)) queue_.push_back(std::move(request));
  start_next();
}

void Inspections::look_again(const renewal::TokenKey& token) {
  const PresentToken* present = tokens_.find(token);
  if (present != nullptr) look({Trigger::timer, {}, {present->module}});
}

void Inspections::look_at_all(Trigger trigger) {
  std::vector<std::string> modules;
  for (const PresentToken& token : tokens_.all()) {
    add_once(modules, token.module);
  }
  if (!modules.empty()) look({trigger, {}, modules});
}

void Inspections::card_is_out(const std::string& reader) {
  std::erase_if(queue_, [&](const Request& request) { return !reader.empty() && request.reader == reader; });
  retry_.erase(reader);
  held_.erase(reader);
  if (run_ && run_->request.reader == reader) run_->reader_gone = true;
  if (sightings_.take_from_reader(reader)) listener_.gone();
}

/// Modules hold a card while they work, our workers' too: only one that was held from the start, and that
/// nobody has looked at, is news.
void Inspections::card_is_free(const std::string& reader) {
  if (held_.erase(reader) != 0) look({Trigger::insertion, reader, {}});
}

void Inspections::on_alarm() {
  const TimePoint now = world_.now();
  std::vector<std::string> modules;
  for (PresentToken& token : tokens_.all()) {
    if (!token.look_again || *token.look_again > now) continue;
    token.look_again.reset();
    add_once(modules, token.module);
  }
  if (!modules.empty()) look({Trigger::timer, {}, modules});
  // Taken out first: a look may end at once and ask for a later one.
  std::vector<std::string> due;
  for (const auto& [reader, at] : retry_) {
    if (at <= now) due.push_back(reader);
  }
  for (const std::string& reader : due) retry_.erase(reader);
  for (const std::string& reader : due) look({Trigger::insertion, reader, {}});
}

std::optional<TimePoint> Inspections::next() const {
  std::optional<TimePoint> first;
  for (const PresentToken& token : tokens_.all()) take_earlier(first, token.look_again);
  for (const auto& [reader, again] : retry_) take_earlier(first, again);
  return first;
}

void Inspections::on_clock_change() {
  for (auto& [reader, at] : retry_) at = std::min(at, world_.now() + ModuleHealth::longest_pause);
}

void Inspections::start_next() {
  while (!run_ && !queue_.empty()) {
    run_ = Run{};
    run_->request = std::move(queue_.front());
    queue_.pop_front();
    std::vector<std::string> modules = run_->request.modules;
    if (modules.empty()) {
      std::vector<renewal::TokenMemory> memories;
      try {
        memories = world_.journal().memories();
      } catch (const FailureError& error) {
        log::debug("The journal cannot say which module owned a token.", {{"KOSHIN_DETAIL", error.what()}});
      }
      modules = order_of_trial(modules_, memories);
    }
    run_->left.assign(modules.begin(), modules.end());
    ask_next_module();
  }
}

void Inspections::ask_next_module() {
  const bool satisfied = run_->reader_gone || (run_->found && !run_->request.reader.empty());
  while (!satisfied && !run_->left.empty()) {
    run_->asked = std::move(run_->left.front());
    run_->left.pop_front();
    const auto rests = health_.rests_until(run_->asked, world_.now());
    if (!rests) {
      run_->with_readers = several_cards();
      world_.inspect(run_->asked, run_->with_readers);
      return;
    }
    run_->worth_a_retry = std::min(run_->worth_a_retry.value_or(*rests), *rests);
  }
  finish_run();
}

bool Inspections::several_cards() const {
  return std::count_if(readers_.begin(), readers_.end(), [](const ReaderState& r) { return r.card; }) > 1;
}

void Inspections::on_inspected(const messages::Event& answer) {
  if (!run_) return;
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    module_failed(*failure);
  } else if (const auto* result = std::get_if<messages::InspectResult>(&answer)) {
    // A card that has come during the inspection may be among the tokens: the readers have to be told.
    const bool unclear = !run_->with_readers && several_cards();
    unclear ? run_->left.push_front(run_->asked) : absorb(*result);
  } else {
    module_failed({Reason::worker_failed, "the worker answered an inspection with something else", {}});
  }
  ask_next_module();
  start_next();
}

void Inspections::module_failed(const Failure& failure) {
  if (failure.reason == Reason::interrupted) return;
  if (failure.reason == Reason::token_removed) {  // the person's doing, not the module's
    run_->worth_a_retry = world_.now() + ModuleHealth::first_pause;
    return;
  }
  if (failure.reason == Reason::card_held) return another_holds_it(failure);
  const bool settings_at_fault =
      failure.reason == Reason::settings_invalid || failure.reason == Reason::settings_unsafe;
  if (settings_at_fault) {
    log::error(log::Event::settings_rejected, "No token can be looked at before the settings are put right.",
               {{"KOSHIN_REASON", info(failure.reason).id}, {"KOSHIN_DETAIL", failure.detail}});
    if (run_->request.trigger == Trigger::insertion) world_.settings_are_wrong(failure);
    run_->worth_a_retry = world_.now() + ModuleHealth::first_pause;
    return;
  }
  const std::string& module = run_->asked;
  const bool first = health_.failed(module, failure, world_.now());
  log::warning(log::Event::module_failed,
               "The token software “" + module +
                   "” could not be used: " + std::string(info(failure.reason).in(Language::en).cause),
               {{"KOSHIN_MODULE", module},
                {"KOSHIN_REASON", info(failure.reason).id},
                {"KOSHIN_DETAIL", failure.detail}});
  if (first) world_.module_in_trouble(module, failure);
  if (const auto rests = health_.rests_until(module, world_.now())) {
    run_->worth_a_retry = std::min(run_->worth_a_retry.value_or(*rests), *rests);
  }
}

void Inspections::another_holds_it(const Failure& failure) {
  log::info(log::Event::none,
            "The token software “" + run_->asked +
                "” shows no token: " + std::string(info(failure.reason).in(Language::en).cause),
            {{"KOSHIN_MODULE", run_->asked},
             {"KOSHIN_REASON", info(failure.reason).id},
             {"KOSHIN_DETAIL", failure.detail}});
  bool any = false, own = false;
  for (const ReaderState& reader : readers_) {
    any = any || reader.exclusive;
    own = own || (reader.exclusive && reader.name == run_->request.reader);
  }
  if (!any) {  // the holder has let go since, or the readers' service tells of it in a moment
    run_->worth_a_retry = world_.now() + ModuleHealth::first_pause;
  } else if (own) {
    held_.insert(run_->request.reader);
  }  // else it is the card in another reader, whose release is told; this one has no token for the module
}

void Inspections::absorb(const messages::InspectResult& result) {
  for (const auto& trouble : result.modules_in_trouble) {
    module_failed(trouble.failure);
  }
  if (result.modules_in_trouble.empty() && health_.succeeded(run_->asked)) {
    log::info(log::Event::none, "The token software “" + run_->asked + "” works again.",
              {{"KOSHIN_MODULE", run_->asked}});
  }
  const Request& request = run_->request;
  const auto sighted =
      sightings_.read(result.tokens, {run_->asked, request.trigger, request.reader, run_->reader_gone});
  run_->found = run_->found || sighted.found;
  run_->seen.insert(run_->seen.end(), sighted.seen.begin(), sighted.seen.end());
  if (result.modules_in_trouble.empty() && sightings_.take_unseen(run_->asked)) listener_.gone();
}

void Inspections::finish_run() {
  const Run run = std::move(*run_);
  run_.reset();
  if (!run.seen.empty()) listener_.seen(each_once(run.seen));
  const std::string& reader = run.request.reader;
  if (reader.empty() && run.worth_a_retry) {
    // Whoever could not be asked about is asked about again when its module has rested.
    for (PresentToken& token : tokens_.all()) {
      if (health_.usable(token.module, world_.now())) continue;
      token.look_again = std::min(token.look_again.value_or(*run.worth_a_retry), *run.worth_a_retry);
    }
  }
  if (reader.empty() || run.reader_gone || run.found) return;
  if (run.worth_a_retry) {
    retry_[reader] = *run.worth_a_retry;
    return;
  }
  if (held_.contains(reader)) return;
  log::info(log::Event::inspected,
            "No configured module knows the card in “" + reader +
                "”; nothing is done about it. “koshin doctor” says more.",
            {{"KOSHIN_READER", reader}});
}

}  // namespace koshin::resident
