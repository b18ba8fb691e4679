// SPDX-License-Identifier: MIT
// The results of the checks, told one by one: what was seen before something hangs is not lost.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/system/detached_thread.hpp"
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

/// The result of `work`, which may hang, when it comes within `limit`; else it goes on in a thread that
/// nobody waits for. `work` owns what it uses. What it throws is thrown here.
template <typename Result>
std::optional<Result> within(std::chrono::seconds limit, std::function<Result()> work) {
  auto promise = std::make_shared<std::promise<Result>>();
  auto result = promise->get_future();
  start_detached_thread([promise, work = std::move(work)] {
    try {
      promise->set_value(work());
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  if (result.wait_for(limit) != std::future_status::ready) return {};
  return result.get();
}

}  // namespace koshin::desk_check
