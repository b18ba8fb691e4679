// SPDX-License-Identifier: MIT
#include "desk_messages.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "bank_choice.hpp"
#include "desktop/message_text.hpp"
#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/desk.hpp"
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
constexpr std::string_view by_hand = "by_hand", by_hand_none_due = "by_hand_none_due",
                           by_hand_none_read = "by_hand_none_read";

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
    // Started by hand, where nothing is known to be due.
    {by_hand, texts::desk_link, texts::desk_by_hand_body},
    {by_hand_none_due, texts::desk_link, texts::desk_by_hand_none_due_body},
    {by_hand_none_read, texts::desk_link, texts::desk_by_hand_none_read_body},
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

bool says_nothing_is_due(std::string_view topic) {
  return topic.starts_with(by_hand);
}

bool renewable(std::string_view topic) {
  return topic == "due" || topic == "expired_in_grace" || topic == "due_other" || topic == "expired_other";
}

}  // namespace

Subject subject_of(const Occasion& occasion, const DeskJournal& journal) {
  if (!occasion.reason.empty())
    return {occasion.reason, journal.memory_of(occasion.certificate_sha256), occasion.purpose.empty()};
  const auto memories = journal.memories();
  if (!memories || !occasion.token_uri.empty()) return {.reason = std::string(by_hand)};
  if (auto memory = most_pressing(*memories, occasion)) {
    const bool logs_in = memory->purpose == messages::Purpose::log_in;
    std::string reason = memory->last_decision;
    return {std::move(reason), std::move(memory), logs_in};
  }
  return {.reason = std::string(memories->empty() ? by_hand_none_read : by_hand_none_due)};
}

Notification question(const Subject& subject, std::size_t due, bool waits, const Settings& settings,
                      Language language, TimePoint now) {
  const auto& memory = subject.memory;
  std::string_view what = topic(subject.reason).reason;
  if (what == "resume_unfinished" && waits) what = "pending_at_authority";
  std::vector<PlaceValue> values;
  std::optional<long> days;
  if (memory && memory->not_after) {
    const TimePoint expiry = *memory->not_after;
    days = renewal::days_left(expiry, now);
    if (what == "due" && expiry < now) what = "expired_in_grace";
    values = {{"left", days_left_in_words(*days, language)},
              {"ago", days_ago_in_words(renewal::days_left(now, expiry), language)},
              {"date", to_local_words(expiry, language)},
              {"until", to_local_words(add(expiry, settings.renewal.grace), language)}};
  }
  if (!subject.logs_in) what = not_for_logging_in(what);
  const Topic& said = topic(what);
  const Text& body = days || said.body_without_date.empty() ? said.body : said.body_without_date;
  Notification notification{
      std::string(said.title.in(language)),
      fill_named_places(call_pin(body.in(language), settings.branding.pin_name.in(language)), values),
      {},
      urgency_of(subject.reason, days)};
  if (due > 1) {
    const PlaceValue several[] = {{"count", std::to_string(due)}};
    notification.body =
        fill_named_places(texts::desk_several_due.in(language), several) + "\n" + notification.body;
  }
  if (!settings.bank().empty())
    notification.title += " (" + settings.branding.bank_name.in_any(language) + ")";
  notification.actions = {
      {"default", std::string(texts::desk_open.in(language))},
      {"renew", std::string((renewable(what) ? texts::desk_renew_now : texts::desk_open).in(language))}};
  if (!says_nothing_is_due(what))
    notification.actions.push_back({"later", std::string(texts::desk_later.in(language))});
  return notification;
}

Notification about_wrong_settings(const Failure& mistake, Language language) {
  desktop::Words words = desktop::words_for_wrong_settings(mistake, language);
  const std::string open(texts::desk_open.in(language));
  return {std::move(words.title),
          std::move(words.body),
          {{"default", open}, {"renew", open}},
          Notification::Urgency::critical};
}

std::optional<Notification> result_message(const Model& model, const Settings& settings, Language language) {
  const Screen screen = model.screen;
  const bool results = screen == Screen::completed;
  if (!results && screen != Screen::interrupted && screen != Screen::pending) return std::nullopt;
  using Said = std::pair<Text, Text>;
  const Remaining left = model.what_remains();
  const bool done = results && left == Remaining::nothing;
  const bool enrolling = model.task == Task::enroll;
  const bool waits = screen == Screen::pending || left == Remaining::approval;
  const auto [title, body] =
      done ? enrolling ? Said{texts::desk_completed_enroll_title, texts::desk_completed_enroll_body}
                       : Said{texts::desk_completed_title, texts::desk_completed_body}
      : left == Remaining::rest ? Said{texts::desk_interrupted_title, texts::desk_rest_left_body}
      : waits     ? enrolling ? Said{texts::desk_pending_enroll_title, texts::desk_pending_enroll_body}
                              : Said{texts::desk_pending_title, texts::desk_pending_body}
          : enrolling ? Said{texts::desk_interrupted_enroll_title, texts::desk_interrupted_enroll_body}
                  : Said{texts::desk_interrupted_title, texts::desk_interrupted_body};
  const bool interrupted = screen == Screen::interrupted && !enrolling && !waits && left != Remaining::rest;
  std::string text(call_pin(body.in(language), settings.branding.pin_name.in(language)));
  if (interrupted) text = std::string(renewal::sentence_of(model.old_certificate).in(language)) + "\n" + text;
  return Notification{std::string(title.in(language)), std::move(text), {}, Notification::Urgency::normal};
}

}  // namespace koshin::ui
