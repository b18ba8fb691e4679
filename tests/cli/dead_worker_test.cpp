// SPDX-License-Identifier: MIT
// A worker that is killed where it overwrites the old certificate says nothing more: what is told then is
// what the journal knows.
#include "cli_fixture.hpp"
#include "faults/piv_card.hpp"
#include "faults/trial.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/paths.hpp"
#include "pkcs11/session.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::test {
namespace {

class DeadWorker : public CliFixture {
 protected:
  DeadWorker() {
    write_settings_with("token.modules = [\"" + faults::fault_module().string() +
                        "\"]\ntoken.profile = \"piv\"\nrenewal.key = \"renew\"\n");
    hand_out_card();
    bank_.set("repeat_key", "anew");
    plan_.module = faults::piv_module();
    plan_.log = directory_.path() / "calls.log";
    plan_.removed = directory_.path() / "removed";
    play();
  }
  /// A pair in slot 9a, with a certificate that is due.
  void hand_out_card() {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const std::string pin = right_pin;
    const pkcs11::Bytes slot_9a{1};
    for (const auto& token : module->tokens()) {
      if (token.label != token_label) continue;
      const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_write);
      session->login(pkcs11::User::user, {pin.data(), pin.size()});
      const auto pair = session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, slot_9a, "card centre");
      session->write_certificate(bank_.issue(pair.public_key.public_key, default_user, 12), slot_9a,
                                 "card centre");
      return;
    }
  }
  void play() const { save(plan_, directory_.path() / "plan"); }
  void kill_at(const std::string& function, bool after, unsigned number = 1) {
    plan_.function = function;
    plan_.at = number;
    plan_.after = after;
    plan_.action = faults::Action::kill;
    play();
  }
  void kill_no_more() {
    plan_.action = faults::Action::none;
    plan_.at = 0;
    play();
  }
  static std::string secrets() {
    return std::string(right_pin) + "\n" + std::string(faults::management_key) + "\n";
  }
  RunResult renew(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"renew", "--pin-stdin", "--so-pin-stdin"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return koshin(arguments, secrets());
  }
  /// The module hangs where it overwrites the old certificate; `meanwhile`, a line of sh, is run then, and
  /// the person presses Ctrl-C. The worker does not react, and is killed.
  RunResult renew_and_stop(const std::string& meanwhile) {
    plan_.function = "C_CreateObject";
    plan_.at = 1;
    plan_.action = faults::Action::hang;
    play();
    const std::string calls = "'" + plan_.log.string() + "'";
    return run_in_shell("exec 3<&0; $koshin renew --pin-stdin --so-pin-stdin --settings '" +
                            settings_.string() + "' <&3 & n=0; until grep -q 'struck C_CreateObject' " +
                            calls + " || ! kill -0 $! || [ $n -gt 300 ]; do sleep 0.1; n=$((n+1)); done; " +
                            meanwhile + "; kill -TERM $!; wait $!; exit $?",
                        secrets());
  }
  /// The record of the killed worker.
  static renewal::Record left() {
    const auto all = renewal::Journal::open(paths::journal_file())->all_unfinished();
    EXPECT_FALSE(all.empty());
    return all.empty() ? renewal::Record{} : all.front();
  }
  static void add_beside(renewal::Record another) {
    another.number = 0;
    renewal::Journal::open(paths::journal_file())->save(another);
  }
  std::string stands() const {
    const Json unfinished = koshin_json({"status"})["unfinished"];
    return unfinished.empty() ? "" : unfinished[0]["old_stands"].get<std::string>();
  }

  static constexpr const char* kept = "This computer keeps a copy";
  faults::Plan plan_;

 private:
  const ScopedEnvironment playing_{{{faults::plan_variable, (directory_.path() / "plan").string()}}};
};

