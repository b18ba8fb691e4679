// SPDX-License-Identifier: MIT
// A worker that is killed where it overwrites the old certificate says nothing more: what is told then is
// what the journal knows.
#include "cli_fixture.hpp"
#include "faults/piv_card.hpp"
#include "faults/trial.hpp"
#include "foundation/failures/failure.hpp"
#include "pkcs11/session.hpp"

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
  RunResult renew() {
    return koshin({"renew", "--pin-stdin", "--so-pin-stdin"},
                  std::string(right_pin) + "\n" + std::string(faults::management_key) + "\n");
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
