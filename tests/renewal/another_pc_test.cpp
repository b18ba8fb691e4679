// SPDX-License-Identifier: MIT
// A renewal that one computer has begun and another one goes on with: all that the second one knows is on the
// token.
#include <gmock/gmock.h>

#include "pkcs11/session.hpp"
#include "renewal/token/marks.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using pkcs11::KeyAlgorithm;
using renewal::Record;
using renewal::State;

class AnotherPc : public RenewalTest {
 protected:
  /// The journal of this computer goes out of sight, and that of the other one comes: empty at first.
  void change_computers() {
    namespace fs = std::filesystem;
    const fs::path here = directory.path() / "journal.sqlite", there = directory.path() / "other.sqlite",
                   between = directory.path() / "between.sqlite";
    for (const auto& [from, to] : {std::pair{here, between}, {there, here}, {between, there}}) {
      for (const char* companion : {"", "-wal", "-shm"}) {
        fs::path source = from, target = to;
        std::error_code not_there;
        fs::rename(source += companion, target += companion, not_there);
      }
    }
  }
  void with_session(const std::function<void(pkcs11::Session&)>& action) {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    action(*session);
  }
  renewal::LineageMark mark_of(const Bytes& certificate) {
    return renewal::lineage_mark(enrollment::Certificate::from_der(certificate));
  }
};

class KilledHere : public AnotherPc, public ::testing::WithParamInterface<int> {};

TEST_P(KilledHere, IsFinishedThereWithTheSamePairAndLeftAloneHere) {
  const Bytes old = provision_token();
  stop_after(GetParam());
  change_computers();
  const Ending there = renew();
  EXPECT_EQ(there.name(), "completed") << there.failure.value_or(Failure{}).detail;
  change_computers();
  const Ending here = renew();
  EXPECT_EQ(here.name(), "completed")
      << "the certificate that is on the token logs in: " << here.failure.value_or(Failure{}).detail;
  expect_renewed(old);
  EXPECT_LE(bank.issued(), 1U);
  EXPECT_EQ(renew().name(), "not_due");
}

INSTANTIATE_TEST_SUITE_P(After, KilledHere, ::testing::Values(2, 3, 4, 5));

TEST_F(AnotherPc, APairThatWasOnlyPlannedHereIsMadeOnceOnly) {
  const Bytes old = provision_token();
  stop_after(1);  // planned; no pair yet
  change_computers();
  stop_after(2);
  change_computers();
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
  change_computers();
  EXPECT_EQ(renew().name(), "completed") << "it proves what the other one has written";
  expect_renewed(old);
}

TEST_F(AnotherPc, E17_APairThatIsCertifiedOnceIsReplacedThere) {
  const Bytes old = provision_token();
  bank.set("repeat_key", "forbidden");
  bank.set("garbage", "1");
  EXPECT_EQ(renew().name(), "authority_response_invalid");
  change_computers();
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
  change_computers();
  EXPECT_EQ(renew().name(), "completed")
      << "its own record is given up, and what the other one wrote is tried";
  expect_renewed(old);
  EXPECT_EQ(renew().name(), "not_due");
}

TEST_F(AnotherPc, ACertificateThatIsInUseElsewhereIsTriedHereOnceAndWhatWasLeftGoes) {
  const Bytes old = provision_token();
  ASSERT_EQ(renew().name(), "completed");
  with_session([&](pkcs11::Session& session) {
    session.generate_key_pair(KeyAlgorithm::ec_p256, renewal::make_marked_id(mark_of(old)),
                              "left by a third one");
  });
  change_computers();
  EXPECT_EQ(run(JobKind::renew, [](auto& job) { job.dry_run = true; }).name(), "not_due");
  const Ending ending = renew();
  EXPECT_EQ(ending.name(), "completed");
  EXPECT_THAT(ending.notices(), ::testing::Contains("written_elsewhere"));
  expect_renewed(old);
  EXPECT_EQ(renew().name(), "not_due");
  EXPECT_EQ(bank.issued(), 1U);
}

TEST_F(AnotherPc, TwoUsersOnOneTokenDoNotTakeEachOthersPair) {
  const Bytes other = provision_token(KeyAlgorithm::ec_p256, 20, "12345678901234 user0002");
  const Bytes first = provision_token(KeyAlgorithm::ec_p256, 10);
  stop_after(3);
  const Bytes pair = unfinished()->key_id;
  EXPECT_TRUE(renewal::is_marked_for(pair, mark_of(first)));
  change_computers();
  const Ending ending = run(JobKind::renew, [&](auto& job) {
    job.certificate_sha256 = enrollment::Certificate::from_der(other).sha256();
  });
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_NE(journal()->history(1).front().key_id, pair);
  EXPECT_EQ(contents().private_keys.size(), 4U) << "the unfinished pair of the other user is still there";
  change_computers();
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(journal()->history(1).front().key_id, pair);
}

