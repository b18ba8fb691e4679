// SPDX-License-Identifier: MIT
#include "renewal/steps/trial_object.hpp"

#include <algorithm>
#include <array>

#include "foundation/log/log.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {
namespace {

using pkcs11::TokenObject;

constexpr std::size_t records_looked_at = 100;

Bytes trial_id() {
  return {trial_name.begin(), trial_name.end()};
}

bool is_trial(const TokenObject& object) {
  return object.object_class == pkcs11::ObjectClass::certificate && object.id == trial_id();
}

/// A trial object that cannot be deleted does no harm: it is a certificate of the authority's.
void remove_trial(Workspace& work, const TokenObject& object) {
  try {
    work.token.session().destroy(object);
    work.token.forget(object.handle);
  } catch (const pkcs11::Error& error) {
    if (pkcs11::classify(error) == pkcs11::Trouble::token_gone) throw;
    log::warning(log::Event::none, "a trial object stays on the token: " + as_failure(error).detail);
  }
}

void remove_trials(Workspace& work) {
  const auto all = work.token.objects();
  for (const TokenObject& object : all)
    if (is_trial(object)) remove_trial(work, object);
}

/// Looks for a trial object on a token of which not every certificate was read.
void read_trials(Workspace& work) {
  if (std::ranges::any_of(work.token.objects(), is_trial)) return;
  for (TokenObject& object : work.token.session().objects_with_id(trial_id()))
    if (is_trial(object)) work.token.add(std::move(object));
}

/// A certificate that everybody may see; empty where the authority has told none.
Bytes certificate_for_trial(const Examination& exam) {
  if (!exam.authority || exam.authority->ca_certificates().empty()) return {};
  return exam.authority->ca_certificates().front().der();
}

/// The token's own state has a reason of its own: token_write_protected.
bool says_write_protected(const pkcs11::Error& error) {
  return error.code().message() == "CKR_TOKEN_WRITE_PROTECTED";
}

/// Whether the refusal is about writing as such.
bool refuses_writing(const pkcs11::Error& error) {
  // CKR_USER_TYPE_INVALID: another role writes, as on a PIV card (ykcs11).
  static const std::array<std::string_view, 6> answers{"CKR_FUNCTION_NOT_SUPPORTED", "CKR_USER_NOT_LOGGED_IN",
                                                       "CKR_USER_TYPE_INVALID",      "CKR_ACTION_PROHIBITED",
                                                       "CKR_FUNCTION_REJECTED",      "CKR_SESSION_READ_ONLY"};
  return std::ranges::find(answers, error.code().message()) != answers.end();
}

}  // namespace

Writing known_of_writing(const Examination& exam) {
  const OpenToken& token = *exam.opened;
  const JobContext& context = exam.context;
  const auto history = context.journal.history_of(token.key(), records_looked_at);
  const bool written = std::ranges::any_of(history, [](const Record& record) {
    return record.state == State::written || record.state == State::completed;
  });
  if (written || std::ranges::any_of(token.objects(), is_trial)) return Writing::known;
  const bool tried =
      token.profile().tries_writing() && context.settings.token.trial_object == TrialObject::automatic;
  return tried && !certificate_for_trial(exam).empty() ? Writing::untried : Writing::untold;
}

void try_writing(Workspace& work) {
  const bool tries = work.record.state < State::generated && known_of_writing(work) == Writing::untried;
  if (tries) read_trials(work);
  // One that is there was written: a token that does not delete it gets no other one.
  const bool there = std::ranges::any_of(work.token.objects(), is_trial);
  remove_trials(work);
  if (!tries || there) return;
  const Bytes certificate = certificate_for_trial(work);
  try {
    remove_trial(work,
                 work.token.session().write_certificate(certificate, trial_id(), std::string(trial_name)));
  } catch (const pkcs11::Error& error) {
    const Failure failure = as_failure(error);
    if (pkcs11::classify(error) == pkcs11::Trouble::token_gone || says_write_protected(error)) throw;
    if (refuses_writing(error)) fail(Reason::token_write_refused, "the trial object: " + failure.detail);
    log::info(log::Event::none, "whether the token can be written is open: " + failure.detail);
  }
}

}  // namespace koshin::renewal
