// SPDX-License-Identifier: MIT
// The results of the checks, told one by one: what was seen before something hangs is not lost.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/system/within.hpp"
#include "renewal/policy/desk_words.hpp"
#include "renewal/policy/doctor_words.hpp"

namespace koshin::desk_check {

using renewal::DeskFinding;
using renewal::DeskSubject;
using renewal::DoctorCheck;

enum class Status {
  ok,
  warning,  ///< something will be missed, or shows only later
  failed,   ///< what the settings ask for does not work
  skipped   ///< it could not be seen
};

class Report {
 public:
  explicit Report(std::function<void(const DoctorCheck&)> tell) : tell_(std::move(tell)) {}

  /// `values`: what stands in the words of the finding, made printable here. `which`: distinguishes several
  /// subjects of a kind (a reader, a key of the settings, a browser's profile).
  void add(DeskSubject subject, Status status, DeskFinding finding,
           const std::vector<std::string>& values = {}, std::string_view which = {});
  /// Runs one check; what it throws becomes a skipped result that says it.
  void run(DeskSubject subject, const std::function<void()>& check);

 private:
  std::function<void(const DoctorCheck&)> tell_;
};

}  // namespace koshin::desk_check
