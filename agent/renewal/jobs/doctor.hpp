// SPDX-License-Identifier: MIT
// The job `doctor`: what its checks share. doctor_job.cpp has the job, doctor_writing.cpp and
// doctor_proxy.cpp some of the checks.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "renewal/policy/doctor_words.hpp"
#include "renewal/steps/examination.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {

/// The examination of a renewal, with the doctor's results.
struct Doctor : Examination {
  using Examination::Examination;
  messages::DoctorResult result;

  void add(messages::DoctorResult::Check check) {
    check.name = name_in_words(check, Language::en);
    check.text = text_in_words(check, Language::en);
    check.advice = advice_in_words(check, Language::en);
    result.checks.push_back(std::move(check));
  }
  void add(Examined examined, std::string_view status, Finding finding, std::vector<std::string> values = {},
           std::optional<Reason> reason = {}, const std::string& subject = {}) {
    messages::DoctorResult::Check check;
    check.status = status;
    check.id = to_string(examined);
    check.subject = subject;
    check.finding = to_string(finding);
    check.reason = reason;
    check.values = std::move(values);
    add(std::move(check));
  }
  void add(Examined examined, const Failure& failure, const std::string& subject = {}) {
    messages::DoctorResult::Check check;
    check.status = "failed";
    check.id = to_string(examined);
    check.subject = subject;
    check.reason = failure.reason;
    check.values = {failure.detail};
    add(std::move(check));
  }
  /// Runs one check; an exception becomes its result. Returns false when there was one.
  bool run(Examined examined, const auto& check, const std::string& subject = {}) {
    try {
      check();
      return true;
    } catch (const std::exception& error) {
      add(examined, as_failure(error), subject);
      return false;
    }
  }
};

/// Whether the token is known to let koshin write. The doctor itself writes nothing.
void check_writing(Doctor& exam);
/// What the journal knows of a change of the PIN: one that was cut off, a PIN file that holds the old PIN.
void check_pin_changes(Doctor& exam);
/// Which proxy the authority is reached by, who has named it, and whether it is there.
void check_proxy(Doctor& exam);
/// Certificates for logging in that browsers list beside the one that replaces them on the token.
void check_what_browsers_list(Doctor& exam);
/// When the key in use asks for a touch, and that it was made on the token, as far as the token tells.
void check_policies(Doctor& exam);

}  // namespace koshin::renewal
