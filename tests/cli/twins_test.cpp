// SPDX-License-Identifier: MIT
// Two tokens in one module: those that say the same of themselves have URIs that mean one alone, and
// token.uri of the settings says which one is meant where --token does not.
#include <fstream>

#include "cli_fixture.hpp"
#include "faults/piv_card.hpp"
#include "faults/trial.hpp"

namespace koshin::test {
namespace {

class TwinTokens : public CliFixture {
 protected:
  TwinTokens() {
    write_settings_with("token.modules = [\"" + faults::fault_module().string() + "\"]\n");
    provision_certificate(12);
    hsm_.init_token("The other one", right_pin);
    provision(hsm_, "The other one", bank_, pkcs11::KeyAlgorithm::ec_p256, 9, "12345678901234 user0002");
    plan_.module = SoftHsm::module();
    plan_.log = directory_.path() / "calls.log";
    plan_.removed = directory_.path() / "removed";
    plan_.alike = true;
    play();
  }
  void play() const { save(plan_, directory_.path() / "plan"); }
  Json tokens() { return koshin_json({"inspect"})["tokens"]; }
  faults::Plan plan_;

 private:
  const ScopedEnvironment playing_{{{faults::plan_variable, (directory_.path() / "plan").string()}}};
};

TEST_F(TwinTokens, EachIsRenewedByItsOwnName) {
  const Json before = tokens();
  ASSERT_EQ(before.size(), 2U) << before;
  EXPECT_EQ(before[0]["label"], before[1]["label"]);
  EXPECT_EQ(before[0]["serial"], before[1]["serial"]);
  EXPECT_NE(before[0]["uri"], before[1]["uri"]);
  for (const Json& token : before) {
    const std::string uri = token["uri"];
    EXPECT_THAT(uri, HasSubstr(";slot-description="));
    const RunResult run = koshin({"renew", "--pin-stdin", "--token", uri}, right_pin);
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr(token["certificates"][0]["common_name"]));
  }
  for (const Json& token : tokens()) EXPECT_EQ(token["certificates"].size(), 2U) << token;
  EXPECT_EQ(bank_.issued(), 2U);
}

/// As the tokens of a TPM: the serial number says nothing, and here the label does not either.
class DullTwins : public TwinTokens {
 protected:
  DullTwins() {
    write_settings_with("token.modules = [\"" + faults::fault_module().string() +
                        "\"]\nauthority.attempts = 1\n");
    plan_.serial = "0000000000000000";
    play();
    for (const Json& token : tokens()) uris_.push_back(token["uri"]);
  }
  RunResult renew(std::size_t which) {
    return koshin({"renew", "--pin-stdin", "--token", uris_.at(which)}, right_pin);
  }
  void expect_completes(std::size_t which) {
    const RunResult run = renew(which);
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  }
  Json unfinished() { return koshin_json({"status"})["unfinished"]; }
  /// On each token the old pair and one new pair.
  void expect_both_renewed() {
    for (const Json& token : tokens()) {
      EXPECT_EQ(token["certificates"].size(), 2U) << token;
      EXPECT_EQ(token["keys_without_certificate"].size(), 0U) << token;
    }
    EXPECT_EQ(unfinished().size(), 0U);
    EXPECT_EQ(bank_.issued(), 2U);
  }
  std::vector<std::string> uris_;
};

TEST_F(DullTwins, EachGoesOnWithItsOwnUnfinishedRenewal) {
  ASSERT_EQ(uris_.size(), 2U);
  bank_.set("status", "503:not now");
  EXPECT_NE(renew(0).exit_code, 0);
  EXPECT_NE(renew(1).exit_code, 0);
  const Json both = unfinished();
  ASSERT_EQ(both.size(), 2U) << both;
  EXPECT_NE(both[0]["old_sha256"], both[1]["old_sha256"]);
  for (const Json& record : both) EXPECT_EQ(record["token"]["serial"], "0000000000000000");
  bank_.set("status", "0");
  expect_completes(0);
  EXPECT_EQ(unfinished().size(), 1U);
  expect_completes(1);
  expect_both_renewed();
}

TEST_F(DullTwins, ARenewalThatHasMadeNothingYetIsNotTakenForTheOthers) {
  plan_.function = "C_GenerateKeyPair";
  plan_.at = 1;
  plan_.action = faults::Action::kill;
  play();
  EXPECT_NE(renew(0).exit_code, 0);
  plan_.at = 0;
  play();
  const Json begun = unfinished();
  ASSERT_EQ(begun.size(), 1U) << begun;
  expect_completes(1);
  ASSERT_EQ(unfinished().size(), 1U) << "it is neither given up nor used up";
  EXPECT_EQ(unfinished()[0]["key_id"], begun[0]["key_id"]);
  expect_completes(0);
  expect_both_renewed();
}

TEST_F(DullTwins, OneThatWaitsForTheAuthorityDoesNotHoldTheOtherUp) {
  bank_.set("pending", "1");
  bank_.set("retry_after", "3600");
  renew(0);
  ASSERT_EQ(unfinished().size(), 1U);
  EXPECT_EQ(unfinished()[0]["state"], "pending");
  bank_.set("pending", "0");
  expect_completes(1);
  EXPECT_EQ(unfinished().size(), 1U);
}

TEST_F(DullTwins, ARenewalOfTheOneIsNotGivenUpWithTheOther) {
  bank_.set("status", "503:not now");
  EXPECT_NE(renew(0).exit_code, 0);
  const std::string old = unfinished().at(0)["old_sha256"];
  const RunResult other = koshin({"cancel", "--yes", "--pin-stdin", "--token", uris_.at(1)}, right_pin);
  EXPECT_NE(other.exit_code, 0) << "nothing of its own is unfinished: " << other.out;
  EXPECT_EQ(unfinished().size(), 1U);
  const RunResult cancelled = koshin({"cancel", "--yes", "--pin-stdin", "--token", uris_.at(0)}, right_pin);
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.out << cancelled.err;
  EXPECT_EQ(unfinished().size(), 0U);
  EXPECT_NE(renew(1).exit_code, 0);
  ASSERT_EQ(unfinished().size(), 1U);
  EXPECT_NE(unfinished()[0]["old_sha256"], old);
}

TEST_F(DullTwins, OnceItsOwnIsGivenUpTheOthersIsNotToldAsItsOwn) {
  bank_.set("status", "503:not now");
  EXPECT_NE(renew(0).exit_code, 0);
  EXPECT_NE(renew(1).exit_code, 0);
  const RunResult cancelled =
      koshin_on_terminal({"cancel", "--keep-key", "--token", uris_.at(0)}, {{"Go on? (yes/no)", "yes\n"}});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.out;
  EXPECT_THAT(cancelled.out, Not(HasSubstr("Still unfinished on this token")));
  EXPECT_EQ(unfinished().size(), 1U) << "the other's";
}

/// As PIV cards without a CHUID, each of which has a slot 82.
class DullCards : public TwinTokens {
 protected:
  DullCards() {
    write_settings_with("token.modules = [\"" + faults::fault_module().string() +
                        "\"]\ntoken.profile = \"piv\"\nrenewal.home_slot = \"never\"\n");
    plan_.module = faults::piv_module();
    plan_.serial = "0000000000000000";
    play();
    for (const Json& token : tokens()) uris_.push_back(token["uri"]);
  }
  RunResult renew(std::size_t which, const std::string& more = "--quiet") {
    return koshin({"renew", more, "--pin-stdin", "--so-pin-stdin", "--token", uris_.at(which)},
                  std::string(right_pin) + "\n" + std::string(faults::management_key) + "\n");
  }
  std::vector<std::string> uris_;
};

TEST_F(DullCards, OneThatWaitsForTheAuthorityDoesNotHoldTheOtherUp) {
  const RunResult before = renew(1);
  ASSERT_EQ(before.exit_code, 0) << before.out << before.err;
  bank_.set("pending", "1");
  bank_.set("retry_after", "3600");
  renew(0);
  Json waiting = koshin_json({"status"})["unfinished"];
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0]["state"], "pending");
  EXPECT_EQ(waiting[0]["key_id"], "05") << "the other card has a key in this slot too";
  bank_.set("pending", "0");
  bank_.set("validity_days", "400");
  const RunResult other = renew(1, "--force");
  EXPECT_EQ(other.exit_code, 0) << other.out << other.err;
  Json still = koshin_json({"status"})["unfinished"];
  ASSERT_EQ(still.size(), 1U);
  EXPECT_TRUE(still[0]["old_certificate"].is_null())
      << "the last look was at the other card, which says the same";
  still[0].erase("old_certificate");
  waiting[0].erase("old_certificate");
  EXPECT_EQ(still, waiting) << "neither gone on with nor given up";
}

