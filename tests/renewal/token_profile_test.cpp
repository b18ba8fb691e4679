// SPDX-License-Identifier: MIT
// What each kind of token asks for, and that the settings name just the kinds there are.
#include "renewal/policy/token_profile.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "renewal/policy/mark_form.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::renewal {
namespace {

const TokenProfile& called(const std::string& name) {
  return profile_of(value_of<TokenProfileName>(name).value());
}

SecureBuffer secret_of(std::string_view text) {
  return SecureBuffer::copy_of({text.data(), text.size()});
}

struct Officer {
  bool locked = false, final_try = false, insists = false;
};

/// Why the security officer's PIN is not tried.
std::optional<Reason> officers_objection(const std::string& profile, std::string_view key,
                                         const Officer& officer = {}) {
  const messages::TokenReport token;
  const SecureBuffer value = secret_of(key);
  const SecretToTry secret{
      messages::SecretKind::security_officer_pin, &value, {}, {.final_try = officer.insists}};
  const auto why = called(profile).objection(secret, {token, officer.locked, officer.final_try});
  return why ? std::optional(why->reason) : std::nullopt;
}

/// Why the user's PIN is not tried, where the module claims these lengths.
std::optional<Reason> users_objection(const std::string& profile, PinLengths claimed, std::string_view pin,
                                      bool locked = false) {
  const PinLengths lengths = called(profile).pin_lengths(claimed);
  messages::TokenReport token;
  token.pin_min = lengths.shortest;
  token.pin_max = lengths.longest;
  token.pin_locked = locked;
  const SecureBuffer value = secret_of(pin);
  const auto why =
      called(profile).objection({messages::SecretKind::pin, &value, PinCharacters::printable, {}}, {token});
  return why ? std::optional(why->reason) : std::nullopt;
}

TEST(TokenProfile, EachIsFoundByTheNameThatTheSettingsTake) {
  const test::TemporaryDirectory directory;
  for (const TokenProfile* profile : all_profiles()) {
    const auto file = directory.path() / "koshin.toml";
    std::ofstream(file) << "token.profile = \"" << word(profile->name()) << "\"\n";
    SettingsSources sources;
    sources.only = file;
    EXPECT_EQ(&profile_of(load_settings(sources)), profile);
  }
}

TEST(GenericProfile, ThePersonDoesEverything) {
  const TokenProfile& generic = called("generic");
  EXPECT_EQ(generic.key_manager(), KeyManager::user);
  EXPECT_FALSE(generic.why_person_cannot_renew({}, {}));
  EXPECT_TRUE(generic.deletes_pairs());
  EXPECT_FALSE(generic.overwrites_certificates());
  EXPECT_EQ(generic.after_proof({}), AfterProof::remove_left_pairs);
  EXPECT_EQ(officers_objection("generic", ""), std::nullopt) << "that one is not needed";
}

TEST(GenericProfile, ANewPairHasTheMarkWhateverIsThere) {
  const Bytes marked(own_id_size, 7);
  EXPECT_EQ(called("generic").new_key_id({.in_use = {{5}, {6}}, .emptied = {{6}}}, marked), marked);
  EXPECT_TRUE(called("generic").is_ours(marked));
  EXPECT_FALSE(called("generic").is_ours(Bytes{5})) << "a number is everybody's";
  EXPECT_FALSE(called("generic").is_ours(Bytes{}));
}

TEST(GenericProfile, ThePinIsAsLongAsTheTokenSays) {
  EXPECT_EQ(users_objection("generic", {4, 12}, "1234"), std::nullopt);
  EXPECT_EQ(users_objection("generic", {4, 12}, "123456789012"), std::nullopt);
  EXPECT_EQ(users_objection("generic", {4, 12}, "123"), Reason::pin_length_invalid);
  EXPECT_EQ(users_objection("generic", {4, 12}, "1234567890123"), Reason::pin_length_invalid);
}

TEST(PivProfile, TheOfficerMakesTheKeysAndNothingIsDeleted) {
  const TokenProfile& piv = called("piv");
  EXPECT_EQ(piv.key_manager(), KeyManager::security_officer);
  EXPECT_TRUE(piv.why_person_cannot_renew({}, {})) << "nothing is known of the management key";
  EXPECT_FALSE(piv.deletes_pairs());
  EXPECT_TRUE(piv.overwrites_certificates());
  EXPECT_EQ(piv.after_proof({}), AfterProof::nothing);
}

TEST(PivProfile, ARenewalIntoAHomeSlotClearsTheSpareOne) {
  Record record;
  const auto after = [&](const char* profile, Bytes slot) {
    record.key_id = std::move(slot);
    return called(profile).after_proof(record);
  };
  EXPECT_EQ(after("piv", {1}), AfterProof::clear_spare);
  EXPECT_EQ(after("piv", {4}), AfterProof::clear_spare);
  EXPECT_EQ(after("piv", {5}), AfterProof::nothing);
  EXPECT_EQ(after("generic", {1}), AfterProof::remove_left_pairs);
  record.same_key = true;
  EXPECT_EQ(after("piv", {1}), AfterProof::nothing) << "the old certificate was in the same slot";
  record.same_key = false;
  record.enrollment = true;
  EXPECT_EQ(after("piv", {1}), AfterProof::nothing);
}

TEST(PivProfile, SlotsHaveTheNamesOfTheStandard) {
  const TokenProfile& piv = called("piv");
  EXPECT_EQ(piv.place_name(Bytes{1}), "9a");
  EXPECT_EQ(piv.place_name(Bytes{4}), "9e");
  EXPECT_EQ(piv.place_name(Bytes{5}), "82");
  EXPECT_EQ(piv.place_name(Bytes{24}), "95");
  for (const Bytes& other : {Bytes{}, Bytes{0}, Bytes{25}, Bytes{1, 1}}) EXPECT_EQ(piv.place_name(other), "");
  EXPECT_EQ(called("generic").place_name(Bytes{1}), "");
  EXPECT_TRUE(piv.is_home(Bytes{1}));
  EXPECT_FALSE(piv.is_home(Bytes{5}));
  EXPECT_FALSE(called("generic").is_home(Bytes{1}));
}

TEST(PivProfile, ANewPairGoesHomeOrToASlotThatKoshinHasEmptiedOrThatHoldsNothing) {
  const TokenProfile& piv = called("piv");
  const Bytes marked(own_id_size, 7);
  EXPECT_EQ(piv.new_key_id({}, marked), Bytes{5}) << "never to 9a, whose key is in use";
  KeyIds ids{.in_use = {{1}, {5}, {6}, {8}, {}}, .emptied = {{6}}};
  EXPECT_EQ(piv.new_key_id(ids, marked), Bytes{6}) << "the card's slots are to last";
  ids.home = Bytes{1};
  EXPECT_EQ(piv.new_key_id(ids, marked), Bytes{1});
  ids.home.reset();
  ids.emptied.clear();
  EXPECT_EQ(piv.new_key_id(ids, marked), Bytes{7});
  ids.emptied = {{6}};
  ids.emptied.clear();
  for (std::uint8_t slot = 1; slot <= 23; ++slot) ids.in_use.push_back({slot});
  EXPECT_EQ(piv.new_key_id(ids, marked), Bytes{24});
  ids.emptied = {{6}};
  ids.in_use.push_back({24});
  EXPECT_EQ(piv.new_key_id(ids, marked), Bytes{6}) << "koshin's own, without its certificate";
  ids.emptied = {{1}};
  try {
    piv.new_key_id(ids, marked);
    ADD_FAILURE() << "no slot is free";
  } catch (const FailureError& error) {
    EXPECT_EQ(error.failure().reason, Reason::token_full);
  }
}

TEST(PivProfile, TheNumberOfASlotIsNobodysAlone) {
  for (std::uint8_t slot = 1; slot <= 24; ++slot) EXPECT_FALSE(called("piv").is_ours(Bytes{slot}));
}

TEST(PivProfile, ThePinHasSixToEightCharactersWhateverTheModuleClaims) {
  for (const PinLengths claimed : {PinLengths{6, 48}, PinLengths{0, 0}, PinLengths{4, 255}}) {
    EXPECT_EQ(users_objection("piv", claimed, "123456"), std::nullopt);
    EXPECT_EQ(users_objection("piv", claimed, "12345678"), std::nullopt);
    EXPECT_EQ(users_objection("piv", claimed, "12345"), Reason::pin_length_invalid);
    EXPECT_EQ(users_objection("piv", claimed, "123456789"), Reason::pin_length_invalid);
  }
  EXPECT_EQ(users_objection("piv", {6, 48}, ""), Reason::pin_required);
  EXPECT_EQ(users_objection("piv", {6, 48}, "123456", true), Reason::pin_locked);
}

TEST(PivProfile, WhatCannotBeAManagementKeyIsNotTried) {
  const std::string key(48, 'a');
  EXPECT_EQ(officers_objection("piv", key), std::nullopt);
  EXPECT_EQ(officers_objection("piv", std::string(32, '0')), std::nullopt);
  EXPECT_EQ(officers_objection("piv", std::string(64, 'F')), std::nullopt);
  EXPECT_EQ(officers_objection("piv", ""), Reason::so_pin_required);
  for (const std::string& other : {std::string("123456"), std::string(31, '0'), std::string(65, '0'),
                                   std::string(48, 'x'), std::string(47, 'a') + " "})
    EXPECT_EQ(officers_objection("piv", other), Reason::so_pin_incorrect) << other;
  EXPECT_EQ(officers_objection("piv", key, {.locked = true, .insists = true}), Reason::so_pin_incorrect);
  EXPECT_EQ(officers_objection("piv", key, {.final_try = true}), Reason::so_pin_incorrect);
  EXPECT_EQ(officers_objection("piv", key, {.final_try = true, .insists = true}), std::nullopt);
}

TEST(PivProfile, WhereTheManagementKeyComesFromIsTheCardsToSay) {
  using messages::ManagementKey;
  Settings settings;
  const auto secret = [&](ManagementKey key) { return called("piv").key_manager_secret(key, settings); };
  EXPECT_EQ(secret(ManagementKey::behind_pin), KeyManagerSecret::users_pin);
  EXPECT_EQ(secret(ManagementKey::derived), KeyManagerSecret::derived);
  for (const auto key : {ManagementKey::none, ManagementKey::unknown, ManagementKey::given,
                         ManagementKey::factory, ManagementKey::unusable})
    EXPECT_EQ(secret(key), KeyManagerSecret::given) << to_string(key);
  settings.token.factory_management_key = true;
  EXPECT_EQ(secret(ManagementKey::factory), KeyManagerSecret::factory);
  EXPECT_EQ(secret(ManagementKey::given), KeyManagerSecret::given);
}

TEST(PivProfile, WhoMayRenewWithThePinAlone) {
  using messages::ManagementKey;
  const Settings settings;
  const auto why = [&](const char* profile, ManagementKey key) -> std::optional<Reason> {
    messages::TokenReport token;
    token.management_key = key;
    const auto failure = called(profile).why_person_cannot_renew(token, settings);
    return failure ? std::optional(failure->reason) : std::nullopt;
  };
  EXPECT_EQ(why("generic", ManagementKey::none), std::nullopt);
  EXPECT_EQ(why("piv", ManagementKey::behind_pin), std::nullopt);
  EXPECT_EQ(why("piv", ManagementKey::derived), std::nullopt);
  EXPECT_EQ(why("piv", ManagementKey::given), Reason::so_pin_required);
  EXPECT_EQ(why("piv", ManagementKey::unknown), Reason::so_pin_required);
  EXPECT_EQ(why("piv", ManagementKey::unusable), Reason::management_key_unsupported);
}

TEST(TokenProfile, ACertificateThatHasIssuedItselfIsAPlaceholder) {
  const Bytes slot{5};
  for (const TokenProfile* profile : all_profiles()) {
    EXPECT_TRUE(profile->is_placeholder({slot, true, true})) << word(profile->name());
    EXPECT_FALSE(profile->is_placeholder({slot, false, true})) << word(profile->name());
  }
  EXPECT_TRUE(called("generic").is_placeholder({slot, true, false}));
  EXPECT_FALSE(called("piv").is_placeholder({slot, true, false})) << "a person's own, for a key in use";
}

}  // namespace
}  // namespace koshin::renewal
