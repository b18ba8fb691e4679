// SPDX-License-Identifier: MIT
// The generator's tokens made real, on SoftHSM, and the real programs run on them: inspect with and without
// the PIN, doctor, renew --dry-run and the resident agent must all see what the model says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/program_run.hpp"
#include "foundation/base/clock.hpp"
#include "real_token.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/decision.hpp"
#include "renewal/policy/policy.hpp"
#include "resident/agent_stage.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"

namespace koshin::test {
namespace {

using messages::Purpose;
using Json = nlohmann::json;

constexpr int batches = 10, tokens_in_a_batch = 20;
const std::string pin = SoftHsm::default_pin;

class RealTokens : public ::testing::Test {
 protected:
  RealTokens() : bank_(directory_.path() / "bank"), maker_(bank_) {}

  messages::TokenReport expected(const RealToken& token, bool with_pin, TimePoint now) const;
  static messages::TokenReport once_the_bank_is_known(messages::TokenReport report, const RealToken& token);
  Json koshin(std::vector<std::string> arguments, bool with_pin) const;
  void check_inspection(const RealToken& token, const Json& seen, bool with_pin) const;
  void check_renewal_and_doctor(const RealToken& token, const std::string& uri) const;
  std::map<std::string, std::string> decisions_of_agent() const;
  void check_agent(const RealToken& token, const std::string& decision) const;
  void run_batch(std::mt19937& random, int batch);

