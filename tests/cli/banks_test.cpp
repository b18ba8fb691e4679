// SPDX-License-Identifier: MIT
// A company of two banks: two tokens in one computer, and one token with certificates of both. Each is
// renewed at its own bank, by the real programs.
#include <algorithm>
#include <fstream>

#include "cli_fixture.hpp"

namespace koshin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* ume_label = "Ume Trading";
constexpr const char* ume_user = "98765432109876 user0009";

class TwoBanksOnOneDesk : public CliFixture {
 protected:
  TwoBanksOnOneDesk() : ume_(directory_.path() / "ume", {.name = "Ume"}) { write_banks(""); }

  /// The two banks, and `more` at the end of the file.
  void write_banks(const std::string& more) {
    settings_ = write_settings_of_banks(directory_.path(), "",
                                        bank_section("sakura", bank_, "CN=Sakura User CA,.*") +
                                            bank_section("ume", ume_, ume_issuer_) + more + '\n');
  }
  void at_ume(int days_left, const std::string& token = ume_label) {
    provision(hsm_, token, ume_, pkcs11::KeyAlgorithm::ec_p256, days_left, ume_user);
  }
  void second_token() { hsm_.init_token(ume_label, right_pin); }
  static std::string pin() { return std::string(right_pin) + "\n"; }
  /// Of the token, "bank:common name" of each certificate that nothing has replaced.
  std::vector<std::string> in_use(const std::string& label) const {
    std::vector<std::string> found;
    const Json document = koshin_json({"inspect"});
    for (const Json& token : document["tokens"]) {
      if (token["label"] != label) continue;
      for (const Json& certificate : token["certificates"])
        if (certificate["replaced_by"].is_null() && certificate["bank"].is_string())
          found.push_back(certificate["bank"].get<std::string>() + ":" +
                          certificate["validity"].get<std::string>());
    }
    return found;
  }

  std::string ume_issuer_ = "CN=Ume User CA,.*";
  TestBank ume_;
};

