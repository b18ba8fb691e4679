// SPDX-License-Identifier: MIT
// Killed at every journal entry, before and after it is durable, and what else an earlier run or another
// program may have left: the next run comes to the same end, with one key pair and one certificate.
#include <gmock/gmock.h>

#include "pkcs11/session.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using pkcs11::KeyAlgorithm;
using pkcs11::ObjectClass;
using renewal::Record;
using renewal::State;
using ::testing::Contains;

using Kill = std::pair<DyingJournal::When, int>;

class KilledAt : public RenewalTest, public ::testing::WithParamInterface<Kill> {};

TEST_P(KilledAt, TheNextRunComesToTheSameEnd) {
  const Bytes old = provision_token();
  std::tie(die_when, die_at) = GetParam();
  ASSERT_EQ(renew().name(), "killed");
  const std::size_t keys_left = contents().private_keys.size();
  const auto left = unfinished();
  die_when = DyingJournal::When::never;
  const Ending again = renew();
  ASSERT_EQ(again.name(), "completed") << again.failure.value_or(Failure{}).detail;
  expect_renewed(old);
  ASSERT_TRUE(keys_left == 1 || left.has_value()) << "a key that no journal entry announced";
  if (!left) return;
  EXPECT_EQ(journal()->history(1).front().key_id, left->key_id)
      << "the pair that was begun is the one in use";
}

