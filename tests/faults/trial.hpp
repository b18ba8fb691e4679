// SPDX-License-Identifier: MIT
// One renewal that is interrupted somewhere, run again undisturbed, and looked at afterwards.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faults/call_log.hpp"
#include "faults/fault_plan.hpp"
#include "foundation/jobs/messages.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::faults {

/// What all trials of a program start from: a bank, and a token whose certificate expires in so many days.
class Stage {
 public:
  static constexpr const char* token_label = "work";
  explicit Stage(int days_left = 12, pkcs11::KeyAlgorithm algorithm = pkcs11::KeyAlgorithm::ec_p256);
  test::TestBank& bank() { return bank_; }
  test::SoftHsm& hsm() { return hsm_; }
  const std::filesystem::path& path() const { return path_; }
  /// The certificate on the token, DER.
  const test::Bytes& certificate() const { return certificate_; }
  /// A second certificate, of the same holder, that others encrypt for and that is due; once.
  void add_for_encryption();
  /// Certificates with their pairs.
  std::size_t pairs() const { return pairs_; }
  std::filesystem::path next_trial_directory() { return path_ / ("trial" + std::to_string(++trials_)); }

 private:
  test::TemporaryDirectory temporary_;
  std::filesystem::path path_ = temporary_.path();
  test::SoftHsm hsm_;
  test::TestBank bank_;
  test::Bytes certificate_;
  std::size_t pairs_ = 1;
  unsigned trials_ = 0;
};

/// A copy of the stage's token with a user (journal, locks, settings) of its own. Points this process's
/// environment there, so one trial is in use at a time.
class Trial {
 public:
  explicit Trial(Stage& stage, const std::string& settings = "");
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  struct Run {
    messages::Event last;
    CallLog calls;
    std::vector<std::string> notices;  ///< their codes
    std::optional<Reason> failure() const;
  };
  /// Runs the real worker on the job "renew". `plan` says what goes wrong; module, log and flag file are
  /// filled in. `environment` is for this run alone.
  Run renew(Plan plan = {}, std::chrono::seconds deadline = std::chrono::seconds(60),
            const std::map<std::string, std::string>& environment = {},
            const std::string& pin = test::SoftHsm::default_pin);
  /// The same for the job "enroll" with this code, and for "prune".
  Run enroll(const std::string& code, Plan plan = {},
             const std::map<std::string, std::string>& environment = {});
  Run prune(Plan plan = {}, const std::map<std::string, std::string>& environment = {});
  /// Any other job.
  Run run(messages::Job job, Plan plan, std::chrono::seconds deadline,
          const std::map<std::string, std::string>& environment, const std::string& pin,
          const std::string& code = "");
  /// The next run's number is taken by one in another process.
  void leave_out_a_number() { ++last_number_; }
  /// How many certificates the bank is to have issued, and how many renewals the journal is to tell of in the
  /// end; 1 of each unless said.
  void expect(std::size_t issued, std::size_t renewals) {
    expected_issued_ = issued;
    expected_renewals_ = renewals;
  }
  /// From here on the security officer's PIN is given too, and both may be presented at each change of who
  /// acts.
  void act_as_officer_with(std::string_view so_pin);
  /// The new PIN for the jobs change_pin and reset_pin.
  void want_pin(std::string_view new_pin) { new_pin_ = new_pin; }
  /// The token lies on the floor, and is plugged in again.
  void pull();
  void reinsert();

  /// Everything that was lost or done twice, in sentences, after a last undisturbed run; empty when the
  /// renewal is complete and clean.
  std::vector<std::string> losses(const Run& last) const;
  /// The same without looking at whether the renewal completed: what must hold after any run at all.
  std::vector<std::string> damage() const;
  /// What must hold after any number of interruptions on any number of computers, once all is over: the old
  /// pair and one new one, nothing half and nothing without certificate; the PIN presented once in each run.
  std::vector<std::string> storm_losses() const;
  /// losses() of a renewal that was cut within a call: it may have made a second pair, and have deleted
  /// halves.
  std::vector<std::string> losses_within_calls(const Run& last) const;
  /// For whoever has to find out how a loss came about: how each run ended, what the token holds, what the
  /// journals of this trial say.
  std::string remains() const;
  /// Of a deletion of the old pair, begun in a trial whose renewal is complete: after any run, and after the
  /// last one.
  std::vector<std::string> pruning_damage() const;
  std::vector<std::string> pruning_losses(const Run& last) const;
  /// Of "cancel", in a trial with something that nobody needs beside the old pair, and perhaps a completed
  /// renewal: after any run, and after the last one.
  std::vector<std::string> cancelling_damage() const;
  std::vector<std::string> cancelling_losses(const Run& last) const;
  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& settings() const { return settings_; }
  const std::vector<CallLog>& runs() const { return logs_; }

 private:
  void check_old_objects(std::vector<std::string>& losses) const;
  void check_logins(std::vector<std::string>& losses) const;
  void check_calls(std::vector<std::string>& losses) const;
  void check_new_objects(std::vector<std::string>& losses) const;
  void check_journal(std::vector<std::string>& losses, const Run& last) const;
  void check_books(std::vector<std::string>& losses) const;

  Stage& stage_;
  std::filesystem::path path_, tokens_, settings_, removed_;
  std::size_t issued_before_;
  std::size_t expected_issued_ = 1, expected_renewals_ = 1;
  std::string so_pin_, new_pin_;
  unsigned most_logins_ = 1;     ///< in one run
  unsigned most_deletions_ = 0;  ///< in one run: of what a trial of the token's has left, and its own
  std::vector<CallLog> logs_;
  std::vector<std::string> diary_;  ///< how each run ended
  unsigned last_number_ = 0;
};

/// Where the modules and the shim are: beside this program.
std::filesystem::path fault_module();
std::filesystem::path piv_module();
std::filesystem::path journal_shim();

}  // namespace koshin::faults
