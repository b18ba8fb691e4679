// SPDX-License-Identifier: MIT
// Rules about records and token keys.
#include "renewal/policy/record.hpp"

#include <utility>

#include "foundation/base/clock.hpp"

namespace koshin::renewal {
namespace {

bool says_nothing(std::string_view serial) {
  return serial.find_first_not_of(" 0") == std::string_view::npos || serial == "123";
}

}  // namespace

TokenKey token_key(std::string manufacturer, std::string model, std::string serial,
                   const std::string& label) {
  if (says_nothing(serial)) serial += "|" + label;
  return {std::move(manufacturer), std::move(model), std::move(serial)};
}

TokenKey token_key(const messages::TokenReport& report) {
  return token_key(report.manufacturer, report.model, report.serial, report.label);
}

std::string serial_number(const TokenKey& token) {
  const auto bar = token.serial.find('|');
  const bool composed =
      bar != std::string::npos && says_nothing(std::string_view(token.serial).substr(0, bar));
  return composed ? token.serial.substr(0, bar) : token.serial;
}

bool is_one_of_many(const TokenKey& token) {
  return says_nothing(serial_number(token));
}

void enter(Record& record, State state, TimePoint now) {
  record.state = state;
  record.changed = now;
  if (state != State::abandoned) record.last_failure.reset();
  if (state != State::pending) record.ask_again.reset();
}

std::optional<TimePoint> wait_asked_for(const Record& record, TimePoint now) {
  if (is_from_the_future(record, now) || !record.last_failure || !record.last_failure->retry_after) return {};
  return record.changed + *record.last_failure->retry_after;
}

bool is_wrong_answer(Reason reason) {
  switch (reason) {
    case Reason::authority_response_invalid:
    case Reason::authority_response_too_large:
    case Reason::issued_key_mismatch:
    case Reason::issued_subject_changed:
    case Reason::issued_san_changed:
    case Reason::issued_policy_mismatch:
    case Reason::issued_chain_untrusted:
    case Reason::issued_validity_invalid:
    case Reason::issued_usage_changed:
    case Reason::issued_too_weak:
    case Reason::proof_failed:
      return true;
    default:
      return false;
  }
}

bool needs_a_person(const Record& record) {
  return record.wrong_answers >= max_wrong_answers && record.state < State::issued;
}

bool proof_needs_a_person(const Record& record) {
  return record.wrong_answer == Reason::proof_failed && record.wrong_answers >= max_wrong_answers;
}

bool only_proof_is_left(const Record& record) {
  if (record.state != State::written) return false;
  const bool too_weak = record.last_failure && record.last_failure->reason == Reason::certificate_too_weak;
  const bool refused = too_weak || record.wrong_answer == Reason::proof_failed;
  return !refused || record.replaced_certificate.empty();
}

bool may_have_the_only_copy(const Record& record) {
  if (!record.same_key || record.replaced_certificate.empty()) return false;
  return record.state == State::issued || (record.state == State::written && !only_proof_is_left(record));
}

bool is_given_up_unproved(const Record& record) {
  return record.state == State::abandoned && !record.certificate.empty() && record.last_failure.has_value();
}

bool was_refused_at_log_in(const Record& record) {
  if (!is_given_up_unproved(record)) return false;
  const Reason reason = record.last_failure->reason;
  return reason == Reason::proof_failed || reason == Reason::certificate_too_weak;
}

bool is_from_the_future(const Record& record, TimePoint now) {
  return record.changed > now + clock_skew;
}

bool waits_for_authority(const Record& record, TimePoint now) {
  const bool believed = record.state == State::pending && record.ask_again &&
                        *record.ask_again <= now + longest_retry_after && !is_from_the_future(record, now);
  return believed && *record.ask_again > now;
}

}  // namespace koshin::renewal
