// SPDX-License-Identifier: MIT
// Setting a trial up and running workers in it.
#include "faults/trial.hpp"

#include <cstdlib>
#include <fstream>

#include "foundation/jobs/job_runner.hpp"
#include "foundation/system/paths.hpp"
#include "support/environment.hpp"

namespace koshin::faults {

namespace fs = std::filesystem;

namespace {

std::string in_short(const messages::Event& last) {
  if (const auto* failure = std::get_if<Failure>(&last))
    return std::string(info(failure->reason).id) + ": " + failure->detail;
  if (std::holds_alternative<messages::RenewResult>(last)) return "renewed";
  if (std::holds_alternative<messages::PendingResult>(last)) return "pending";
  return "another result";
}

}  // namespace

fs::path fault_module() {
  return paths::self().parent_path() / "koshin-fault-module.so";
}
fs::path piv_module() {
  return paths::self().parent_path() / "koshin-piv-module.so";
}
fs::path journal_shim() {
  return paths::self().parent_path() / "koshin-journal-shim.so";
}

Stage::Stage(int days_left, pkcs11::KeyAlgorithm algorithm) : hsm_(path_ / "hsm"), bank_(path_ / "bank") {
  hsm_.init_token(token_label);
  certificate_ = test::provision(hsm_, token_label, bank_, algorithm, days_left);
}

void Stage::add_for_encryption() {
  if (pairs_ > 1) return;
  test::provision_as(hsm_, token_label, bank_,
                     {.usage = "critical,keyAgreement", .extended_usage = "emailProtection"});
  ++pairs_;
}

Trial::Trial(Stage& stage, const std::string& settings)
    : stage_(stage), path_(stage.next_trial_directory()), issued_before_(stage.bank().issued()) {
  tokens_ = path_ / "tokens" / stage.hsm().token_directory(Stage::token_label).filename();
  removed_ = path_ / "token-is-out";
  fs::create_directories(path_ / "tokens");
  fs::copy(stage.hsm().token_directory(Stage::token_label), tokens_, fs::copy_options::recursive);
  const auto configuration = path_ / "softhsm2.conf";
  std::ofstream(configuration) << "directories.tokendir = " << (path_ / "tokens").string()
                               << "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n";
  ::setenv("SOFTHSM2_CONF", configuration.c_str(), 1);
  test::isolate_user(path_);
  if (settings.find("token.trial_object = \"auto\"") != std::string::npos) most_deletions_ = 2;
  const bool says_attempts = settings.find("authority.attempts") != std::string::npos;
  settings_ =
      test::write_settings(path_, stage.bank(),
                           "token.modules = [\"" + fault_module().string() + "\"]\nlog.level = \"error\"\n" +
                               (says_attempts ? "" : "authority.attempts = 1\n") + settings);
}

Trial::~Trial() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::optional<Reason> Trial::Run::failure() const {
  const auto* failure = std::get_if<Failure>(&last);
  return failure == nullptr ? std::nullopt : std::optional<Reason>(failure->reason);
}

Trial::Run Trial::renew(Plan plan, std::chrono::seconds deadline,
                        const std::map<std::string, std::string>& environment, const std::string& pin) {
  messages::Job job;
  job.kind = messages::JobKind::renew;
  return run(std::move(job), std::move(plan), deadline, environment, pin);
}

Trial::Run Trial::enroll(const std::string& code, Plan plan,
                         const std::map<std::string, std::string>& environment) {
  messages::Job job;
  job.kind = messages::JobKind::enroll;
  return run(std::move(job), std::move(plan), std::chrono::seconds(60), environment,
             test::SoftHsm::default_pin, code);
}

Trial::Run Trial::prune(Plan plan, const std::map<std::string, std::string>& environment) {
  messages::Job job;
  job.kind = messages::JobKind::prune;
  return run(std::move(job), std::move(plan), std::chrono::seconds(60), environment,
             test::SoftHsm::default_pin);
}

Trial::Run Trial::run(messages::Job job, Plan plan, std::chrono::seconds deadline,
                      const std::map<std::string, std::string>& environment, const std::string& pin,
                      const std::string& code) {
  const auto number = std::to_string(++last_number_);
  if (plan.module.empty()) plan.module = test::SoftHsm::module();
  plan.log = path_ / ("calls" + number + ".log");
  plan.removed = removed_;
  const auto plan_file = path_ / ("plan" + number);
  save(plan, plan_file);
  auto variables = environment;
  variables[plan_variable] = plan_file.string();
  const test::ScopedEnvironment scope(variables);

  job.settings_file = settings_.string();
  const auto secret = SecureBuffer::copy_of({pin.data(), pin.size()});
  const auto officers = SecureBuffer::copy_of({so_pin_.data(), so_pin_.size()});
  const auto reissue_code = SecureBuffer::copy_of({code.data(), code.size()});
  const auto new_pin = SecureBuffer::copy_of({new_pin_.data(), new_pin_.size()});
  std::vector<const SecureBuffer*> secrets;
  const auto give = [&](messages::SecretKind kind, const SecureBuffer& value) {
    if (value.empty()) return;
    job.secrets.push_back(kind);
    secrets.push_back(&value);
  };
  if (job.kind != messages::JobKind::inspect) {
    give(messages::SecretKind::pin, secret);
    give(messages::SecretKind::security_officer_pin, officers);
    give(messages::SecretKind::reissue_code, reissue_code);
  }
  if (job.kind == messages::JobKind::change_pin || job.kind == messages::JobKind::reset_pin)
    give(messages::SecretKind::new_pin, new_pin);
  std::vector<std::string> notices;
  const auto note = [&](const messages::Event& event) {
    if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) notices.push_back(notice->code);
  };
  auto last = run_job(job, secrets, note, deadline);
  logs_.emplace_back(plan.log);
  std::string entry =
      "run " + number + " (" + std::to_string(logs_.back().calls()) + " calls): " + in_short(last);
  for (const auto& notice : notices) entry += ", " + notice;
  diary_.push_back(std::move(entry));
  return {std::move(last), logs_.back(), std::move(notices)};
}

void Trial::act_as_officer_with(std::string_view so_pin) {
  constexpr unsigned changes = 5;  // user, officer makes the key, user signs, officer writes, user reads back
  so_pin_ = so_pin;
  most_logins_ = changes;
}

void Trial::pull() {
  std::ofstream(removed_) << "";
}

void Trial::reinsert() {
  fs::remove(removed_);
}

}  // namespace koshin::faults