  TemporaryDirectory directory_;
  TestBank bank_;
  TokenMaker maker_;
  std::optional<SoftHsm> hsm_;
  std::filesystem::path settings_;
};

/// The model's report with the dates and fingerprints that have come out.
messages::TokenReport RealTokens::expected(const RealToken& token, bool with_pin, TimePoint now) const {
  auto report = report_of(token.model, with_pin, now);
  report.label = token.label;
  std::vector<renewal::Renewed> renewed;
  for (const auto& record : token.model.records) {
    if (record.state == renewal::State::completed)
      renewed.push_back({enrollment::sha256_of(pkcs11::ByteView(token.certificates[record.old_one])),
                         enrollment::sha256_of(pkcs11::ByteView(token.certificates[record.new_one]))});
  }
  for (auto& certificate : report.certificates) {
    const auto index = static_cast<std::size_t>(std::stoul(certificate.key_id));
    const Bytes& der = token.certificates[index];
    certificate.sha256 = enrollment::sha256_of(pkcs11::ByteView(der));
    if (certificate.purpose == Purpose::unreadable) continue;
    const auto parsed = enrollment::Certificate::from_der(der);
    certificate.not_before = parsed.not_before();
    certificate.not_after = parsed.not_after();
    certificate.serial = parsed.serial();
  }
  renewal::assign_lineages(report, {renewed, {}}, now);
  return report;
}

Json RealTokens::koshin(std::vector<std::string> arguments, bool with_pin) const {
  arguments.insert(arguments.end(), {"--settings", settings_.string(), "--json"});
  if (with_pin) arguments.emplace_back("--pin-stdin");
  const RunResult run = run_koshin(arguments, with_pin ? pin + "\n" : "");
  return Json::parse(run.out);
}

std::string shown(const Json& value) {
  return value.is_null() ? "" : value.get<std::string>();
}

void RealTokens::check_inspection(const RealToken& token, const Json& seen, bool with_pin) const {
  const auto report = expected(token, with_pin, current_time());
  EXPECT_EQ(seen["private_objects_hidden"], !with_pin);
  EXPECT_EQ(seen["certificates"].size(), report.certificates.size()) << seen;
  for (const Json& certificate : seen["certificates"]) {
    const auto* const known = renewal::find_certificate(report, shown(certificate["sha256"]));
    ASSERT_NE(known, nullptr) << certificate;
    EXPECT_EQ(certificate["purpose"], to_string(known->purpose));
    EXPECT_EQ(shown(certificate["replaced_by"]), known->replaced_by) << certificate["sha256"];
    EXPECT_EQ(certificate["renewed"], known->renewed);
    if (known->purpose != Purpose::unreadable) {
      EXPECT_EQ(certificate["key_state"], to_string(known->key_state)) << certificate["sha256"];
    }
  }
}

/// Which certificates are the bank's own is known once its authorities have been fetched, by whichever run
/// came that far first; then those go before what others have issued.
messages::TokenReport RealTokens::once_the_bank_is_known(messages::TokenReport report,
                                                         const RealToken& token) {
  for (auto& certificate : report.certificates) {
    const auto& model = token.model.certificates[static_cast<std::size_t>(std::stoul(certificate.key_id))];
    certificate.issuer_vouched = model.purpose == Purpose::log_in && model.issuer == 0;
  }
  return report;
}

/// The bank lets its own customers in only.
bool is_as_chosen(const Json& renewed, const renewal::Choice& choice) {
  if (choice.failure)
    return renewed["ok"] == false && renewed["failure"]["reason"] == info(choice.failure->reason).id;
  if (renewed["ok"] == true) return renewed["old_certificate"]["sha256"] == choice.certificate->sha256;
  return choice.certificate->issuer_key == "key:1";
}

bool is_as_chosen_by_doctor(const Json& check, const renewal::Choice& choice) {
  if (choice.failure) return check["reason"] == info(choice.failure->reason).id;
  return check["finding"] != "certificate_chosen" || check["values"][1] == choice.certificate->serial;
}

void RealTokens::check_renewal_and_doctor(const RealToken& token, const std::string& uri) const {
  const TimePoint now = current_time();
  const Settings settings = settings_for(token.model);
  const auto before = expected(token, true, now), after = once_the_bank_is_known(before, token);
  const auto choice = [&](const messages::TokenReport& report, bool force) {
    return renewal::choose_certificate(report, {}, settings, now, force);
  };
  const Json renewed = koshin({"renew", "--dry-run", "--token", uri}, true);
  EXPECT_TRUE(is_as_chosen(renewed, choice(before, false)) || is_as_chosen(renewed, choice(after, false)))
      << renewed;
  const Json examined = koshin({"doctor", "--token", uri}, true);
  for (const Json& check : examined["checks"]) {
    if (check["id"] != "certificate") continue;
    EXPECT_TRUE(is_as_chosen_by_doctor(check, choice(before, true)) ||
                is_as_chosen_by_doctor(check, choice(after, true)))
        << check;
  }
}

/// By the tokens' labels, as the agent's log says them.
std::map<std::string, std::string> RealTokens::decisions_of_agent() const {
  const Programs programs;
  programs.set_ui("exit 0");
  const ScopedEnvironment no_reader(
      std::map<std::string, std::string>{{"PCSCLITE_CSOCK_NAME", "/nonexistent"}});
  Lines agent = start_agent(programs, {"--settings", settings_.string()});
  std::map<std::string, std::string> decisions;
  for (int i = 0; i < tokens_in_a_batch; ++i) {
    const std::string line = agent.expect("KOSHIN_DECISION");
    const auto value_after = [&](const std::string& name, char end) {
      const auto begin = line.find(name);
      return begin == std::string::npos
                 ? std::string()
                 : line.substr(begin + name.size(),
                               line.find(end, begin + name.size()) - begin - name.size());
    };
    decisions["generated " + value_after("“generated ", "”"[0])] = value_after("KOSHIN_DECISION=\"", '"');
  }
  agent.child().terminate();
  agent.exit_code();
  return decisions;
}

/// What the journal is told of a token, as of another day.
std::vector<renewal::Record> records_of(const RealToken& token) {
  std::vector<renewal::Record> records;
  for (const auto& recorded : token.model.records) {
    renewal::Record& record = records.emplace_back();
    record.token_label = token.label;
    record.old_sha256 = enrollment::sha256_of(pkcs11::ByteView(token.certificates[recorded.old_one]));
    record.certificate = token.certificates[recorded.new_one];
    record.key_id = {static_cast<std::uint8_t>(recorded.new_one + 1)};
    record.key_algorithm = "ec-p256";
    record.public_key = record.request = Bytes{1};  // the journal wants them; nothing here reads them
    record.state = recorded.state;
    record.started = record.changed = current_time() - std::chrono::days{1};
  }
  return records;
}

/// The runs before have looked at the token with the PIN, and the agent knows what they saw.
void RealTokens::check_agent(const RealToken& token, const std::string& decision) const {
  const TimePoint now = current_time();
  const Settings settings = settings_for(token.model);
  const auto records = records_of(token);
  const auto decide = [&](const messages::TokenReport& report, const messages::TokenReport& looked) {
    renewal::TokenMemory memory;
    memory.label = token.label;
    if (token.model.remembered) memory.told_sha256 = "once here";
    const auto decided = [&](const messages::TokenReport& seen, const renewal::TokenMemory* known) {
      return renewal::decide({.token = seen,
                              .unfinished = nullptr,
                              .memory = known,
                              .settings = settings,
                              .now = now,
                              .trigger = renewal::Trigger::insertion,
                              .records = &records})
          .decision;
    };
    // Of somebody else's token nothing is kept.
    const bool kept =
        token.model.remembered || decided(looked, nullptr) != renewal::Decision::nothing_of_ours;
    if (kept) memory.snapshot = renewal::Snapshot{now, looked};
    return std::string(to_string(decided(report, kept ? &memory : nullptr)));
  };
  const auto shown = expected(token, false, now), looked = expected(token, true, now);
  const std::string before = decide(shown, looked);
  const std::string after =
      decide(once_the_bank_is_known(shown, token), once_the_bank_is_known(looked, token));
  EXPECT_THAT(decision, ::testing::AnyOf(before, after));
}

/// What the journal is to know: completed records, and tokens of which something is remembered.
void write_journal(const std::filesystem::path& file, const std::vector<RealToken>& tokens,
                   const Json& inspected) {
  std::filesystem::create_directories(file.parent_path());
  const auto journal = renewal::Journal::open(file);
  for (const RealToken& token : tokens) {
    const auto seen = std::find_if(inspected.begin(), inspected.end(),
                                   [&](const Json& one) { return one["label"] == token.label; });
    const renewal::TokenKey key{(*seen)["manufacturer"], (*seen)["model"], (*seen)["serial"]};
    for (renewal::Record record : records_of(token)) {
      record.token = key;
      journal->save(record);
    }
    if (token.model.remembered)
      journal->remember(key, [&](renewal::TokenMemory& memory) {
        memory.label = token.label;
        memory.told_sha256 = "once here";
      });
  }
}

void RealTokens::run_batch(std::mt19937& random, int batch) {
  const auto folder = directory_.path() / std::to_string(batch);
  std::filesystem::create_directories(folder);
  isolate_user(folder);
  without_desktop();
  hsm_.emplace(folder);
  const bool expects = batch % 2 != 0;
  settings_ = write_settings(
      folder, bank_,
      "token.rescan_interval = 3600\n" +
          (expects ? "expect.common_name_pattern = \"" + common_name_of(0) + "\"\n" : std::string()));
  std::vector<RealToken> tokens;
  for (int i = 0; i < tokens_in_a_batch; ++i) {
    GeneratedToken model = generate_token(random);
    model.expects_first_holder = expects;
    model.knows_authority = false;  // that is found out by whichever run comes that far first
    for (auto& one :
         model.certificates)  // only other authorities issue log-in certificates that sign contents
      one.signs = one.signs && one.purpose == Purpose::log_in && one.issuer != 0;
    tokens.push_back(maker_.realize(model, "generated " + std::to_string(i), *hsm_));
  }
  const Json without_pin = koshin({"inspect"}, false)["tokens"];
  write_journal(folder / "state" / "koshin" / "journal.sqlite", tokens, without_pin);
  const Json again = koshin({"inspect"}, false)["tokens"];
  for (const RealToken& token : tokens) {
    SCOPED_TRACE(token.label + " of batch " + std::to_string(batch) +
                 ", KOSHIN_SEED=" + std::to_string(seed_of_this_run()) + "\n" + describe(token.model));
    const auto seen = std::find_if(again.begin(), again.end(),
                                   [&](const Json& one) { return one["label"] == token.label; });
    ASSERT_NE(seen, again.end());
    const std::string uri = (*seen)["uri"];
    check_inspection(token, *seen, false);
    check_inspection(token, koshin({"inspect", "--token", uri}, true)["tokens"][0], true);
    check_renewal_and_doctor(token, uri);
  }
  const auto decisions = decisions_of_agent();
  for (const RealToken& token : tokens) {
    SCOPED_TRACE(token.label + "\n" + describe(token.model));
    ASSERT_TRUE(decisions.contains(token.label));
    check_agent(token, decisions.at(token.label));
  }
}

TEST_F(RealTokens, EveryProgramSeesWhatTheModelSays) {
  std::mt19937 random(seed_of_this_run());
  for (int batch = 0; batch < batches && !HasFailure(); ++batch) run_batch(random, batch);
}

}  // namespace
}  // namespace koshin::test