TEST_F(AnotherPc, HalfPairsOfOursAreCleared) {
  const Bytes old = provision_token();
  const auto mark = mark_of(old);
  with_session([&](pkcs11::Session& session) {
    const auto no_private =
        session.generate_key_pair(KeyAlgorithm::ec_p256, renewal::make_marked_id(mark), "x");
    session.destroy(no_private.private_key);
    const auto no_public =
        session.generate_key_pair(KeyAlgorithm::ec_p256, renewal::make_marked_id(mark), "x");
    session.destroy(no_public.public_key);
    const auto no_id =
        session.generate_key_pair(KeyAlgorithm::ec_p256, {}, renewal::marked_label("user 2026-01-01", mark));
    session.destroy(no_id.private_key);
  });
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(AnotherPc, HalvesOfOthersStay) {
  const Bytes old = provision_token();
  with_session([&](pkcs11::Session& session) {
    const auto theirs = session.generate_key_pair(KeyAlgorithm::ec_p256, Bytes(20, 7), "theirs");
    session.destroy(theirs.private_key);
    const auto nameless = session.generate_key_pair(KeyAlgorithm::ec_p256, {}, "theirs");
    session.destroy(nameless.private_key);
  });
  protect_objects();
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(contents().public_keys.size(), 4U);
}

TEST_F(AnotherPc, AKeyWithoutAnyNameIsSomebodysAndStaysThoughAPairWasCutOff) {
  const Bytes old = provision_token();
  with_session([&](pkcs11::Session& session) {
    const auto nameless = session.generate_key_pair(KeyAlgorithm::ec_p256, {}, "");
    session.destroy(nameless.public_key);
    const auto half =
        session.generate_key_pair(KeyAlgorithm::ec_p256, renewal::make_marked_id(mark_of(old)), "x");
    session.destroy(half.private_key);
    EXPECT_FALSE(session.is_blank(nameless.private_key));
    EXPECT_FALSE(session.is_blank(half.public_key));
  });
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), 3U);
  EXPECT_EQ(contents().public_keys.size(), 2U);
}

TEST_F(AnotherPc, AMarkedPairOfAnotherKeyTypeIsNotTakenUpAndGoesInTheEnd) {
  const Bytes old = provision_token();
  with_session([&](pkcs11::Session& session) {
    session.generate_key_pair(KeyAlgorithm::ec_p384, renewal::make_marked_id(mark_of(old)), "x");
  });
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(AnotherPc, AMarkOnAKeyThatIsInUseMakesItNobodysPrey) {
  const Bytes old = provision_token();
  const Bytes id = renewal::make_marked_id(mark_of(old));
  with_session([&](pkcs11::Session& session) {
    const auto pair = session.generate_key_pair(KeyAlgorithm::ec_p256, id, "x");
    session.write_certificate(bank.issue(pair.public_key.public_key, "somebody else", 3), Bytes{9},
                              "elsewhere");
    session.destroy(pair.public_key);
  });
  protect_objects();
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(AnotherPc, TokensThatShareASerialNumberKeepTheirRecordsApart) {
  const Bytes old = provision_token();
  stop_after(3);
  Record record = *unfinished();
  // The record is of another token, which has the same manufacturer, model and serial number.
  {
    auto book = journal();
    record.state = State::abandoned;
    book->save(record);
    Record strange = record;
    strange.number = 0;
    strange.state = State::requested;
    strange.token_label = "another token";
    strange.old_sha256 = std::string(64, 'a');
    strange.key_id = Bytes(20, 9);
    strange.public_key = Bytes(91, 1);
    book->save(strange);
  }
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), 2U);
  ASSERT_TRUE(unfinished().has_value());
  EXPECT_EQ(unfinished()->token_label, "another token") << "it is that token's, and waits for it";
}

TEST_F(AnotherPc, EvenThoseThatShareTheirLabelToo) {
  const Bytes old = provision_token();
  stop_after(3);
  Record record = *unfinished();
  {
    auto book = journal();
    record.state = State::abandoned;
    book->save(record);
    Record twins = record;
    twins.number = 0;
    twins.state = State::issued;
    twins.old_sha256 = std::string(64, 'a');
    twins.key_id = Bytes(20, 9);
    twins.public_key = Bytes(91, 1);
    twins.certificate = old;
    twins.new_not_after = *parse_rfc3339("2099-01-01T00:00:00Z");
    twins.certificate.back() ^= 1;
    book->save(twins);
  }
  EXPECT_EQ(renew().name(), "completed");
  ASSERT_TRUE(unfinished().has_value());
  EXPECT_EQ(unfinished()->state, State::issued) << "the other token's certificate is in this journal alone";
  EXPECT_EQ(unfinished()->key_id, Bytes(20, 9));
}

}  // namespace
}  // namespace koshin::test
