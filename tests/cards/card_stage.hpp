// SPDX-License-Identifier: MIT
// A PIV card in a reader of its own, the module ykcs11 that Debian has for it, and a bank.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "job_run.hpp"
#include "piv_card.hpp"
#include "resident/pcsc_daemon.hpp"
#include "support/provisioning.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::cards {

/// /usr/lib/…/libykcs11.so.2 (package ykcs11); empty where it is not installed.
std::filesystem::path ykcs11_module();

/// What the SO PIN is for ykcs11.
std::string management_key_in_hexadecimal();

inline constexpr const char* card_pin = "123456";

/// The slot of PIV Authentication, and the first that koshin takes.
inline constexpr unsigned authentication_slot = 0x9A, first_retired_slot = 0x82;

class CardStage {
 public:
  /// Why there can be none here; empty when there can.
  static std::string missing();

  explicit CardStage(Algorithm algorithm = Algorithm::ec_p256, int days_left = 12);
  ~CardStage();
  CardStage(const CardStage&) = delete;
  CardStage& operator=(const CardStage&) = delete;

  /// A user without a journal, and the card as the card centre has handed it out. Pulls the card.
  void start_over();
  /// The same with these settings; the card is in its reader then, and the fault strikes at the number of its
  /// last writing until now, as an undisturbed run has just made it.
  void start_over_to_fail_at_last_writing(const std::string& extra_settings, Fault::Kind how);
  /// From now on the card centre hands out cards like this. Starts over.
  void hand_out(const std::function<void(CardState&)>& how);
  /// Returns once pcscd has noticed.
  void plug(const Fault& fault = {});
  void pull();
  PivCard& card() { return card_; }
  /// The number of the last command since it was plugged in that begins so; there must be one.
  unsigned number_of_last(const std::string& beginning) const;
  /// As it was handed out.
  const CardState& first_state() const { return first_state_; }
  /// Changes what the card holds while it is pulled.
  void change(const std::function<void(CardState&)>& how);
  test::TestBank& bank() { return bank_; }
  std::filesystem::path settings() const { return path_ / "user" / "koshin.toml"; }
  void use_settings(const std::string& extra);
  /// Begins from here at each come_back(): the card as it is now, and this user with their journal. Pulls the
  /// card.
  void keep();
  void come_back();
  /// Another computer: the same settings, and a journal without entries.
  void forget_the_user();

  /// Runs the real worker.
  JobRun run(messages::Job job, const Given& given) const;
  JobRun renew(const Given& given = {card_pin, management_key_in_hexadecimal(), {}}) const;

  /// A renewal that is not due, of what has just been renewed.
  JobRun renew_once_more() const;

  /// What was lost or done twice, in sentences: after any run at all, and once all is over. The renewal has
  /// one leg where the settings say renewal.home_slot = "never" or renewal.key = "renew", else two.
  std::vector<std::string> damage() const;
  std::vector<std::string> losses(const JobRun& last) const;
  /// The keys in slots that the journal has planned and whose placeholder the run was cut before: nothing
  /// tells whose they are. From now on losses() wants them untouched, beside the slots that a renewal needs.
  void leave_untold_keys();
  const std::map<unsigned, KeySlot>& untold_keys() const { return untold_keys_; }
  /// Of damage(), what is about PIN, PUK and management key.
  std::vector<std::string> damaged_secrets() const;
  /// Whether slot 9a has key and certificate as they were handed out, byte for byte.
  bool old_pair_is_there() const { return old_pair_is_there(card_.state()); }
  /// Whether the slot has a key with a certificate of the bank's for it.
  static bool has_pair(const CardState& state, unsigned slot);
  /// How many certificates the bank has issued since start_over().
  std::size_t issued() const { return bank_.issued() - issued_before_; }

 private:
  test::TemporaryDirectory temporary_;
  std::filesystem::path path_ = temporary_.path();
  test::TestBank bank_;
  test::PcscDaemon daemon_;
  PivCard card_;
  CardState first_state_;
  std::size_t issued_before_ = 0;
  std::map<unsigned, KeySlot> untold_keys_;
  std::string extra_settings_;

  bool keeps_key() const { return extra_settings_.find("renewal.key = \"renew\"") != std::string::npos; }
  bool one_leg() const {
    return keeps_key() || extra_settings_.find("home_slot = \"never\"") != std::string::npos;
  }
  bool old_pair_is_there(const CardState& now) const;
  bool another_pair_was_proved(const CardState& now) const;
  void check_kept_key(const CardState& now, std::vector<std::string>& losses) const;
  void check_slots(const CardState& now, std::vector<std::string>& losses) const;
};

}  // namespace koshin::cards
