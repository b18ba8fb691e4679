// SPDX-License-Identifier: MIT
// Objects that a call which was cut off has left before they had a class: what koshin may have begun goes,
// and what it has not begun hinders nothing.
#include <gmock/gmock.h>

#include <fstream>

#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using ::testing::SizeIs;

class HalfMade : public RenewalTest {
 protected:
  using Numbers = std::vector<std::uint64_t>;

  /// A file of SoftHSM's, of the numbers that it consists of: a generation, and for each attribute its type,
  /// the kind of its value and that value.
  void write_object(const std::string& name, const Numbers& numbers) {
    std::ofstream file(hsm.token_directory("demo") / (name + ".object"), std::ios::binary);
    for (const std::uint64_t number : numbers) {
      constexpr int bits = 64, byte = 8;
      for (int shift = bits - byte; shift >= 0; shift -= byte) file.put(static_cast<char>(number >> shift));
    }
  }
  /// As a kill within C_GenerateKeyPair or C_CreateObject leaves them: nothing yet, and CKA_KEY_TYPE alone.
  void leave_objects_without_class() {
    write_object("first", {1});
    write_object("second", {2, cka_key_type, number_kind, 3});
  }
  /// A private key of a type that this SoftHSM was not built for: it does not say its class either.
  void put_key_of_unknown_type() {
    write_object("third", {2, cka_class, number_kind, 3, cka_key_type, number_kind, 0x99});
  }
  std::size_t without_class() {
    return look([](auto& session) { return session.objects_without_class().size(); });
  }
  std::size_t all() {
    return look([](auto& session) {
      const auto list = session.list();
      return list.certificates.size() + list.others.size();
    });
  }

 private:
  static constexpr std::uint64_t cka_class = 0, cka_key_type = 0x100, number_kind = 2;
  template <class Look>
  std::size_t look(Look count) {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_only);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    return count(*session);
  }
};

constexpr std::size_t of_a_pair = 3;  // with its certificate

TEST_F(HalfMade, WhatNobodyWasMakingHereStaysAndHindersNothing) {
  provision_token();
  leave_objects_without_class();
  put_key_of_unknown_type();
  EXPECT_EQ(without_class(), 2U);
  protect_objects();
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(without_class(), 2U);
  EXPECT_EQ(all(), 2 * of_a_pair + 3);
}

TEST_F(HalfMade, WhereAPairWasBeingMadeItGoesAndTheKeyThatHasAClassStays) {
  provision_token();
  stop_after(1);
  leave_objects_without_class();
  put_key_of_unknown_type();
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(without_class(), 0U);
  EXPECT_EQ(all(), 2 * of_a_pair + 1);
}

TEST_F(HalfMade, WhereARenewalIsGivenUpWhosePairWasBeingMadeItGoesToo) {
  provision_token();
  stop_after(1);
  leave_objects_without_class();
  put_key_of_unknown_type();
  run(JobKind::cancel);
  EXPECT_EQ(without_class(), 0U);
  EXPECT_EQ(all(), of_a_pair + 1);
  EXPECT_THAT(journal()->all_unfinished(), SizeIs(0));
}

}  // namespace
}  // namespace koshin::test
