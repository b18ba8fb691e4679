// SPDX-License-Identifier: MIT
#include "opening_flow.hpp"

#include <algorithm>

#include "opening.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::ui {

void OpeningFlow::look(bool only_named) {
  jobs_.forget_removal();
  run(orders_.look_at_tokens(only_named), JobRun::Secrets::none,
      [this, only_named](const auto& event) { looked(event, only_named); });
}

void OpeningFlow::looked(const messages::Event& event, bool only_named) {
  const auto* result = std::get_if<messages::InspectResult>(&event);
  if (result == nullptr) return exits_.fail_with(failure_of(event, "inspect ended without a result"));
  model_.tokens = result->tokens;
  model_.token = choose_token(model_.tokens, only_named ? Occasion{} : occasion_, settings_, host_);
  if (model_.token) {
    model_.steps.clear();  // what the token shows now is how they have left it
    model_.old_as_read.reset();
    note_ended();
    find_others();
    return open_screen(occasion_);
  }
  if (!occasion_.token_uri.empty() && !only_named) return look(true);
  if (!result->modules_in_trouble.empty())
    return exits_.fail_with(result->modules_in_trouble.front().failure);
  exits_.fail_with({Reason::token_not_found, {}, {}});
}

/// Once for each token, before this page renews anything there.
void OpeningFlow::note_ended() {
  const messages::TokenReport& token = *model_.current_token();
  if (!handled_.empty() && handled_.back() == std::pair(token.uri, token.slot_description)) return;
  const auto records = host_.records(renewal::token_key(token));
  if (!records) return;
  for (const renewal::Record& record : *records)
    if (!renewal::is_unfinished(record.state)) model_.ended_before.push_back(record.number);
}

/// The inserted tokens that this page has not handled.
void OpeningFlow::find_others() {
  handled_.emplace_back(model_.current_token()->uri, model_.current_token()->slot_description);
  model_.others = other_tokens_needing_attention(model_.tokens, settings_, host_);
  std::erase_if(model_.others, [this](const OtherToken& other) {
    return std::find(handled_.begin(), handled_.end(), std::pair(other.uri, other.slot)) != handled_.end();
  });
}

void OpeningFlow::open_screen(const Occasion& occasion) {
  Opening first = opening(*model_.current_token(), occasion, settings_, host_);
  model_.task = first.task;
  model_.certificate = std::move(first.certificate);
  model_.deletable = std::move(first.deletable);
  model_.pending = std::move(first.pending);
  model_.why_reissue = std::move(first.why_reissue);
  model_.resumed = first.resumed;
  model_.proof_left = first.proof_left;
  model_.look_first = first.look_first;
  renewal_.open();
  if (first.failure) return exits_.fail_with(*first.failure);
  if (first.screen == Screen::unlock) {
    const auto unusable = pin_is_unusable(*model_.current_token());
    if (unusable && unusable->reason == Reason::pin_expired) return pin_.require_change();
    if (unusable) return exits_.fail_with(*unusable);
  }
  show(first.screen);
}

void OpeningFlow::start_anew() {
  model_.failure.reset();
  model_.notices.clear();
  model_.new_certificate.reset();
  model_.deletable.reset();
  model_.in_browsers.clear();
  model_.deleted = false;
  secrets_.wipe();
  model_.screen = Screen::loading;  // the present screen is outdated
  look(false);
}

void OpeningFlow::decide_anew() {
  Occasion now_known = occasion_;
  now_known.reason.clear();
  open_screen(now_known);
}

void OpeningFlow::next_token() {
  if (model_.others.empty()) return;
  const OtherToken next = model_.others.front();
  jobs_.let_ready_go();
  secrets_.wipe();
  occasion_.token_uri = next.uri;
  occasion_.slot = next.slot;
  occasion_.certificate_sha256 = next.certificate_sha256;
  occasion_.reason = next.decision;
  occasion_.due = 0;
  occasion_.purpose.clear();
  occasion_.reissue_asked = false;
  model_ = {};
  renewal_.forget_consent();
  host_.went_on(next.uri);
  look(false);
}

}  // namespace koshin::ui
