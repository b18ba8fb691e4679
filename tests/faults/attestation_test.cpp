// SPDX-License-Identifier: MIT
// Attestation certificates that somebody has written to a token: whose word they are there, and that the
// reading of one breaks nothing.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <p11-kit/pkcs11.h>

#include <memory>

#include "cards/piv_attestation.hpp"
#include "cards/piv_crypto.hpp"
#include "enrollment/x509/certificate.hpp"
#include "faults/objects.hpp"
#include "faults/piv_trial.hpp"
#include "renewal/token/marks.hpp"
#include "support/raw_objects.hpp"

namespace koshin::faults {
namespace {

using test::Bytes;

/// A key made elsewhere, and the two certificates by which a YubiKey would say that it was made on it.
struct Forgery {
  cards::KeySlot key{cards::Algorithm::ec_p256, cards::PinPolicy::once,
                     cards::generate_key(cards::Algorithm::ec_p256)};
  Bytes attestation, authority;

  Forgery() {
    cards::CardState state;
    cards::make_attesting(state);
    attestation = cards::attestation_of(state, key, "82");
    const auto der = cards::find_tlv(state.objects.at(cards::attestation_object), 0x70).value();
    authority.assign(der.begin(), der.end());
  }
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> private_key() const {
    const unsigned char* cursor = key.private_key.data();
    const auto size = static_cast<long>(key.private_key.size());
    return {d2i_AutoPrivateKey(nullptr, &cursor, size), &EVP_PKEY_free};
  }
};

/// On a token on which the PIN alone imports keys and writes certificates.
TEST(Attestation, that_a_program_has_written_beside_its_own_key_does_not_make_it_ours) {
  Stage stage;
  Trial trial(stage);
  const auto old_certificate = enrollment::Certificate::from_der(stage.certificate());
  const Bytes id = renewal::make_marked_id(renewal::lineage_mark(old_certificate));
  const Forgery forged;
  {
    const auto key = forged.private_key();
    ASSERT_NE(key, nullptr);
    test::RawObjects token(Stage::token_label, test::SoftHsm::default_pin);
    token.add_private_key(key.get(), id);
    token.add_public_key(key.get(), id);
    token.add_certificate(forged.attestation, {.id = id, .label = "attestation"});
    token.add_certificate(forged.authority, {.id = {0xF9}, .label = "authority"});
  }
  const auto run = trial.renew();
  const auto* renewed = std::get_if<messages::RenewResult>(&run.last);
  ASSERT_NE(renewed, nullptr) << to_json(run.last);
  EXPECT_NE(renewed->new_certificate.key_id, to_hex(id));
  EXPECT_EQ(run.calls.calls("C_GenerateKeyPair"), 1U) << "a key of the token's own";
}

/// The journal has planned a slot, the management key was wrong, and a key was made there before the next run
/// of which the module shows the attestation alone.
TEST(Attestation, of_a_key_that_was_made_in_a_planned_slot_keeps_the_slot) {
  Stage stage;
  Trial trial(stage, "token.profile = \"piv\"\nrenewal.home_slot = \"never\"\n");
  std::string wrong(management_key);
  wrong.back() = '9';
  trial.act_as_officer_with(wrong);
  ASSERT_EQ(trial.renew(on_piv_card()).failure(), Reason::so_pin_incorrect);
  const Bytes first_spare{5};
  const Forgery made;
  {
    const auto session = session_beneath();
    session->write_certificate(made.attestation, first_spare, "attestation");
    session->write_certificate(made.authority, Bytes{25}, "authority");
  }
  trial.act_as_officer_with(management_key);
  const auto run = trial.renew(on_piv_card());
  const auto* renewed = std::get_if<messages::RenewResult>(&run.last);
  ASSERT_NE(renewed, nullptr) << to_json(run.last);
  EXPECT_EQ(renewed->new_certificate.key_id, "06");
}

/// The new key is in the journal by then, and the renewal goes on without knowing its policies.
TEST(Attestation, that_cannot_be_read_of_the_new_key_does_not_end_the_renewal) {
  Stage stage;
  const Forgery of_another_slot;
  const auto renew = [&](const Plan& plan) {
    Trial trial(stage, "token.profile = \"piv\"\nrenewal.home_slot = \"never\"\n");
    trial.act_as_officer_with(management_key);
    {
      const auto session = session_beneath();
      session->write_certificate(of_another_slot.attestation, Bytes{3}, "attestation");
      session->write_certificate(of_another_slot.authority, Bytes{25}, "authority");
    }
    return trial.renew(on_piv_card(plan));
  };
  const auto undisturbed = renew({});
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(undisturbed.last)) << to_json(undisturbed.last);
  unsigned reading = 0;
  for (unsigned number = 1; number <= undisturbed.calls.calls(); ++number)
    if (undisturbed.calls.name(number) == "C_GenerateKeyPair") reading = number;
  ASSERT_NE(reading, 0U);
  while (reading <= undisturbed.calls.calls() && undisturbed.calls.name(reading) != "C_FindObjectsInit")
    ++reading;
  Plan plan;
  plan.at = reading;
  plan.action = Action::error;
  plan.rv = CKR_GENERAL_ERROR;
  const auto run = renew(plan);
  EXPECT_TRUE(run.calls.struck());
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
}

}  // namespace
}  // namespace koshin::faults
