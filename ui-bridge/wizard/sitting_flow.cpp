// SPDX-License-Identifier: MIT
#include "sitting_flow.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "renewal/policy/sitting.hpp"

namespace koshin::ui {

using State = SittingRow::State;

void SittingFlow::plan() {
  progress_.drop();
  const messages::TokenReport* token = model_.current_token();
  if (token == nullptr || !model_.certificate || model_.task == Task::enroll || model_.proof_left) return;
  std::vector<renewal::Record> unfinished;
  if (auto record = host_.unfinished(*token)) unfinished.push_back(std::move(*record));
  progress_.plan(*token, *model_.certificate, unfinished, host_.now());
}

void SittingFlow::begin_one() {
  if (model_.certificate) progress_.begin(model_.certificate->sha256);
}

void SittingFlow::note(const messages::Event& end) {
  if (!model_.certificate || model_.task == Task::enroll || !progress_.has(model_.certificate->sha256))
    return;
  const messages::CertificateReport& old = *model_.certificate;
  const auto* result = std::get_if<messages::RenewResult>(&end);
  if (result == nullptr || result->dry_run) {
    const auto* pending = std::get_if<messages::PendingResult>(&end);
    progress_.ended(old.sha256, pending != nullptr ? State::pending : State::failed,
                    presenter_.old_certificate());
    if (pending != nullptr) model_.pending = *pending;
    if (const auto* failure = std::get_if<Failure>(&end); failure != nullptr && !model_.failure)
      model_.failure = *failure;
    return;
  }
  const bool unchecked = std::ranges::any_of(
      model_.notices, [](const auto& notice) { return notice.code == "decryption_not_checked"; });
  progress_.renewed(old.sha256, *result, unchecked, host_.now());
  const bool logs_in = old.purpose == messages::Purpose::log_in;
  if (!model_.new_certificate || logs_in) model_.new_certificate = result->new_certificate;
  if (!model_.deletable) deletion_.offer_after(*result);
}

bool SittingFlow::takes_next(const messages::Event& end) {
  const auto* failure = std::get_if<Failure>(&end);
  const bool concerns_all = failure != nullptr && renewal::ends_sitting(*failure);
  const messages::TokenReport* token = model_.current_token();
  const bool pin_at_hand = !secrets_.pin().empty() || (token != nullptr && token->protected_path);
  if (!model_.is_sitting() || concerns_all || jobs_.token_is_gone() || !pin_at_hand) return false;
  const messages::CertificateReport* next = progress_.next();
  if (next == nullptr) return false;
  model_.certificate = *next;
  return true;
}

bool SittingFlow::shows_results() {
  const auto done = progress_.count(State::renewed) + progress_.count(State::pending);
  if (!model_.is_sitting() || (done == 0 && progress_.count(State::failed) < 2)) {
    model_.failure.reset();
    return false;
  }
  if (done > 0) model_.pin_was_right();
  if (!jobs_.token_is_gone()) {
    show(Screen::completed);
  } else {
    const bool all = model_.what_remains_of_sitting() == Remaining::nothing;
    exits_.finish(all ? Outcome::completed : Outcome::token_removed);
  }
  return true;
}

}  // namespace koshin::ui
