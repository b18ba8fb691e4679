// SPDX-License-Identifier: MIT
// The wizard's surroundings: journal, jobs, page server, and the ways to leave.
#include "application.hpp"

#include <boost/asio/post.hpp>
#include <cstdio>
#include <utility>

#include "default_browser.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "journal_reading.hpp"
#include "opening.hpp"
#include "page_json.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::ui {

using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// A reload takes a moment; a page that stays away longer was left.
constexpr seconds reload_time{20};
// The last page is on its way to the browser.
constexpr seconds time_for_last_page{2};
// A browser that has to be started first may take this long until it has read the file that leads to the
// page.
constexpr seconds time_for_file{20};
constexpr seconds longest_warning{60};
// A quick token takes its steps within milliseconds. A browser that draws each of them keeps the token
// waiting.
constexpr std::chrono::milliseconds between_pictures{50};
constexpr seconds inspection_deadline{60};

}  // namespace

Application::Application(const Settings& settings, Options options, std::unique_ptr<BrowserLauncher> browser)
    : settings_(settings),
      options_(std::move(options)),
      texts_(choose_language(options_.language)),
      idle_timer_(context_),
      left_timer_(context_),
      end_timer_(context_),
      show_timer_(context_),
      browser_timer_(context_),
      wizard_(*this, settings_, options_.occasion),
      api_(wizard_, gate_, settings_, surroundings()),
      browser_(std::move(browser)),
      last_action_(steady_clock::now()) {
  open_journal();
}

Application::~Application() = default;

void Application::open_journal() {
  try {
    journal_ = renewal::Journal::open(paths::journal_file());
  } catch (const FailureError& error) {
    // The worker will say so too, on a page with words for it.
    journal_trouble_ = error.failure();
    log::warning(log::Event::none, "the journal cannot be used", {{"KOSHIN_DETAIL", error.failure().detail}});
  }
}

PageApi::Surroundings Application::surroundings() {
  return {.view = [this] { return view_json(wizard_, settings_, now(), version_); },
          .person_acted = [this] { person_acted(); },
          .stream_started =
              [this] {
                // A duplicated tab has the same half of the session: one of the two may follow, and the other
                // one says so.
                supersede();
                // The stream begins after this call; its first event is the whole state, whatever was seen
                // before.
                boost::asio::post(context_, [this] {
                  server_->send("state", version_, view_json(wizard_, settings_, now(), version_));
                });
              },
          .stream_ended = [this] { page_left(); },
          .other_tab = [this] { supersede(); },
          .port = [this] { return server_->port(); }};
}

void Application::supersede() {
  server_->send("superseded", version_, "{}");
  server_->end_stream();
}

ParentLink::Listener Application::from_parent() {
  return {.token_removed = [this] { wizard_.on_token_removed(); },
          .told_again = [this](const std::string& reason,
                               const std::string& certificate) { told_again(reason, certificate); },
          .settled =
              [this] {
                if (!server_ && !opening_) wizard_.end(Outcome::closed);
              },
          .gone =
              [this] {
                jobs_.stop();
                wizard_.end(Outcome::closed);
              }};
}

Outcome Application::run() {
  parent_ = ParentLink::listen(context_, from_parent());
  send_mail_when_due();
  if (options_.page_only) {
    open_page();
  } else {
    notify();
  }
  context_.run();
  return wizard_.model().outcome;
}

void Application::open_page() {
  notifier_.reset();
  server_ = PageServer::open(context_, api_);
  const std::string url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/#" + gate_.capability();
  log::info(log::Event::page_opened, "the wizard's page is open",
            {{"KOSHIN_PORT", std::to_string(server_->port())}});
  if (options_.print_url) {
    std::printf("%s\n", url.c_str());
    std::fflush(stdout);
  } else if (browser_ && browser_possible()) {
    open_browser(url);
  } else {
    return browser_failed();
  }
  last_action_ = steady_clock::now();
  watch_idleness();
  wizard_.open();
}

/// The address is in a file that others cannot read. A browser that cannot either (in a snap or a flatpak)
/// gets the address itself: it opens nothing to another user's socket, works once, and ends with the wizard.
void Application::open_browser(const std::string& url) {
  if (browser_reads_files()) redirect_ = RedirectFile::make(url);
  browser_->open(context_, {redirect_ ? redirect_->address() : std::string(), url},
                 [this] { browser_failed(); });
  if (!redirect_) return;
  browser_timer_.expires_after(time_for_file);
  browser_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || ended_ || page_seen_) return;
    log::info(log::Event::none, "the page has not come by its file; its address is used");
    browser_->use_url();
  });
}

/// Neither the file nor whoever opens it is needed any more.
void Application::page_arrived() {
  browser_timer_.cancel();
  redirect_.reset();
  if (browser_) browser_->done();
}

void Application::browser_failed() {
  if (page_seen_ || wizard_.model().screen == Screen::finished) return;
  std::fprintf(stderr, "%s\n", texts_.text("desk.no_browser").c_str());
  log::warning(log::Event::none, "no browser could be opened; koshin renew does the same in a terminal");
  wizard_.end(Outcome::failed);
}