std::vector<Kill> every_save() {
  std::vector<Kill> all;
  for (int save = 1; save <= 6; ++save) {  // planned, generated, requested, issued, written, completed
    all.emplace_back(DyingJournal::When::before, save);
    if (save < 6) all.emplace_back(DyingJournal::When::after, save);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Saves, KilledAt, ::testing::ValuesIn(every_save()), [](const auto& test) {
  return (test.param.first == DyingJournal::When::before ? "before_" : "after_") +
         std::to_string(test.param.second);
});

class Resuming : public RenewalTest {
 protected:
  /// Runs until right after that many journal entries.
  void stop_after(int saves) {
    die_when = DyingJournal::When::after;
    die_at = saves;
    ASSERT_EQ(renew().name(), "killed");
    die_when = DyingJournal::When::never;
  }
  void with_session(const std::function<void(pkcs11::Session&)>& action) {
    const auto module = pkcs11::Module::load(SoftHsm::module());
    const auto session = pkcs11::Session::open(module, slot_of("demo"), pkcs11::Access::read_write);
    session->login(pkcs11::User::user, hsm.pin("demo"));
    action(*session);
  }
  void destroy_new(ObjectClass wanted, const Bytes& id) {
    with_session([&](pkcs11::Session& session) {
      for (const auto& object : session.objects_with_id(id)) {
        if (object.object_class == wanted) session.destroy(object);
      }
    });
  }
};

TEST_F(Resuming, ARenewalWritesSixEntries) {
  provision_token();
  EXPECT_EQ(renew().saves, 6) << "KilledAt covers as many";
}

TEST_F(Resuming, APublicHalfAloneUnderOurIdIsReplaced) {
  const Bytes old = provision_token();
  stop_after(1);
  const Bytes id = unfinished()->key_id;
  with_session([&](pkcs11::Session& session) {
    const auto pair = session.generate_key_pair(KeyAlgorithm::ec_p256, id, "cut off");
    session.destroy(pair.private_key);
  });
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_EQ(journal()->history(1).front().key_id, id);
}

TEST_F(Resuming, APrivateHalfAloneUnderOurIdIsReplaced) {
  const Bytes old = provision_token();
  stop_after(1);
  const Bytes id = unfinished()->key_id;
  with_session([&](pkcs11::Session& session) {
    const auto pair = session.generate_key_pair(KeyAlgorithm::ec_p256, id, "cut off");
    session.destroy(pair.public_key);
  });
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Resuming, ACompletePairUnderThePlannedIdIsAdopted) {
  const Bytes old = provision_token();
  stop_after(1);
  const Bytes id = unfinished()->key_id;
  Bytes public_key;
  with_session([&](pkcs11::Session& session) {
    public_key = session.generate_key_pair(KeyAlgorithm::ec_p256, id, "made before the journal knew")
                     .public_key.public_key;
  });
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_EQ(journal()->history(1).front().public_key, public_key);
}

TEST_F(Resuming, ACertificateThatWasWrittenBeforeTheKillIsFound) {
  const Bytes old = provision_token();
  stop_after(4);  // issued
  const Record record = *unfinished();
  with_session([&](pkcs11::Session& session) {
    session.write_certificate(record.certificate, record.key_id, "early");
  });
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_EQ(bank.issued(), 1U);
}

TEST_F(Resuming, ACopyUnderAnotherIdHidesNothing) {
  const Bytes old = provision_token();
  stop_after(4);  // issued
  const Record record = *unfinished();
  with_session([&](pkcs11::Session& session) {
    session.write_certificate(record.certificate, Bytes{7}, "another program's copy");
    session.write_certificate(record.certificate, record.key_id, "early");
    session.write_certificate(record.certificate, Bytes{8}, "another program's copy");
  });
  ASSERT_EQ(renew().name(), "completed");
  EXPECT_EQ(contents().certificates.size(), 4U) << "the old one, the new one and its copies";
}

TEST_F(Resuming, ACertificateThatIsGoneAgainIsWrittenAgain) {
  const Bytes old = provision_token();
  stop_after(5);  // written
  destroy_new(ObjectClass::certificate, unfinished()->key_id);
  const Ending again = renew();
  ASSERT_EQ(again.name(), "completed") << again.failure.value_or(Failure{}).detail;
  EXPECT_THAT(again.steps(), Contains("write"));
  expect_renewed(old);
}

TEST_F(Resuming, AKeyThatIsGoneMeansStartingAnew) {
  const Bytes old = provision_token();
  stop_after(3);  // requested
  const Bytes lost = unfinished()->key_id;
  destroy_new(ObjectClass::private_key, lost);
  destroy_new(ObjectClass::public_key, lost);
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
  EXPECT_NE(journal()->history(1).front().key_id, lost);
  EXPECT_EQ(journal()->history(2).back().state, State::abandoned);
}

TEST_F(Resuming, AJournalThatKnowsMoreThanTheTokenIsNoObstacle) {
  const Bytes old = provision_token();
  stop_after(4);  // issued
  const Bytes lost = unfinished()->key_id;
  destroy_new(ObjectClass::private_key, lost);
  destroy_new(ObjectClass::public_key, lost);
  // The certificate of the lost key cannot be had again; the bank has counted it, and issues another.
  ASSERT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

TEST_F(Resuming, ACertificateRenewedElsewhereGivesUpTheRecord) {
  provision_token();
  stop_after(3);
  with_session([&](pkcs11::Session& session) {
    const auto pair = session.generate_key_pair(KeyAlgorithm::ec_p256, Bytes{7}, "another program's");
    session.write_certificate(bank.issue(pair.public_key.public_key, default_user, 365), Bytes{7},
                              "another program's");
  });
  EXPECT_EQ(renew().name(), "not_due");
  EXPECT_EQ(unfinished(), std::nullopt);
  EXPECT_EQ(journal()->history(1).front().state, State::abandoned);
}

TEST_F(Resuming, AnExpiredOldCertificateKeepsTheKeyForTheReissue) {
  provision_token();
  stop_after(3);
  const Bytes id = unfinished()->key_id;
  clock_offset = std::chrono::hours{24 * 13};
  EXPECT_EQ(renew().name(), "clock_wrong") << "as long as the authority says so";
  const std::string url = std::exchange(settings.authority.url, "https://localhost:1");
  EXPECT_EQ(renew().name(), "reissue_needed");
  settings.authority.url = url;
  EXPECT_NE(unfinished(), std::nullopt);
  reissue_code = bank.reissue_code(default_user);
  const Ending enrolled = run(JobKind::enroll);
  ASSERT_EQ(enrolled.name(), "completed") << enrolled.failure.value_or(Failure{}).detail;
  EXPECT_EQ(journal()->history(1).front().key_id, id);
  EXPECT_EQ(contents().private_keys.size(), 2U);
}

TEST_F(Resuming, AnIssuedCertificateIsWrittenThoughTheOldOneHasExpired) {
  const Bytes old = provision_token();
  stop_after(4);
  clock_offset = std::chrono::hours{24 * 13};
  EXPECT_EQ(renew().name(), "completed");
  expect_renewed(old);
}

class LostAnswer : public RenewalTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(LostAnswer, IsAskedForAgainWithTheSameRequest) {
  const Bytes old = provision_token();
  bank.set(GetParam(), "always");  // once would be made good inside the job
  const Ending lost = renew();
  ASSERT_TRUE(lost.failure.has_value());
  EXPECT_EQ(lost.failure->retry(), Retry::later) << lost.name();
  ASSERT_EQ(unfinished()->state, State::requested);
  ASSERT_TRUE(unfinished()->last_failure.has_value());
  EXPECT_EQ(unfinished()->last_failure->reason, lost.failure->reason);
  const Bytes request = unfinished()->request;
  bank.set(GetParam(), "0");
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(journal()->history(1).front().request, request);
  EXPECT_EQ(bank.issued(), 1U);
  expect_renewed(old);
}

INSTANTIATE_TEST_SUITE_P(Bank, LostAnswer,
                         ::testing::Values("drop_before_issue", "drop_after_issue", "truncate"),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(Resuming, ADryRunDoesNotTouchWhatIsUnfinished) {
  provision_token();
  stop_after(2);
  const Record before = *unfinished();
  EXPECT_EQ(run(JobKind::renew, [&](auto& job) { job.dry_run = true; }).name(), "dry_run");
  EXPECT_EQ(unfinished()->state, before.state);
  EXPECT_EQ(unfinished()->changed, before.changed);
}

TEST_F(Resuming, TheSameKeyIsCertifiedOnceOverAKill) {
  provision_token();
  settings.renewal.key = "renew";
  for (int saves = 1; saves <= 5; ++saves) {
    die_when = DyingJournal::When::after;
    die_at = 1;
    ASSERT_EQ(renew().name(), "killed");
  }
  die_when = DyingJournal::When::never;
  ASSERT_EQ(renew().name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(contents().certificates.size(), 2U);
}

}  // namespace
}  // namespace koshin::test
