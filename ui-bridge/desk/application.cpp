// SPDX-License-Identifier: MIT
#include "application.hpp"

#include <boost/asio/post.hpp>
#include <cstdio>
#include <utility>

#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"
#include "foundation/texts/desk.hpp"
#include "no_page.hpp"
#include "renewal/policy/browsers.hpp"

namespace koshin::ui {

using std::chrono::seconds;

namespace {

// Time to deliver the last screen.
constexpr seconds time_for_last_screen{2};
constexpr seconds inspection_deadline{60};

}  // namespace

Application::Application(const Settings& settings, Options options, const ViewFactory& make_view)
    : settings_(settings),
      options_(std::move(options)),
      language_(parse_language(options_.language).value_or(language_of_session())),
      end_timer_(context_),
      wizard_(*this, settings_, options_.occasion),
      view_(make_view(context_, wizard_, *this)),
      attendance_(context_, settings_.page.idle_timeout, around_window()),
      question_(context_, options_.occasion, settings_, journal_, language_, from_desktop()) {}

Application::~Application() = default;

ParentLink::Listener Application::from_parent() {
  return {.token_removed = [this] { wizard_.on_token_removed(); },
          .told_again = [this](const ParentLink::News& news) { told_again(news); },
          .settled =
              [this] {
                if (!open_ && !opening_) wizard_.end(Outcome::closed);
              },
          .gone =
              [this] {
                jobs_.stop();
                hooks_.stop();
                wizard_.end(Outcome::closed);
              }};
}

Attendance::Surroundings Application::around_window() {
  return {.job_runs = [this] { return wizard_.job_running(); },
          .is_watched = [this] { return view_->is_watched(); },
          .warn = [this](std::optional<long> seconds_left) { wizard_.warn_idle(seconds_left); },
          .nobody_is_there = [this](Outcome outcome) { wizard_.end(outcome); }};
}

DesktopQuestion::Answers Application::from_desktop() {
  return {.renew = [this] { open_view_soon(); },
          .not_now =
              [this](Outcome outcome) {
                if (!ended_) wizard_.end(outcome);
              }};
}

Outcome Application::run() {
  if (!options_.window_possible) {
    send_mail_when_due();
    tell_of_no_page(options_, language_, *view_);
    mail_.wait();  // no page keeps this program for as long as a mail may take
    return Outcome::failed;
  }
  const auto parent = options_.link ? ParentLink::Parent::desktop : ParentLink::Parent::agent;
  parent_ = ParentLink::listen(context_, parent, from_parent());
  primary_ = PrimaryInstance::become(context_, [this](Link link) { return activated(link); });
  send_mail_when_due();
  // Where the desktop will bring no answer the window opens at once.
  if (options_.page_only || !question_.ask()) open_view();
  context_.run();
  return wizard_.model().outcome;
}

void Application::open_view() {
  question_.drop();
  view_->open();
  open_ = true;
  if (ended_) return;  // the window cannot be opened
  attendance_.window_is_open();
  wizard_.open();
}

void Application::open_view_soon() {
  if (ended_ || std::exchange(opening_, true)) return;
  boost::asio::post(context_, [this] { open_view(); });
}

/// An open page stays on its screen: whoever wrote the link does not know what the person is doing there.
PageAddress Application::activated(Link link) {
  log::info(log::Event::none, "a link leads to this page", {{"KOSHIN_LINK", std::string(to_string(link))}});
  if (open_) return view_->show_again();
  options_.occasion.reissue_asked = link == Link::reissue;
  wizard_.set_occasion(options_.occasion);
  open_view_soon();
  return {};
}

void Application::failed() {
  if (attendance_.was_seen() || wizard_.model().screen == Screen::finished) return;
  std::fprintf(stderr, "%s\n", std::string(texts::desk_no_browser.in(language_)).c_str());
  log::warning(log::Event::none, "no browser could be opened; koshin renew does the same in a terminal");
  wizard_.end(Outcome::failed);
}

void Application::start_job(messages::Job job, std::vector<SecureBuffer> secrets) {
  const auto deadline =
      job.kind == messages::JobKind::inspect ? inspection_deadline : settings_.renewal.job_deadline;
  // Late events of an earlier job, for example one that was let go, are ignored.
  jobs_.start(std::move(job), std::move(secrets), deadline, [this, number = ++job_](messages::Event event) {
    boost::asio::post(context_, [this, number, event = std::move(event)] {
      if (number == job_) on_event(event);
    });
  });
}

void Application::on_event(const messages::Event& event) {
  const bool was_running = wizard_.job_running();
  wizard_.on_event(event);
  if (const auto* renewed = std::get_if<messages::RenewResult>(&event); renewed && !renewed->dry_run) {
    hooks_.run(settings_.hooks.directory, hooks::hook_command(options_.occasion.settings_file),
               [this](const std::vector<std::string>& names) {
                 boost::asio::post(context_, [this, names] { wizard_.on_hooks_failed(names); });
               });
    look_in_store(*renewed);
  }
  if (ended_ || !was_running || wizard_.job_running()) return;
  attendance_.job_has_ended();
  if (attendance_.was_seen() && !view_->is_watched()) {
    question_.tell_result(wizard_.model());
    left();
  }
}

void Application::look_in_store(const messages::RenewResult& renewed) {
  const messages::CertificateReport& certificate = renewed.new_certificate;
  if (!has_certificate_store() || !renewal::concerns_browsers(certificate)) return;
  wizard_.store_is_asked(certificate.sha256);
  store_.look({.sha256 = certificate.sha256,
               .old_sha256 = renewed.old_certificate.sha256,
               .subject = {},
               .issuer = {}},
              [this, sha256 = certificate.sha256](const std::optional<renewal::StoreFinding>& found) {
                wizard_.store_has_told(sha256, found);
              });
}

void Application::changed() {
  view_->show(wizard_.model());
}

void Application::finished() {
  if (std::exchange(ended_, true)) return;
  primary_.reset();  // the next link starts anew
  attendance_.stop();
  end_timer_.expires_after(view_->is_watched() ? time_for_last_screen : seconds(0));
  end_timer_.async_wait([this](const boost::system::error_code&) { leave(); });
}

void Application::leave() {
  view_->close();
  if (!open_) question_.withdraw();  // a result stays
  context_.stop();
}

void Application::send_mail_when_due() {
  if (const auto memory = journal_.memory_of(options_.occasion.certificate_sha256))
    if (const auto threshold =
            journal_.read([&](auto& journal) { return mail_due(settings_, *memory, journal); }))
      mail_.send(*threshold, *memory);
}

/// Replaces an unanswered question by a new one; an open page needs none.
void Application::told_again(const ParentLink::News& news) {
  if (ended_) return;
  options_.occasion.reason = news.reason;
  options_.occasion.certificate_sha256 = news.certificate;
  options_.occasion.due = news.due;
  options_.occasion.purpose = news.purpose;
  try {
    send_mail_when_due();
    if (open_ || opening_ || !question_.is_asked()) return;
    wizard_.set_occasion(options_.occasion);
    question_.ask_again();
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "the person could not be told again",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
  }
}

/// Tells the parent about the new token, so that it opens no second page.
void Application::went_on(const std::string& token_uri) {
  if (parent_) parent_->tell_went_on(token_uri);
  log::info(log::Event::none, "the page goes on with the next token", {{"KOSHIN_TOKEN", token_uri}});
}

std::optional<Failure> Application::snooze(const messages::TokenReport& token) {
  const auto put_off = [&](renewal::TokenMemory& memory) {
    memory.label = token.label;
    memory.module = token.module;
    if (const auto& certificate = wizard_.model().certificate) {
      memory.certificate_sha256 = memory.told_sha256 = certificate->sha256;
      memory.not_after = certificate->not_after;
      memory.purpose = certificate->purpose;
    }
    memory.snoozed_at = now();
  };
  return journal_.remember(renewal::token_key(token), put_off);
}

TimePoint Application::now() {
  return current_time();
}

}  // namespace koshin::ui
