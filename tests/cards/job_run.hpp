// SPDX-License-Identifier: MIT
// One job of the real worker, and how it ended.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::cards {

struct JobRun {
  messages::Event last;
  std::vector<std::string> notices;  ///< their codes
  std::vector<messages::TouchEvent> touches;
  std::optional<Reason> failure() const;
  /// Whether it said that the old certificate was read on the token.
  bool tells_of_seen_old() const;
  std::string in_words() const { return to_json(last); }
};

/// What a job is given; what is empty is not given.
struct Given {
  std::string pin, so_pin, code;
  std::string puk = {}, new_pin = {};
};

JobRun run_worker_job(messages::Job job, const std::filesystem::path& settings, const Given& given);

}  // namespace koshin::cards
