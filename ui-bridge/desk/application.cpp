// SPDX-License-Identifier: MIT
// The application around the wizard: jobs, window, and all ways to leave.
#include "application.hpp"

#include <boost/asio/post.hpp>
#include <cstdio>
#include <utility>

#include "desk_messages.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"
#include "foundation/texts/desk.hpp"

namespace koshin::ui {

using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// A reloaded page returns within this time; a window that stays away longer was left.
constexpr seconds reload_time{20};
// Time to deliver the last screen.
constexpr seconds time_for_last_screen{2};
constexpr seconds longest_warning{60};
constexpr seconds inspection_deadline{60};

}  // namespace

Application::Application(const Settings& settings, Options options, const ViewFactory& make_view)
    : settings_(settings),
      options_(std::move(options)),
      language_(parse_language(options_.language).value_or(language_of_session())),
      idle_timer_(context_),
      left_timer_(context_),
      end_timer_(context_),
      wizard_(*this, settings_, options_.occasion),
      view_(make_view(context_, wizard_, *this)),
      last_action_(steady_clock::now()) {}

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

Outcome Application::run() {
  const auto parent = options_.link ? ParentLink::Parent::desktop : ParentLink::Parent::agent;
  parent_ = ParentLink::listen(context_, parent, from_parent());
  primary_ = PrimaryInstance::become(context_, [this](Link link) { return activated(link); });
  send_mail_when_due();
  if (options_.page_only) {
    open_view();
  } else {
    notify();
  }
  context_.run();
  return wizard_.model().outcome;
}

void Application::open_view() {
  notifier_.reset();
  view_->open();
  open_ = true;
  if (ended_) return;  // the window cannot be opened
  last_action_ = steady_clock::now();
  watch_idleness();
  wizard_.open();
}

/// An open page stays on its screen: whoever wrote the link does not know what the person is doing there.
PageAddress Application::activated(Link link) {
  log::info(log::Event::none, "a link leads to this page", {{"KOSHIN_LINK", std::string(to_string(link))}});
  if (open_) return view_->show_again();
  options_.occasion.reissue_asked = link == Link::reissue;
  wizard_.set_occasion(options_.occasion);
  if (!std::exchange(opening_, true)) boost::asio::post(context_, [this] { open_view(); });
  return {};
}

void Application::failed() {
  if (seen_ || wizard_.model().screen == Screen::finished) return;
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
  last_action_ = steady_clock::now();
  if (seen_ && !view_->is_watched()) {
    tell_result();
    left();
  }
}

void Application::look_in_store(const messages::RenewResult& renewed) {
  const messages::CertificateReport& certificate = renewed.new_certificate;
  if (!has_certificate_store() || certificate.purpose != messages::Purpose::log_in) return;
  wizard_.store_is_asked(certificate.sha256);
  store_.look({.sha256 = certificate.sha256,
               .old_sha256 = renewed.old_certificate.sha256,
               .subject = {},
               .issuer = {}},
              [this, sha256 = certificate.sha256](const std::optional<renewal::StoreFinding>& found) {
                wizard_.store_has_told(sha256, found);
              });
}

void Application::tell_result() {
  const auto message = result_message(wizard_.model(), settings_, language_);
  if (!message) return;
  if (!notifier_) notifier_ = Notifier::connect(context_);
  notifier_->show(*message, {});
}

void Application::changed() {
  view_->show(wizard_.model());
}

void Application::finished() {
  if (std::exchange(ended_, true)) return;
  primary_.reset();  // the next link starts anew
  idle_timer_.cancel();
  left_timer_.cancel();
  end_timer_.expires_after(view_->is_watched() ? time_for_last_screen : seconds(0));
  end_timer_.async_wait([this](const boost::system::error_code&) { leave(); });
}

void Application::leave() {
  view_->close();
  if (notifier_ && !open_) notifier_->withdraw();  // a question is withdrawn, a result stays
  context_.stop();
}

void Application::person_acted() {
  seen_ = true;
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

void Application::left() {
  if (ended_ || !seen_) return;
  left_timer_.expires_after(reload_time);
  left_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || view_->is_watched()) return;
    // A renewal continues without its window; on_event() leaves at its end.
    if (!wizard_.job_running()) wizard_.end(Outcome::left);
  });
}

TimePoint Application::now() {
  return current_time();
}

}  // namespace koshin::ui
