// SPDX-License-Identifier: MIT
// The token is pulled at the worst moment: in every phase of an inspection and of an unattended renewal. A
// module that wraps SoftHSM (tests/faults) makes the token vanish at a certain call; the virtual card then
// leaves its reader.
#include <unistd.h>

#include "agent_scene.hpp"
#include "faults/fault_plan.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;

struct Moment {
  const char* name;
  const char* function;
  unsigned at;
  bool after;  ///< the call has had its effect on the token
};
std::ostream& operator<<(std::ostream& out, const Moment& moment) {
  return out << moment.name;
}

class Pulled : public AgentScene, public ::testing::WithParamInterface<Moment> {
 protected:
  std::string module_line() const { return "token.modules = [\"" KOSHIN_FAULT_MODULE "\"]\n"; }
  void plan_removal(const Moment& moment) {
    faults::Plan plan = base_plan();
    plan.function = moment.function;
    plan.at = moment.at;
    plan.after = moment.after;
    plan.action = faults::Action::remove;
    faults::save(plan, directory.path() / "plan");
    setenv(faults::plan_variable, (directory.path() / "plan").c_str(), 1);
  }
  /// The token is back, and nothing happens to it any more.
  void put_in_again() {
    faults::save(base_plan(), directory.path() / "plan");
    fs::remove(removed());
    card->plug();
  }
  void wait_until_vanished() const {
    wait_until([this] { return "the call was never made:\n" + agent->all(); },
               [this] { return fs::exists(removed()); });
  }
  fs::path removed() const { return directory.path() / "token-gone"; }
  std::size_t objects_on_token() const {
    std::size_t objects = 0;
    for (const auto& entry : fs::directory_iterator(hsm->token_directory("Bank token")))
      objects += entry.path().extension() == ".object" && entry.path().filename() != "token.object" ? 1 : 0;
    return objects;
  }

 private:
  faults::Plan base_plan() const {
    faults::Plan plan;
    plan.module = SoftHsm::module();
    plan.log = directory.path() / "calls";
    plan.removed = removed();
    return plan;
  }
};

class PulledInRenewal : public Pulled {};

TEST_P(PulledInRenewal, IsResumedAtTheNextInsertionWithTheSameKey) {
  provide_certificate(12);
  renew_by_itself(token_pin, module_line());
  plan_removal(GetParam());
  start();
  plug_card();
  const std::string failed = agent->expect("The renewal did not finish; nothing is lost.");
  EXPECT_NE(failed.find("KOSHIN_REASON=\"token_removed\""), std::string::npos) << failed;
  agent->expect("was removed.");
  card->pull();
  agent->expect("was taken out.");
  EXPECT_EQ(agent->count("Renewed:"), 0U);

  put_in_again();
  agent->expect("Renewed: the new certificate is valid until");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(bank->issued(), 1U);
  EXPECT_EQ(objects_on_token(), 6U) << "two pairs and two certificates, nothing else";
  EXPECT_EQ(agent->count("could not be used"), 0U) << "the module was blamed";
  EXPECT_NE(file_text(metrics()).find("result=\"completed\"} 1"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(EachStep, PulledInRenewal,
                         ::testing::Values(Moment{"Preflight", "C_Login", 1, true},
                                           Moment{"BeforeTheKeyPair", "C_GenerateKeyPair", 1, false},
                                           Moment{"AfterTheKeyPair", "C_GenerateKeyPair", 1, true},
                                           Moment{"SigningTheRequest", "C_Sign", 1, false},
                                           Moment{"AfterTheRequest", "C_Sign", 1, true},
                                           Moment{"ConnectingToTheAuthority", "C_Sign", 2, false},
                                           Moment{"BeforeTheCertificate", "C_CreateObject", 1, false},
                                           Moment{"AfterTheCertificate", "C_CreateObject", 1, true},
                                           Moment{"ReadingBack", "C_FindObjectsInit", 2, false},
                                           Moment{"Proving", "C_Sign", 3, false}),
                         [](const auto& moment) { return std::string(moment.param.name); });

class PulledInInspection : public Pulled {};

TEST_P(PulledInInspection, IsSeenWithFreshEyesAtTheNextInsertion) {
  provide_certificate(12);
  use_settings(module_line());
  plan_removal(GetParam());
  start();
  plug_card();
  agent->expect("A card is in");
  wait_until_vanished();
  card->pull();
  agent->expect("was taken out.");
  put_in_again();
  agent->expect("KOSHIN_DECISION=\"due\"");
  agent->expect("Nobody shows notifications in this session");
  EXPECT_EQ(agent->count("could not be used"), 0U) << "the module was blamed";
  EXPECT_EQ(stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(EachCall, PulledInInspection,
                         ::testing::Values(Moment{"Initializing", "C_Initialize", 1, true},
                                           Moment{"ListingSlots", "C_GetSlotList", 1, true},
                                           Moment{"AskingTheToken", "C_GetTokenInfo", 1, false},
                                           Moment{"OpeningASession", "C_OpenSession", 1, false},
                                           Moment{"Searching", "C_FindObjectsInit", 1, false},
                                           Moment{"Found", "C_FindObjects", 1, true},
                                           Moment{"Reading", "C_GetAttributeValue", 1, false},
                                           Moment{"Closing", "C_CloseSession", 1, false}),
                         [](const auto& moment) { return std::string(moment.param.name); });

}  // namespace
}  // namespace koshin::test