TEST_F(TwoBanksOnOneDesk, TwoTokensAreRenewedEachAtItsOwnBank) {
  second_token();
  provision_certificate(12);
  at_ume(3);
  EXPECT_THAT(in_use(token_label), ElementsAre("sakura:due"));
  EXPECT_THAT(in_use(ume_label), ElementsAre("ume:due"));
  const Json ambiguous = koshin_json({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(ambiguous["failure"]["reason"], "token_ambiguous") << "two tokens call, and nobody can be asked";

  const RunResult sakura = koshin({"renew", "--bank", "sakura", "--pin-stdin"}, pin());
  EXPECT_EQ(sakura.exit_code, 0) << sakura.err << sakura.out;
  EXPECT_THAT(sakura.out, HasSubstr("Bank sakura:"));
  EXPECT_EQ(bank_.issued(), 1U);
  EXPECT_EQ(ume_.issued(), 0U);
  EXPECT_GE(bank_.logins(), 1U);
  EXPECT_EQ(ume_.logins(), 0U);

  const Json ume = koshin_json({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(ume["state"], "completed") << ume;
  EXPECT_EQ(ume["new_certificate"]["bank"], "ume");
  EXPECT_EQ(ume["token"]["label"], ume_label);
  EXPECT_EQ(ume_.issued(), 1U);
  EXPECT_EQ(bank_.issued(), 1U);
  EXPECT_THAT(in_use(token_label), ElementsAre("sakura:current"));
  EXPECT_THAT(in_use(ume_label), ElementsAre("ume:current"));

  std::vector<std::string> banks;
  const Json history = koshin_json({"history"});
  for (const Json& record : history["records"]) banks.push_back(record["bank"]);
  EXPECT_THAT(banks, ElementsAre("ume", "sakura"));
  const Json status = koshin_json({"status"});
  std::vector<std::string> remembered;
  for (const Json& token : status["tokens"])
    remembered.push_back(token["label"].get<std::string>() + ":" + token["bank"].get<std::string>());
  EXPECT_THAT(remembered,
              UnorderedElementsAre(std::string(token_label) + ":sakura", std::string(ume_label) + ":ume"));
}

TEST_F(TwoBanksOnOneDesk, OneTokenWithBothIsRenewedOneAfterTheOther) {
  provision_certificate(12);
  at_ume(3, token_label);
  const RunResult first = koshin({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(first.exit_code, 0) << first.err << first.out;
  EXPECT_THAT(first.out, HasSubstr("Bank ume:")) << "the first to expire";
  EXPECT_THAT(first.out, HasSubstr("Also due: a certificate of bank sakura"));
  EXPECT_EQ(ume_.issued(), 1U);
  EXPECT_EQ(bank_.issued(), 0U);
  const RunResult second = koshin({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(second.exit_code, 0) << second.err << second.out;
  EXPECT_THAT(second.out, Not(HasSubstr("Also due")));
  EXPECT_EQ(bank_.issued(), 1U);
  EXPECT_EQ(ume_.issued(), 1U);
  EXPECT_THAT(in_use(token_label), UnorderedElementsAre("sakura:current", "ume:current"));
  EXPECT_EQ(koshin_json({"renew", "--pin-stdin"}, pin())["failure"]["reason"], "not_due");
}

TEST_F(TwoBanksOnOneDesk, ACertificateThatIsNamedIsRenewedAtItsBank) {
  provision_certificate(12);
  at_ume(3, token_label);
  std::string sakura;
  const Json token = inspected_token();
  for (const Json& certificate : token["certificates"])
    if (certificate["bank"] == "sakura") sakura = certificate["sha256"];
  const Json done = koshin_json({"renew", "--certificate", sakura, "--pin-stdin"}, pin());
  EXPECT_EQ(done["state"], "completed") << done;
  EXPECT_EQ(bank_.issued(), 1U);
  EXPECT_EQ(ume_.issued(), 0U);
  const Json wrong = koshin_json({"renew", "--bank", "ume", "--certificate", sakura, "--pin-stdin"}, pin());
  EXPECT_EQ(wrong["failure"]["reason"], "certificate_not_found");
}

TEST_F(TwoBanksOnOneDesk, AnInterruptedRenewalGoesOnAtItsOwnBank) {
  provision_certificate(12);
  at_ume(3, token_label);
  ume_.set("status", "503:busy");
  EXPECT_NE(koshin({"renew", "--bank", "ume", "--pin-stdin"}, pin()).exit_code, 0);
  const RunResult other = koshin({"renew", "--bank", "sakura", "--pin-stdin"}, pin());
  EXPECT_EQ(other.exit_code, 0) << other.err << other.out;
  EXPECT_EQ(bank_.issued(), 1U);
  const Json unfinished = koshin_json({"status"})["unfinished"];
  ASSERT_EQ(unfinished.size(), 1U);
  EXPECT_EQ(unfinished[0]["bank"], "ume");
  ume_.set("status", "0");
  const RunResult resumed = koshin({"renew", "--pin-stdin"}, pin());
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err << resumed.out;
  EXPECT_EQ(ume_.issued(), 1U);
  EXPECT_EQ(koshin_json({"status"})["unfinished"].size(), 0U);
}

TEST_F(TwoBanksOnOneDesk, NothingThatTwoBanksClaimIsRenewedAtAWrongOne) {
  provision_certificate(12);
  ume_issuer_ = ".*";
  write_banks("");
  const Json certificate = inspected_token()["certificates"][0];
  EXPECT_EQ(certificate["bank"], nullptr);
  EXPECT_EQ(certificate["disputed"], Json({"sakura", "ume"}));
  EXPECT_EQ(certificate["renewal_refused"], "bank_ambiguous");
  for (const std::vector<std::string>& named :
       {std::vector<std::string>{}, {"--bank", "ume"}, {"--bank", "sakura"}}) {
    std::vector<std::string> words{"renew", "--pin-stdin"};
    words.insert(words.end(), named.begin(), named.end());
    EXPECT_EQ(koshin_json(words, pin())["failure"]["reason"], "bank_ambiguous");
  }
  EXPECT_EQ(bank_.requests("simplereenroll") + ume_.requests("simplereenroll"), 0U);
  const Json doctor = koshin_json({"doctor"});
  EXPECT_EQ(std::count_if(doctor["checks"].begin(), doctor["checks"].end(),
                          [](const Json& check) { return check["reason"] == "bank_ambiguous"; }),
            2);
}

TEST_F(TwoBanksOnOneDesk, TheDoctorExaminesEachBank) {
  provision_certificate(12);
  at_ume(30, token_label);
  const Json both = koshin_json({"doctor", "--pin-stdin"}, pin());
  std::vector<std::string> answers;
  for (const Json& check : both["checks"])
    if (check["finding"] == "authority_answers")
      answers.push_back(check["bank"].get<std::string>() + " " + check["values"][0].get<std::string>());
  EXPECT_THAT(answers, ElementsAre(HasSubstr("sakura " + bank_.url()), HasSubstr("ume " + ume_.url())));
  EXPECT_THAT(koshin({"doctor", "--bank", "ume"}).out,
              testing::AllOf(HasSubstr("Bank ume"), Not(HasSubstr("sakura"))));
}

TEST_F(TwoBanksOnOneDesk, ThePinOfOneTokenIsNotTriedOnAnother) {
  hsm_.init_token(ume_label, "other-pin");
  provision_certificate(12);
  provision(hsm_, ume_label, ume_, pkcs11::KeyAlgorithm::ec_p256, 200, ume_user);
  koshin({"doctor", "--pin-stdin"}, pin());
  koshin({"doctor", "--pin-stdin", "--insist-count-low"}, pin());
  const Json document = koshin_json({"inspect"});
  for (const Json& token : document["tokens"])
    EXPECT_FALSE(token["pin"]["count_low"].get<bool>()) << token["label"];
}

TEST_F(TwoBanksOnOneDesk, AWrongPinSpendsOneTryHoweverManyBanksAreExamined) {
  provision_certificate(12);
  at_ume(30, token_label);
  const Json both = koshin_json({"doctor", "--pin-stdin", "--insist-count-low"}, "wrong-pin\n");
  std::vector<std::string> refused;
  for (const Json& check : both["checks"])
    if (check["status"] == "failed") refused.push_back(check["bank"]);
  EXPECT_THAT(refused, testing::Each("sakura")) << both;
}

TEST_F(TwoBanksOnOneDesk, ALookWithThePinKeepsTheBanksRulesAndNarrowsNoToken) {
  const auto bank_with = [](const std::string& section, const std::string& token) {
    return section + "token_uri = \"pkcs11:token=" + token +
           "\"\n[bank.token]\npin_characters = \"digits\"\n";
  };
  settings_ =
      write_settings_of_banks(directory_.path(), "",
                              bank_with(bank_section("sakura", bank_, "CN=Sakura User CA,.*"), "Elsewhere") +
                                  bank_with(bank_section("ume", ume_, ume_issuer_), "Sakura%20Corp"));
  at_ume(3, token_label);
  EXPECT_EQ(koshin_json({"inspect", "--pin-stdin"}, "letters\n")["failure"]["reason"], "pin_length_invalid");
  const Json before = koshin_json({"inspect"});
  EXPECT_FALSE(before["tokens"][0]["pin"]["count_low"].get<bool>()) << "no try was spent";
  const Json seen = koshin_json({"inspect", "--pin-stdin"}, pin());
  ASSERT_EQ(seen["tokens"].size(), 1U) << seen;
  EXPECT_EQ(seen["tokens"][0]["certificates"][0]["bank"], "ume");
  const Json status = koshin_json({"status"});
  EXPECT_EQ(status["tokens"][0]["bank"], "ume")
      << "what was seen is remembered for the bank that it is about";
}

TEST_F(TwoBanksOnOneDesk, AfterANewPinTheFileOfNoBankIsTriedBeforeItIsWrittenAnew) {
  auto written = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  const auto store = [&](const std::string& bank, const std::string& text) {
    const auto file = directory_.path() / (bank + ".pin");
    std::ofstream(file, std::ios::trunc) << text;
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    std::filesystem::last_write_time(file, written += std::chrono::seconds(2));
    return "[bank.token]\nuri = \"pkcs11:token=Sakura%20Corp?pin-source=file:" + file.string() + "\"\n";
  };
  settings_ =
      write_settings_of_banks(directory_.path(), "",
                              bank_section("sakura", bank_, "CN=Sakura User CA,.*") + store("sakura", pin()) +
                                  bank_section("ume", ume_, ume_issuer_) + store("ume", pin()));
  provision_certificate(12);
  at_ume(3, token_label);
  const auto looks = [&](const char* bank) {
    return koshin({"renew", "--dry-run", "--bank", bank}).exit_code;
  };
  const std::string wanted = "75318642\n";
  EXPECT_EQ(koshin({"pin", "change", "--bank", "ume", "--new-pin-stdin"}, wanted).exit_code, 0);
  for (const char* bank : {"ume", "sakura"}) EXPECT_EQ(looks(bank), 49) << bank;
  store("ume", wanted);
  EXPECT_EQ(looks("ume"), 0);
  EXPECT_EQ(looks("sakura"), 49) << "its file holds the old PIN still";
  store("sakura", wanted);
  EXPECT_EQ(looks("sakura"), 0);
}

TEST_F(TwoBanksOnOneDesk, WhatTheDoctorIsGivenForOneBankNeedsItsName) {
  EXPECT_EQ(koshin_json({"doctor", "--passphrase-stdin"}, "secret\n")["failure"]["reason"], "bank_ambiguous");
}

TEST_F(TwoBanksOnOneDesk, NoOtherBankGoesOnWithTheRenewalOfOneThatHasLeft) {
  provision_certificate(200);
  at_ume(3, token_label);
  ume_.set("status", "503:busy");
  EXPECT_NE(koshin({"renew", "--bank", "ume", "--pin-stdin"}, pin()).exit_code, 0);
  settings_ = write_settings_of_banks(directory_.path(), "",
                                      bank_section("sakura", bank_, "CN=Sakura User CA,.*") +
                                          bank_section("momo", bank_, "CN=Momo User CA,.*") + "\n");
  EXPECT_EQ(koshin_json({"renew", "--pin-stdin"}, pin())["failure"]["reason"], "not_due");
  EXPECT_EQ(bank_.issued(), 0U);
  const RunResult status = koshin({"status"});
  EXPECT_THAT(status.out, HasSubstr("is not in the settings"));
  EXPECT_EQ(koshin_json({"cancel", "--keep-key", "--yes"})["kind"], "renewal");
  EXPECT_THAT(koshin_json({"status"})["unfinished"], IsEmpty());
}

TEST_F(TwoBanksOnOneDesk, CancellingAtOneBankLeavesTheKeyOfAnothersRequest) {
  provision_certificate(200);
  at_ume(3, token_label);
  ume_.set("status", "503:busy");
  EXPECT_NE(koshin({"renew", "--bank", "ume", "--pin-stdin"}, pin()).exit_code, 0);
  EXPECT_EQ(koshin_json({"cancel", "--bank", "sakura", "--yes", "--pin-stdin"}, pin())["failure"]["reason"],
            "nothing_unfinished");
  const Json pending = koshin_json({"status"})["unfinished"][0];
  ume_.set("status", "0");
  const Json resumed = koshin_json({"renew", "--bank", "ume", "--pin-stdin"}, pin());
  EXPECT_EQ(resumed["state"], "completed") << resumed;
  EXPECT_EQ(resumed["new_certificate"]["key_id"], pending["key_id"]);
}

TEST_F(TwoBanksOnOneDesk, ABankThatRefusesHidesNoOther) {
  provision_certificate(12);
  at_ume(3, token_label);
  ume_.set("status", "403:no");
  const RunResult refused = koshin({"renew", "--pin-stdin"}, pin());
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.out + refused.err, HasSubstr("Also due: a certificate of bank sakura"));
}

TEST_F(TwoBanksOnOneDesk, WhatIsFetchedWithACodeNamesItsBank) {
  const Json open =
      koshin_json({"enroll", "--code-stdin", "--pin-stdin", "--user", "user0009"}, pin() + "code\n");
  EXPECT_EQ(open["failure"]["reason"], "bank_ambiguous");
  EXPECT_THAT(open["failure"]["detail"].get<std::string>(), HasSubstr("sakura, ume"));
  const RunResult unknown = koshin({"doctor", "--bank", "momo"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("sakura, ume"));
}

TEST_F(TwoBanksOnOneDesk, TheSettingsAreShownAndCheckedForEachBank) {
  const Json shown = koshin_json({"config", "show"});
  std::vector<std::string> urls;
  for (const Json& setting : shown["settings"])
    if (setting["key"] == "authority.url")
      urls.push_back((setting["bank"].is_null() ? "base" : setting["bank"].get<std::string>()) + " " +
                     setting["value"].get<std::string>());
  EXPECT_THAT(urls, ElementsAre("base \"\"", "sakura \"" + bank_.url() + "\"", "ume \"" + ume_.url() + "\""));
  EXPECT_THAT(koshin({"config", "show"}).out,
              HasSubstr("[[bank]]\nname = \"ume\"\n[bank.authority]\nurl = "));
  EXPECT_THAT(koshin_json({"config", "check"})["notes"], IsEmpty());
  ume_issuer_ = "CN=Sakura User CA,.*";
  write_banks("[bank.mail]\nurl = \"smtp://localhost\"\n");
  const Json notes = koshin_json({"config", "check"})["notes"];
  ASSERT_EQ(notes.size(), 2U) << notes;
  EXPECT_THAT(notes[0].get<std::string>(), HasSubstr("mail.url, bank ume"));
  EXPECT_THAT(notes[1].get<std::string>(),
              HasSubstr("the banks sakura and ume may claim the same certificate"));
}

TEST_F(TwoBanksOnOneDesk, ACancelledRenewalIsThatOfItsBank) {
  provision_certificate(12);
  at_ume(3, token_label);
  ume_.set("status", "503:busy");
  EXPECT_NE(koshin({"renew", "--bank", "ume", "--pin-stdin"}, pin()).exit_code, 0);
  EXPECT_EQ(koshin_json({"cancel", "--bank", "sakura", "--keep-key", "--yes"})["failure"]["reason"],
            "nothing_unfinished");
  EXPECT_EQ(koshin_json({"cancel", "--yes", "--pin-stdin"}, pin())["kind"], "renewal");
  EXPECT_THAT(koshin_json({"status"})["unfinished"], IsEmpty());
}

}  // namespace
}  // namespace koshin::test
