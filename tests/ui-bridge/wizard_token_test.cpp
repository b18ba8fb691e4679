// SPDX-License-Identifier: MIT
// Tokens whose PIN is typed on the reader, and cards whose keys are made by a security officer.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

class WizardWithCard : public WizardTest {
 protected:
  /// A PIV card whose certificate is due, and how its management key is to be had.
  void open_card(messages::ManagementKey how) {
    settings.token.profile = TokenProfileName::piv;
    auto card = token(today + days{12});
    card.management_key = how;
    open(card);
  }
};

TEST_F(WizardTest, TheLastTryOnAPinPadIsThePersonsToRisk) {
  auto report = token(today + days{12});
  report.protected_path = report.pin_final_try = true;
  open(report);
  act("unlock_on_reader");
  EXPECT_EQ(screen(), Screen::unlock) << "not before it is confirmed";
  act("confirm_final_try", {}, true);
  act("unlock_on_reader");
  EXPECT_EQ(screen(), Screen::notice);
  act("next");
  execute();
  EXPECT_TRUE(host.jobs.back().job.insist_final_try);
  wizard.on_event(result());
  EXPECT_FALSE(wizard.model().current_token()->pin_final_try) << "a right PIN sets it back";
}

TEST_F(WizardTest, APassphraseIsEnteredBesideAPinPad) {
  settings.authority.http_authentication = AuthorityLogin::basic;
  auto report = token(today + days{12});
  report.protected_path = true;
  open(report);
  act("unlock_on_reader");
  EXPECT_EQ(screen(), Screen::unlock) << "not without it";
  EXPECT_TRUE(wizard.enter_passphrase(secret("open sesame")));
  act("unlock_on_reader");
  act("next");
  execute();
  EXPECT_EQ(host.jobs.back().secrets, std::vector<std::string>{"open sesame"});
}

TEST_F(WizardTest, APinPadNeedsNoPinFromThePage) {
  auto report = token(today + days{12});
  report.protected_path = true;
  open(report);
  act("unlock_on_reader");
  act("next");
  execute();
  EXPECT_TRUE(host.jobs.back().job.protected_path);
  EXPECT_TRUE(host.jobs.back().secrets.empty());
  EXPECT_TRUE(wizard.model().on_reader);
}

TEST_F(WizardTest, WhereTheOfficerMakesTheKeysNoPinIsAskedForAndTheAdministratorIsNamed) {
  settings.token.profile = TokenProfileName::piv;
  open(token(today + days{12}));
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(reason(), Reason::so_pin_required);
  EXPECT_TRUE(act("back_to_start"));
  wizard.on_event(messages::InspectResult{{token(today - days{2})}, {}});
  EXPECT_EQ(reason(), Reason::so_pin_required) << "a re-issue makes a key as well";
}

TEST_F(WizardTest, WhereTheOfficerMakesTheKeysNoOtherWayLeadsToAPinEither) {
  settings.token.profile = TokenProfileName::piv;
  open(token(today + days{200}));
  EXPECT_EQ(screen(), Screen::current);
  EXPECT_TRUE(act("to_reissue"));
  EXPECT_EQ(reason(), Reason::so_pin_required);
}

TEST_F(WizardTest, WhereTheOfficerMakesTheKeysTheProofIsTheUsers) {
  settings.token.profile = TokenProfileName::piv;
  host.record = renewal::Record{};
  host.record->state = renewal::State::written;
  host.record->old_sha256 = std::string(64, 'a');
  host.record->new_not_after = today + days{365};
  open(token(today + days{12}));
  ASSERT_EQ(screen(), Screen::unlock);
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  wizard.on_event(result());
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_FALSE(wizard.model().deletable) << "deleting is not";
}

/// The PIN field is all that the person sees: the card gives out its management key with the PIN.
TEST_F(WizardWithCard, WhereThePinGivesOutTheManagementKeyThePersonRenewsAndDeletes) {
  open_card(messages::ManagementKey::behind_pin);
  ASSERT_EQ(screen(), Screen::unlock);
  EXPECT_FALSE(wizard.model().failure);
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  EXPECT_EQ(host.jobs.back().job.secrets, std::vector{messages::SecretKind::pin});
  auto renewed = result();
  renewed.token.management_key = messages::ManagementKey::behind_pin;
  wizard.on_event(renewed);
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_TRUE(wizard.model().deletable);
}

TEST_F(WizardWithCard, ADerivedManagementKeyIsThePersonsToo) {
  open_card(messages::ManagementKey::derived);
  EXPECT_EQ(screen(), Screen::unlock);
}

TEST_F(WizardWithCard, WhereTheModuleDoesNotKnowTheManagementKeyNoPinIsAskedFor) {
  open_card(messages::ManagementKey::unusable);
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(reason(), Reason::management_key_unsupported);
}

TEST_F(WizardWithCard, TheFactorysManagementKeyIsAnAdministratorsUnlessTheSettingsSayOtherwise) {
  open_card(messages::ManagementKey::factory);
  EXPECT_EQ(reason(), Reason::so_pin_required);
  settings.token.factory_management_key = true;
  open_card(messages::ManagementKey::factory);
  EXPECT_EQ(screen(), Screen::unlock);
}

}  // namespace
}  // namespace koshin::ui
