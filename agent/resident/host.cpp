// SPDX-License-Identifier: MIT
// The agent's one loop, and what it does for the agent.
#include "resident/host.hpp"

#include <algorithm>
#include <string_view>

#include "foundation/base/clock.hpp"
#include "foundation/base/language.hpp"
#include "foundation/jobs/job_runner.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/personal_values.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/paths.hpp"
#include "hooks/hook_errand.hpp"
#include "hooks/hook_files.hpp"
#include "renewal/policy/claims.hpp"
#include "resident/idle_memory.hpp"
#include "resident/metrics.hpp"
#include "resident/outside_unit.hpp"
#include "resident/renewal_log.hpp"
#include "resident/unattended_sitting.hpp"

namespace koshin::resident {
namespace {

// Slow cards take seconds to be read; what takes longer is a module that hangs.
constexpr std::chrono::seconds inspection_deadline{60};
constexpr std::size_t history_for_metrics = 200;
/// Sixty due tokens do not start sixty workers.
constexpr int most_renewals = 2;

SettingsSources sources_for(const std::filesystem::path& only) {
  SettingsSources sources = SettingsSources::standard();
  if (!only.empty()) sources.only = only;
  return sources;
}

Failure no_thread() {
  return {Reason::worker_failed, "the system has no thread to give for the job", {}};
}

/// The token that was seen, with the PIN's source that the settings name; the worker reads it.
std::string with_pin_source(const std::string& token_uri, const std::string& configured) {
  const auto query = configured.find('?');
  return query == std::string::npos ? token_uri : token_uri + configured.substr(query);
}

/// A hook may do what the user may, also where the agent is confined by its unit.
hooks::HookCommand hooks_outside_unit(const std::filesystem::path& settings_file) {
  hooks::HookCommand command = hooks::hook_command(settings_file);
  auto words = outside_unit("koshin: programs after a renewal");
  if (words.empty()) return command;
  words.push_back(command.program.string());
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  return {words.front(), {words.begin() + 1, words.end()}};
}

}  // namespace

Host::Host(const AgentArguments& arguments)
    : settings_file_(arguments.settings_file),
      settings_(sources_for(arguments.settings_file)),
      session_end_(SessionEnd::watch([this] { loop_.post([this] { loop_.stop(); }); })),
      requests_watch_(loop_.on(requests_.handle(), [this] { on_request(); })),
      tasks_([this](std::function<void()> task) { loop_.post(std::move(task)); }),
      prompter_([this](std::function<void()> task) { loop_.post(std::move(task)); }, tasks_,
                [file = arguments.settings_file](const Prompt& prompt) { return ui_command(prompt, file); },
                language_of_session(),
                {.closed = [this](const renewal::TokenKey& token) { agent_.on_prompt_closed(token); },
                 .snoozed = [this](const TokenPlace& place) { agent_.on_snoozed(place.token, place.bank); },
                 .token_of = [this](const std::string& uri) { return agent_.tokens().key_of(uri); },
                 .told_of_settings = [this](const Failure& mistake) { told_of_settings(mistake); }},
                [this](Notifier::Listener listener) { return make_notifier(loop_, std::move(listener)); }),
      agent_(*this, settings_.current(), arguments.exit_when_idle),
      alarm_(loop_, [this](Alarm::Why why) { on_clock(why); }),
      slots_([this](std::function<void()> task) { loop_.post(std::move(task)); }, arguments.settings_file,
             [this](const std::string& module) { agent_.on_slot_event(module); }),
      watch_(loop_, open_reader_service(),
             [this](const ReaderService::Snapshot& snapshot) { on_snapshot(snapshot); }),
      program_state_(program_.look()) {
  if (program_.obstacle().empty())
    program_watch_ = loop_.on(program_.handle(), [this] { program_state_ = program_.look(); });
}

Host::~Host() {
  tasks_.stop_all();
}

void Host::on_request() {
  while (const auto request = requests_.take()) {
    if (*request == StopRequests::Request::reload) {
      reload_settings();
    } else {
      loop_.stop();
    }
  }
}

Host::End Host::run() {
  log::configure("koshin-agent", settings_.current()->base.log.level);
  if (!program_.obstacle().empty())
    log::warning(log::Event::none,
                 "This program is not told when it is replaced or removed: it sees so with the next thing "
                 "that it does.",
                 {{"KOSHIN_DETAIL", program_.obstacle()}});
  follow_mistake();
  agent_.start();
  run_hooks();
  watch_slots();
  loop_.run([this] { before_wait(); });
  log::info(log::Event::stopped, "Stopped.");
  return end_;
}

bool Host::leaves_for_its_program() {
  using State = ProgramWatch::State;
  if (program_state_ == State::same || !tasks_.empty()) return false;
  if (program_state_ == State::replaced && prompter_.busy()) return false;
  const bool removed = program_state_ == State::removed;
  end_ = removed ? End::removed : End::replaced;
  log::info(log::Event::none, removed ? "This program was removed: leaving."
                                      : "This program was replaced by another version: leaving for it.");
  return true;
}

/// The wait may be long: the journal is closed, and memory that only the work needed goes back.
void Host::before_wait() {
  if (!prompter_.tells_of_settings()) told_mistake_.end();
  if (!program_.obstacle().empty()) program_state_ = program_.look();
  if (leaves_for_its_program()) return loop_.stop();
  if (agent_.wants_to_leave() && tasks_.empty() && !prompter_.busy()) {
    log::info(log::Event::none, "No reader has been here for a while: leaving until one comes.");
    end_ = End::idle;
    return loop_.stop();
  }
  journal_.close();
  if (tasks_.empty()) give_back_idle_memory();
}

void Host::on_snapshot(const ReaderService::Snapshot& snapshot) {
  if (!told_watching_) {
    told_watching_ = true;
    log::info(log::Event::started,
              "Watching " + std::to_string(snapshot.readers.size()) + " card reader(s).");
  }
  reload_settings();
  agent_.on_readers(snapshot.readers, snapshot.restarted);
}

void Host::reload_settings() {
  const bool changed = settings_.refresh();
  if (changed || settings_.mistake()) follow_mistake();
  if (!changed) return;
  log::configure("koshin-agent", settings_.current()->base.log.level);
  agent_.use(settings_.current());
  watch_slots();
}

void Host::follow_mistake() {
  if (const auto& mistake = settings_.mistake()) {
    agent_.stop_looking(*mistake);
    if (!repair_)
      repair_.emplace(
          loop_, settings_.folders(), [this] { reload_settings(); },
          [this] { return settings_.leads_nowhere(); });
    return;
  }
  repair_.reset();
  told_mistake_.forget();
  prompter_.settled(wrong_settings_place);
}

void Host::settings_are_wrong(const Failure& mistake) {
  if (!told_mistake_.is(mistake) && told_mistake_.begin()) prompter_.settings_are_wrong(mistake);
}

void Host::told_of_settings(const Failure& mistake) {
  // A message that is withdrawn ends like one that was read: the settings are right by then.
  if (settings_.mistake() && desktop::is_same_mistake(*settings_.mistake(), mistake))
    told_mistake_.keep(mistake);
}

void Host::watch_slots() {
  const Settings::Token& token = settings_.current()->base.token;
  slots_.watch(token.rescan_interval ? token.modules : std::vector<std::string>());
}

void Host::on_clock(Alarm::Why why) {
  reload_settings();
  if (why == Alarm::Why::time) {
    agent_.on_alarm();
  } else {
    agent_.on_clock(why == Alarm::Why::woke ? renewal::Trigger::wake : renewal::Trigger::clock_change);
  }
}

TimePoint Host::now() {
  return current_time();
}

void Host::set_alarm(std::optional<TimePoint> at) {
  alarm_.set(at);
}

void Host::inspect(const std::string& module, bool tell_readers) {
  messages::Job job;
  job.kind = messages::JobKind::inspect;
  job.settings_file = settings_file_.string();
  job.module = module;
  job.tell_readers = tell_readers;
  const auto deadline = std::min(inspection_deadline, settings_.current()->base.renewal.job_deadline);
  const bool started = tasks_.start([this, deadline, job = std::move(job)](const std::stop_token& stop) {
    const auto ignore = [](const messages::Event&) {};
    messages::Event answer = run_guarded([&] { return run_job(job, {}, ignore, deadline, stop); });
    loop_.post([this, answer = std::move(answer)] { agent_.on_inspected(answer); });
  });
  if (!started) loop_.post([this] { agent_.on_inspected(no_thread()); });
}

void Host::prompt(const Prompt& prompt) {
  prompter_.prompt(prompt);
}

void Host::renew_unattended(const TokenPlace& place, const std::string& module) {
  const Settings* const bank = settings_.current()->find(place.bank);
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.settings_file = settings_file_.string();
  job.bank = place.bank;
  job.module = module;  // the others are not asked: one of them may hang
  job.token_uri = bank == nullptr ? place.uri : with_pin_source(place.uri, bank->token.uri);
  job.unattended = true;
  waiting_renewals_.emplace_back(place, std::move(job));
  begin_renewals();
}

void Host::begin_renewals() {
  while (running_renewals_ < most_renewals && !waiting_renewals_.empty()) {
    auto [place, job] = std::move(waiting_renewals_.front());
    waiting_renewals_.pop_front();
    ++running_renewals_;
    log::info(
        log::Event::renewal_started, "Renewing by itself, with the PIN from its configured source.",
        {{"KOSHIN_TOKEN", job.token_uri.substr(0, job.token_uri.find('?'))}, {"KOSHIN_BANK", job.bank}});
    const Settings* const bank = settings_.current()->find(place.bank);
    const Settings own = bank == nullptr ? settings_.current()->base : *bank;
    const bool started = tasks_.start([this, place = place, own, job = job,
                                       unfinished = unfinished_records()](const std::stop_token& stop) {
      const auto run = [&](const messages::Job& one) {
        return run_guarded(
            [&] { return run_job(one, {}, log_renewal_step, own.renewal.job_deadline, stop); });
      };
      messages::Event answer = renew_all_unattended(job, unfinished, own, current_time(), run);
      loop_.post([this, place, answer = std::move(answer)] { renewal_ended(place, answer); });
    });
    if (!started) loop_.post([this, place = place] { renewal_ended(place, messages::Event{no_thread()}); });
  }
}

void Host::renewal_ended(const TokenPlace& place, const messages::Event& answer) {
  --running_renewals_;
  agent_.on_renewed(place.token, log_renewal_end(answer), place.bank);
  run_hooks();  // after a failure too: another certificate of the token may have been renewed before
  begin_renewals();
}

void Host::run_hooks() {
  const std::filesystem::path folder = settings_.current()->base.hooks.directory;
  if (!hooks::has_hooks(folder)) return;
  const bool started = tasks_.start([folder, file = settings_file_](const std::stop_token& stop) {
    (void)hooks::run_due_hooks(folder, hooks_outside_unit(file), stop);
  });
  if (!started) log::warning(log::Event::hook_failed, "The system has no thread to give for the hooks.");
}

void Host::module_in_trouble(const std::string& module, const Failure& failure) {
  prompter_.module_in_trouble(module, failure);
}

void Host::publish(const std::vector<Standing>& standings) {
  const std::filesystem::path& file = settings_.current()->base.metrics.textfile;
  if (file.empty()) return;
  try {
    constexpr unsigned readable_by_the_exporter = 0644;
    write_file_atomically(
        file,
        metrics_text(standings, renewal::of_banks(journal().memories(), settings_.current()->base),
                     journal().history(history_for_metrics), with_user("%u").value_or("")),
        readable_by_the_exporter);
    metrics_failed_ = false;
  } catch (const std::exception& error) {
    if (!metrics_failed_)
      log::warning(log::Event::none, "The metrics could not be written.", {{"KOSHIN_DETAIL", error.what()}});
    metrics_failed_ = true;
  }
}

std::vector<renewal::Record> Host::unfinished_records() {
  try {
    return journal().all_unfinished();
  } catch (const FailureError&) {
    return {};  // the worker tells of a journal that cannot be used
  }
}

}  // namespace koshin::resident