class MeantToken : public CliFixture {
 protected:
  MeantToken() {
    provision_certificate(12);
    hsm_.init_token("The other one", right_pin);
    provision(hsm_, "The other one", bank_, pkcs11::KeyAlgorithm::ec_p256, 12);
  }
};

TEST_F(MeantToken, TheSettingsSayWhichTokenIsPruned) {
  EXPECT_EQ(koshin_json({"prune", "--yes", "--pin-stdin"}, right_pin)["failure"]["reason"],
            "token_ambiguous");
  write_settings_with("token.uri = \"pkcs11:token=The%20other%20one\"\n");
  const RunResult renewed = koshin({"renew", "--pin-stdin"}, right_pin);
  ASSERT_EQ(renewed.exit_code, 0) << renewed.out << renewed.err;
  const RunResult pruned = koshin({"prune", "--yes", "--pin-stdin"}, right_pin);
  EXPECT_EQ(pruned.exit_code, 0) << pruned.out << pruned.err;
  const Json seen = koshin_json({"inspect"});
  for (const Json& token : seen["tokens"]) EXPECT_EQ(token["certificates"].size(), 1U) << token;
}

TEST_F(MeantToken, OneThatTheSettingsDescribeAndThatIsNotHereIsNotFound) {
  write_settings_with("token.uri = \"pkcs11:token=A%20third%20one\"\n");
  const Json refused = koshin_json({"prune", "--yes", "--pin-stdin"}, right_pin)["failure"];
  EXPECT_EQ(refused["reason"], "token_not_found") << refused;
  EXPECT_THAT(std::string(refused["detail"]), HasSubstr("token.uri"));
}

}  // namespace
}  // namespace koshin::test
