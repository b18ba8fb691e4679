// SPDX-License-Identifier: MIT
// koshin-module-look is run as a worker is: a crash, a hang or nonsense of it is a failure with a reason.
#include "module_check/look.hpp"

#include <nlohmann/json.hpp>

#include "foundation/jobs/job_runner.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::module_check {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds patience{60};

Mechanism mechanism_of(const Json& json) {
  return {json.at("number"), json.at("name"), json.at("min_key_size"), json.at("max_key_size"),
          json.at("flags")};
}

TokenFacts token_of(const Json& json) {
  TokenFacts token{.uri = json.at("uri"),
                   .label = json.at("label"),
                   .manufacturer = json.at("manufacturer"),
                   .model = json.at("model"),
                   .serial = json.at("serial"),
                   .initialized = json.at("initialized"),
                   .hardware_version = json.at("hardware_version"),
                   .firmware_version = json.at("firmware_version"),
                   .flags = json.at("flags"),
                   .mechanisms = {}};
  for (const Json& mechanism : json.at("mechanisms")) token.mechanisms.push_back(mechanism_of(mechanism));
  return token;
}

void take(Sight& sight, const messages::NoticeEvent& notice) {
  const Json json = Json::parse(notice.text);
  if (notice.code == "module")
    sight.module = {json.at("description"), json.at("manufacturer"), json.at("version")};
  if (notice.code == "token") sight.tokens.push_back(token_of(json));
  if (notice.code == "object")
    sight.objects.push_back(
        {json.at("kind"), json.at("id"), json.at("label"), json.at("certificate_sha256"), json.at("digest")});
}

}  // namespace

Sight look_at(const std::string& module, const std::string& uri, const Opening& opening,
              const std::stop_token& stop) {
  messages::Job job;
  job.module = module;
  job.token_uri = uri;
  job.protected_path = opening.on_reader;
  job.insist_count_low = opening.count_low;
  job.insist_final_try = opening.final_try;
  std::vector<const SecureBuffer*> secrets;
  if (opening.pin != nullptr) {
    job.secrets.push_back(messages::SecretKind::pin);
    secrets.push_back(opening.pin);
  }
  const auto child = ChildProcess::start(paths::program("koshin-module-look"), {}, {.whole_tree = true});
  Sight sight;
  std::string trouble;
  const auto on_event = [&](const messages::Event& event) {
    const auto* notice = std::get_if<messages::NoticeEvent>(&event);
    if (notice == nullptr) return;
    try {
      take(sight, *notice);
    } catch (const Json::exception& error) {
      trouble = error.what();
    }
  };
  const auto last = run_job_in(*child, job, secrets, on_event, patience, stop);
  (void)child->wait_until(std::chrono::steady_clock::now() + time_after_last_word);
  if (const auto* failure = std::get_if<Failure>(&last)) throw FailureError(*failure);
  if (!trouble.empty()) fail(Reason::worker_failed, "koshin-module-look: " + trouble);
  return sight;
}

}  // namespace koshin::module_check