void Application::start_job(messages::Job job, std::vector<SecureBuffer> secrets) {
  const auto deadline =
      job.kind == messages::JobKind::inspect ? inspection_deadline : settings_.renewal.job_deadline;
  // What an earlier job has still to say, one that was let go say, is nobody's business any more.
  jobs_.start(std::move(job), std::move(secrets), deadline, [this, number = ++job_](messages::Event event) {
    boost::asio::post(context_, [this, number, event = std::move(event)] {
      if (number == job_) on_event(event);
    });
  });
}

void Application::on_event(const messages::Event& event) {
  const bool was_running = wizard_.job_running();
  wizard_.on_event(event);
  if (ended_ || !was_running || wizard_.job_running()) return;
  last_action_ = steady_clock::now();
  if (page_seen_ && !server_->stream_open()) {
    tell_result();
    page_left();
  }
}

void Application::tell_result() {
  const Screen screen = wizard_.model().screen;
  const bool done = screen == Screen::completed;
  if (!done && screen != Screen::interrupted && screen != Screen::pending) return;
  const std::string task = wizard_.model().task == Task::enroll ? "_enroll" : "";
  const std::string which = (done                        ? "completed"
                             : screen == Screen::pending ? "pending"
                                                         : "interrupted") +
                            task;
  if (!notifier_) notifier_ = Notifier::connect(context_);
  notifier_->show({texts_.text("desk." + which + "_title"),
                   texts_.text("desk." + which + "_body"),
                   {},
                   Notification::Urgency::normal},
                  {});
}

void Application::changed() {
  ++version_;
  const bool other_screen = wizard_.model().screen != shown_;
  if (other_screen || steady_clock::now() - shown_at_ >= between_pictures) {
    show_state();
  } else if (!show_timer_armed_) {
    show_timer_armed_ = true;
    show_timer_.expires_at(shown_at_ + between_pictures);
    show_timer_.async_wait([this](const boost::system::error_code&) {
      show_timer_armed_ = false;
      show_state();
    });
  }
}

void Application::show_state() {
  shown_ = wizard_.model().screen;
  shown_at_ = steady_clock::now();
  if (server_ && server_->stream_open())
    server_->send("state", version_, view_json(wizard_, settings_, now(), version_));
}

void Application::finished() {
  if (std::exchange(ended_, true)) return;
  idle_timer_.cancel();
  left_timer_.cancel();
  page_arrived();
  const bool page = server_ && server_->stream_open();
  end_timer_.expires_after(page ? time_for_last_page : seconds(0));
  end_timer_.async_wait([this](const boost::system::error_code&) { leave(); });
}

void Application::leave() {
  if (server_) {
    server_->close();
    log::info(log::Event::page_closed, "the wizard has ended",
              {{"KOSHIN_OUTCOME", to_string(wizard_.model().outcome)}});
  }
  if (notifier_ && !server_) notifier_->withdraw();  // a question is taken back, a result stays
  context_.stop();
}

void Application::person_acted() {
  if (!std::exchange(page_seen_, true)) page_arrived();
  last_action_ = steady_clock::now();
  left_timer_.cancel();
  wizard_.warn_idle(std::nullopt);
}

void Application::watch_idleness() {
  if (ended_) return;
  const auto warning = std::min(longest_warning, settings_.page.idle_timeout / 2);
  const auto idle = steady_clock::now() - last_action_;
  auto next = settings_.page.idle_timeout - warning;
  if (wizard_.job_running()) {
    last_action_ = steady_clock::now();
  } else if (idle >= settings_.page.idle_timeout) {
    return wizard_.end(Outcome::idle);
  } else if (idle >= next) {
    wizard_.warn_idle(warning.count());
    next = settings_.page.idle_timeout;
  }
  idle_timer_.expires_at(last_action_ + next);
  idle_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) watch_idleness();
  });
}

void Application::page_left() {
  if (ended_ || !page_seen_) return;
  left_timer_.expires_after(reload_time);
  left_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || server_->stream_open()) return;
    // A renewal goes on without its page; on_event() comes back here at its end.
    if (!wizard_.job_running()) wizard_.end(Outcome::left);
  });
}

TimePoint Application::now() {
  return current_time();
}

std::optional<renewal::Record> Application::unfinished(const renewal::TokenKey& token) {
  return read_journal(journal_.get(), [&](auto& journal) { return journal.unfinished(token); });
}

std::optional<renewal::TokenMemory> Application::memory(const renewal::TokenKey& token) {
  return read_journal(journal_.get(), [&](auto& journal) { return journal.memory(token); });
}

std::optional<std::vector<renewal::Record>> Application::records(const renewal::TokenKey& token) {
  return read_journal(journal_.get(), [&](auto& journal) {
    return std::optional(journal.history_of(token, renewal::records_looked_back));
  });
}

}  // namespace koshin::ui
