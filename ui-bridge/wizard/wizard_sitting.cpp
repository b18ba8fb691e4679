// SPDX-License-Identifier: MIT
// The screens between the certificates of a sitting, and after the last one.
#include <algorithm>

#include "renewal/policy/sitting.hpp"
#include "wizard.hpp"

namespace koshin::ui {

using State = SittingRow::State;

void Wizard::plan_sitting() {
  sitting_.drop();
  const messages::TokenReport* token = model_.current_token();
  if (token == nullptr || !model_.certificate || reissue_.is_wanted() || model_.proof_left) return;
  std::vector<renewal::Record> unfinished;
  if (auto record = host_.unfinished(*token)) unfinished.push_back(std::move(*record));
  sitting_.plan(*token, *model_.certificate, unfinished, host_.now());
}

/// Writes down how the renewal of model_.certificate has ended.
void Wizard::note_in_sitting(const messages::Event& event) {
  if (!model_.certificate || reissue_.is_wanted() || !sitting_.has(model_.certificate->sha256)) return;
  const messages::CertificateReport& old = *model_.certificate;
  const auto* result = std::get_if<messages::RenewResult>(&event);
  if (result == nullptr || result->dry_run) {
    const auto* pending = std::get_if<messages::PendingResult>(&event);
    sitting_.ended(old.sha256, pending != nullptr ? State::pending : State::failed);
    if (pending != nullptr) model_.pending = *pending;
    if (const auto* failure = std::get_if<Failure>(&event); failure != nullptr && !model_.failure)
      model_.failure = *failure;
    return;
  }
  const bool unchecked = std::ranges::any_of(
      model_.notices, [](const auto& notice) { return notice.code == "decryption_not_checked"; });
  sitting_.renewed(old.sha256, *result, unchecked, host_.now());
  const bool logs_in = old.purpose == messages::Purpose::log_in;
  if (!model_.new_certificate || logs_in) model_.new_certificate = result->new_certificate;
  if (!model_.deletable) offer_deletion_after(*result);
}

/// Starts the renewal of the next certificate, unless what has happened concerns all of them.
bool Wizard::go_on_with_sitting(const messages::Event& event) {
  const auto* failure = std::get_if<Failure>(&event);
  const bool ends = failure != nullptr && renewal::ends_sitting(*failure);
  const messages::TokenReport* token = model_.current_token();
  const bool pin_at_hand = !secrets_.pin().empty() || (token != nullptr && token->protected_path);
  if (!model_.is_sitting() || ends || cancelled_ || token_gone_ || !pin_at_hand) return false;
  const messages::CertificateReport* next = sitting_.next();
  if (next == nullptr) return false;
  model_.certificate = *next;
  insists_ = false;
  renew();
  return true;
}

/// Shows what became of each. (The screen of a failure says it all where that is the only end.)
bool Wizard::show_sitting() {
  const auto done = sitting_.count(State::renewed) + sitting_.count(State::pending);
  if (!model_.is_sitting() || (done == 0 && sitting_.count(State::failed) < 2)) {
    model_.failure.reset();
    return false;
  }
  if (done > 0) model_.pin_was_right();
  if (!token_gone_) {
    show(Screen::completed);
  } else {
    const bool all = model_.what_remains_of_sitting() == Remaining::nothing;
    finish(all ? Outcome::completed : Outcome::token_removed);
  }
  return true;
}

}  // namespace koshin::ui
