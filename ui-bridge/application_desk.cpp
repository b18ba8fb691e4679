// SPDX-License-Identifier: MIT
// The desktop message before the window: what it says, and what its buttons do.
#include <algorithm>
#include <boost/asio/post.hpp>

#include "application.hpp"
#include "desktop/message_text.hpp"
#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/texts/desk.hpp"
#include "journal_reading.hpp"
#include "opening.hpp"
#include "renewal/policy/policy.hpp"

namespace koshin::ui {

namespace {

Notification::Urgency urgency_of(const std::string& reason, std::optional<long> days_left) {
  for (const char* pressing : {"expired_in_grace", "reissue_needed", "certificate_missing", "key_missing"})
    if (reason == pressing) return Notification::Urgency::critical;
  if (!days_left || *days_left > 7) return Notification::Urgency::normal;
  return Notification::Urgency::critical;
}

/// What a desktop message says of one decision.
struct Topic {
  std::string_view reason;
  Text title, body;
  Text body_without_date = {};
};
/// Anything else is a renewal that is due.
constexpr Topic topics[] = {
    {"due", texts::desk_due_title, texts::desk_due_body, texts::desk_due_body_plain},
    {"expired_in_grace", texts::desk_expired_in_grace_title, texts::desk_expired_in_grace_body,
     texts::desk_expired_in_grace_body_plain},
    {"due_other", texts::desk_due_title, texts::desk_due_other_body, texts::desk_due_other_body_plain},
    {"expired_other", texts::desk_expired_in_grace_title, texts::desk_expired_other_body},
    {"resume_unfinished", texts::desk_resume_unfinished_title, texts::desk_resume_unfinished_body},
    {"pending_at_authority", texts::desk_pending_at_authority_title, texts::desk_pending_at_authority_body},
    {"reissue_needed", texts::desk_reissue_needed_title, texts::desk_reissue_needed_body},
    {"certificate_missing", texts::desk_certificate_missing_title, texts::desk_certificate_missing_body},
    {"key_missing", texts::desk_key_missing_title, texts::desk_key_missing_body},
    {"proof_left", texts::desk_proof_left_title, texts::desk_proof_left_body},
    {"cannot_be_told", texts::desk_cannot_be_told_title, texts::desk_cannot_be_told_body},
};

const Topic& topic(std::string_view reason) {
  const auto* const found = std::ranges::find(topics, reason, &Topic::reason);
  return found == std::end(topics) ? topics[0] : *found;
}

/// The topic of a certificate that does not log in, where its words would be about logging in.
std::string_view not_for_logging_in(std::string_view topic) {
  if (topic == "due") return "due_other";
  return topic == "expired_in_grace" ? "expired_other" : topic;
}

bool renewable(std::string_view topic) {
  return topic == "due" || topic == "expired_in_grace" || topic == "due_other" || topic == "expired_other";
}

/// With nothing to put off: each mistake is told once.
Notification about_wrong_settings(const Failure& mistake, Language language) {
  desktop::Words words = desktop::words_for_wrong_settings(mistake, language);
  const std::string open(texts::desk_open.in(language));
  return {std::move(words.title),
          std::move(words.body),
          {{"default", open}, {"renew", open}},
          Notification::Urgency::critical};
}

/// Runs `write`; returns its failure, if any.
std::optional<Failure> write_journal(const std::function<void()>& write) {
  try {
    write();
    return std::nullopt;
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "that the person is to be asked later could not be remembered",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
    return error.failure();
  }
}

}  // namespace

/// The agent's memory of the certificate concerned.
std::optional<renewal::TokenMemory> Application::remembered() const {
  for (const auto& memory : read_journal(journal_.get(), [](auto& journal) { return journal.memories(); }))
    if (!options_.occasion.certificate_sha256.empty() && memory.bank == settings_.bank() &&
        memory.certificate_sha256 == options_.occasion.certificate_sha256)
      return memory;
  return std::nullopt;
}

/// The desktop message for the present state.
Notification Application::question() {
  if (options_.occasion.obstacle) return about_wrong_settings(*options_.occasion.obstacle, language_);
  std::string_view what = topic(options_.occasion.reason).reason;
  const auto memory = remembered();
  if (what == "resume_unfinished" && memory)
    if (const auto record = latest_unfinished(memory->token);
        record && record->state == renewal::State::pending)
      what = "pending_at_authority";
  std::vector<PlaceValue> values;
  std::optional<long> days;
  if (memory && memory->not_after) {
    const TimePoint expiry = *memory->not_after;
    days = renewal::days_left(expiry, now());
    if (what == "due" && expiry < now()) what = "expired_in_grace";
    values = {{"left", days_left_in_words(*days, language_)},
              {"ago", days_ago_in_words(renewal::days_left(now(), expiry), language_)},
              {"date", to_local_words(expiry, language_)},
              {"until", to_local_words(add(expiry, settings_.renewal.grace), language_)}};
  }
  if (!options_.occasion.purpose.empty()) what = not_for_logging_in(what);
  const Topic& said = topic(what);
  const Text& body = days || said.body_without_date.empty() ? said.body : said.body_without_date;
  Notification notification{
      std::string(said.title.in(language_)),
      fill_named_places(call_pin(body.in(language_), settings_.branding.pin_name.in(language_)), values),
      {},
      urgency_of(options_.occasion.reason, days)};
  if (options_.occasion.due > 1) {
    const PlaceValue several[] = {{"count", std::to_string(options_.occasion.due)}};
    notification.body =
        fill_named_places(texts::desk_several_due.in(language_), several) + "\n" + notification.body;
  }
  if (!settings_.bank().empty())
    notification.title += " (" + settings_.branding.bank_name.in_any(language_) + ")";
  notification.actions = {
      {"default", std::string(texts::desk_open.in(language_))},
      {"renew", std::string((renewable(what) ? texts::desk_renew_now : texts::desk_open).in(language_))},
      {"later", std::string(texts::desk_later.in(language_))}};
  return notification;
}

void Application::notify() {
  notifier_ = Notifier::connect(context_);
  const auto delivery = notifier_->show(question(), [this](const std::string& key) { answered(key); });
  log::info(log::Event::notified, "the person was told", {{"KOSHIN_REASON", options_.occasion.reason}});
  // Without buttons there is no answer to wait for: the message has announced the page, or could not be
  // shown.
  if (delivery != Notifier::Delivery::shown) open_view();
}

void Application::send_mail_when_due() {
  if (const auto memory = remembered())
    if (const auto threshold = read_journal(
            journal_.get(), [&](auto& journal) { return mail_due(settings_, *memory, journal); }))
      mail_.send(*threshold, *memory, options_.occasion.settings_file);
}

/// Replaces an unanswered message by a new one; an open page needs none. If the new message cannot be shown,
/// the old one stays with its buttons.
void Application::told_again(const ParentLink::News& news) {
  if (ended_) return;
  options_.occasion.reason = news.reason;
  options_.occasion.certificate_sha256 = news.certificate;
  options_.occasion.due = news.due;
  options_.occasion.purpose = news.purpose;
  try {
    send_mail_when_due();
    if (open_ || opening_ || !notifier_) return;
    wizard_.set_occasion(options_.occasion);
    notifier_->show(question(), [this](const std::string& key) { answered(key); });
    log::info(log::Event::notified, "the person was told again", {{"KOSHIN_REASON", news.reason}});
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "the person could not be told again",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
  }
}

void Application::answered(const std::string& key) {
  if (ended_) return;
  if (key == "renew" || key == "default") {
    opening_ = true;
    return boost::asio::post(context_, [this] { open_view(); });
  }
  if (key == "later") {
    return wizard_.end(snooze_from_desktop() ? Outcome::snoozed : Outcome::closed);
  }
  wizard_.end(Outcome::closed);
}

/// False when the snooze could not be stored: the person is then asked again as before.
bool Application::snooze_from_desktop() {
  const auto memory = remembered();
  if (!memory) return true;
  const auto why = write_journal([&] {
    journal_->remember(memory->token, settings_.bank(), [this](auto& known) { known.snoozed_at = now(); });
  });
  return !why;
}

/// Tells the parent about the new token, so that it opens no second page.
void Application::went_on(const std::string& token_uri) {
  if (parent_) parent_->tell_went_on(token_uri);
  log::info(log::Event::none, "the page goes on with the next token", {{"KOSHIN_TOKEN", token_uri}});
}

std::optional<Failure> Application::snooze(const messages::TokenReport& token) {
  if (!journal_) return journal_trouble_;
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
  return write_journal([&] { journal_->remember(renewal::token_key(token), settings_.bank(), put_off); });
}

}  // namespace koshin::ui