TEST_F(DeadWorker, AtTheWritingLeavesTheJournalsWord) {
  for (const bool after : {false, true}) {  // again at the same writing
    kill_at("C_CreateObject", after);
    const RunResult killed = renew();
    EXPECT_EQ(killed.exit_code, info(Reason::module_crashed).exit_code) << killed.out << killed.err;
    EXPECT_THAT(killed.err, HasSubstr(kept)) << after;
    EXPECT_THAT(killed.err, Not(HasSubstr("still there")));
    EXPECT_EQ(stands(), "kept_in_journal");
  }
  kill_no_more();
  const RunResult gone_on = renew();
  EXPECT_EQ(gone_on.exit_code, 0) << gone_on.out << gone_on.err;
  EXPECT_EQ(stands(), "");
}

TEST_F(DeadWorker, ThatDidNotStopInTimeWhenAskedToLeavesTheJournalsWordToo) {
  const RunResult stopped = renew_and_stop(":");
  EXPECT_EQ(stopped.exit_code, info(Reason::interrupted).exit_code) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr(kept));
}

/// The next renewal keeps the damaged journal aside and says that something may be forgotten: nobody may take
/// that word before it.
TEST_F(DeadWorker, LeavesADamagedJournalForTheNextRenewalToTellOf) {
  const std::string journal = paths::journal_file().string();
  const RunResult stopped =
      renew_and_stop("rm -f '" + journal + "-wal' '" + journal + "-shm'; head -c 5000 /dev/zero > '" +
                     journal + "'; printf damaged | dd of='" + journal + "' conv=notrunc 2>/dev/null");
  EXPECT_EQ(stopped.exit_code, info(Reason::interrupted).exit_code) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.err, Not(HasSubstr(kept)));
  EXPECT_TRUE(std::filesystem::exists(journal)) << "it was kept aside without a word";
  kill_no_more();
  const RunResult next = renew();
  EXPECT_EQ(next.exit_code, info(Reason::journal_unusable).exit_code) << next.out << next.err;
  EXPECT_THAT(next.err, HasSubstr("A renewal that was under way is forgotten"));
}

/// What another token's renewal, another bank's, or that of another certificate has left, is not the word of
/// this one.
TEST_F(DeadWorker, ClaimsNothingThatIsAnotherRenewals) {
  kill_at("C_CreateObject", false);
  EXPECT_THAT(renew().err, HasSubstr(kept));
  const renewal::Record ours = left();
  renewal::Record beside = ours;
  beside.token.serial += "9";
  beside.token_label = "Another";
  beside.bank = "ume";
  add_beside(beside);
  EXPECT_THAT(renew().err, HasSubstr(kept)) << "the other one is of a bank that is not asked";
  beside.token.serial += "9";
  beside.bank.clear();
  beside.old_sha256 = std::string(64, '2');
  add_beside(beside);
  EXPECT_THAT(renew().err, Not(HasSubstr(kept))) << "which token it was is not known";
  EXPECT_THAT(renew({"--token", "pkcs11:token=Sakura%20Corp"}).err, HasSubstr(kept));
  EXPECT_THAT(renew({"--certificate", ours.old_sha256}).err, HasSubstr(kept));
}

TEST_F(DeadWorker, BeforeItHasBegunClaimsNothing) {
  kill_at("C_CreateObject", false);
  EXPECT_THAT(renew().err, HasSubstr(kept));
  kill_at("C_Login", false);
  const RunResult killed = renew();
  EXPECT_EQ(killed.exit_code, info(Reason::module_crashed).exit_code) << killed.out << killed.err;
  EXPECT_THAT(killed.err, Not(HasSubstr(kept))) << "this run has changed nothing";
  EXPECT_EQ(stands(), "kept_in_journal");
}

/// Before there is a certificate, nothing of the old one is in question.
TEST_F(DeadWorker, BeforeTheCertificateClaimsNothingOfIt) {
  kill_at("C_Sign", true, 2);  // the first is the log-in at the authority, this one signs the request
  const RunResult killed = renew();
  EXPECT_EQ(killed.exit_code, info(Reason::module_crashed).exit_code) << killed.out << killed.err;
  EXPECT_THAT(killed.err, Not(HasSubstr(kept)));
  const Json unfinished = koshin_json({"status"})["unfinished"];
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(unfinished[0]["old_stands"], "untouched") << unfinished;
}

}  // namespace
}  // namespace koshin::test
