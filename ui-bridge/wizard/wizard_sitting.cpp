// SPDX-License-Identifier: MIT
// Several certificates of one token with one PIN: each is renewed by a job of its own, one after the other.
#include <algorithm>
#include <utility>

#include "renewal/policy/sitting.hpp"
#include "wizard.hpp"

namespace koshin::ui {

using State = SittingRow::State;

namespace {

SittingRow* row_of(Model& model, const std::string& sha256) {
  const auto found = std::ranges::find_if(
      model.sitting, [&](const SittingRow& row) { return row.certificate.sha256 == sha256; });
  return found == model.sitting.end() ? nullptr : &*found;
}

/// Fingerprints of what the sitting has had so far, new certificates included.
std::vector<std::string> known_in(const std::vector<SittingRow>& sitting) {
  std::vector<std::string> known;
  for (const SittingRow& row : sitting)
    for (const std::string& sha256 : {row.certificate.sha256, row.new_sha256})
      if (!sha256.empty()) known.push_back(sha256);
  return known;
}

}  // namespace

/// Lists what is due on the token as it shows now, with the certificate of the agent's decision first.
void Wizard::plan_sitting() {
  model_.sitting.clear();
  const messages::TokenReport* token = model_.current_token();
  if (token == nullptr || !model_.certificate || model_.task != Task::renew || model_.proof_left) return;
  std::vector<renewal::Record> unfinished;
  if (auto record = host_.unfinished(*token)) unfinished.push_back(std::move(*record));
  model_.sitting.push_back({*model_.certificate});
  for (auto& one :
       renewal::certificates_of_sitting(*token, unfinished, settings_, host_.now(), known_in(model_.sitting)))
    model_.sitting.push_back({std::move(one)});
}

/// Writes down how the renewal of model_.certificate has ended; with the PIN the token may show more that is
/// due.
void Wizard::note_in_sitting(const messages::Event& event) {
  SittingRow* row = model_.certificate ? row_of(model_, model_.certificate->sha256) : nullptr;
  if (row == nullptr || model_.task != Task::renew) return;
  const auto* result = std::get_if<messages::RenewResult>(&event);
  if (result == nullptr || result->dry_run) {
    const bool pending = std::holds_alternative<messages::PendingResult>(event);
    row->state = pending ? State::pending : State::failed;
    if (pending) model_.pending = std::get<messages::PendingResult>(event);
    if (const auto* failure = std::get_if<Failure>(&event); failure != nullptr && !model_.failure)
      model_.failure = *failure;
    return;
  }
  row->state = State::renewed;
  row->new_sha256 = result->new_certificate.sha256;
  row->new_not_after = result->new_certificate.not_after;
  row->decryption_unchecked = std::ranges::any_of(
      model_.notices, [](const auto& notice) { return notice.code == "decryption_not_checked"; });
  const bool logs_in = row->certificate.purpose == messages::Purpose::log_in;
  if (!model_.new_certificate || logs_in) model_.new_certificate = result->new_certificate;
  if (!model_.deletable) offer_deletion_after(*result);
  for (auto& one :
       renewal::certificates_of_sitting(result->token, {}, settings_, host_.now(), known_in(model_.sitting)))
    model_.sitting.push_back({std::move(one)});
}

/// Starts the renewal of the next certificate, unless what has happened concerns all of them.
bool Wizard::go_on_with_sitting(const messages::Event& event) {
  const auto* failure = std::get_if<Failure>(&event);
  const bool ends = failure != nullptr && renewal::ends_sitting(*failure);
  const messages::TokenReport* token = model_.current_token();
  const bool pin_at_hand = !pin_.empty() || (token != nullptr && token->protected_path);
  if (!model_.is_sitting() || ends || cancelled_ || token_gone_ || !pin_at_hand) return false;
  const auto next =
      std::ranges::find_if(model_.sitting, [](const SittingRow& row) { return row.state == State::waiting; });
  if (next == model_.sitting.end()) return false;
  model_.certificate = next->certificate;
  insists_ = false;
  renew();
  return true;
}

/// Shows what became of each. (The screen of a failure says it all where that is the only end.)
bool Wizard::show_sitting() {
  const auto in = [this](State state) {
    return std::ranges::count(model_.sitting, state, &SittingRow::state);
  };
  const auto done = in(State::renewed) + in(State::pending), failed = in(State::failed);
  if (!model_.is_sitting() || (done == 0 && failed < 2)) {
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
