// SPDX-License-Identifier: MIT
// Which hooks run for which certificates, and what they are told of these.
#include "hooks/due_hooks.hpp"

#include <gmock/gmock.h>

#include "enrollment/pki.hpp"
#include "hooks/hook_run.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::hooks {
namespace {

using enrollment::Certificate;
using enrollment::test::test_now;
using renewal::State;
using std::chrono::days;
using std::chrono::hours;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class DueHooks : public testing::Test {
 protected:
  Certificate certificate() const {
    return issuer_.issue(enrollment::test::user_spec(enrollment::test::make_ec_key().get(), test_now()));
  }
  /// Saves a record of `one` that was changed so long before test_now().
  renewal::Record save(const Certificate& one, std::chrono::seconds ago, State state = State::completed,
                       const std::string& renews = {}) const {
    renewal::Record record;
    record.token = {"maker", "model", "serial"};
    record.token_label = "label";
    record.old_sha256 = renews;
    record.state = state;
    record.key_id = record.public_key = record.request = {1};
    record.certificate = one.der();
    record.started = record.changed = test_now() - ago;
    journal_->save(record);
    return record;
  }
  std::vector<std::string> found() const {
    std::vector<std::string> names;
    for (const NewCertificate& one : new_certificates(*journal_, test_now())) names.push_back(one.sha256);
    return names;
  }

  test::TemporaryDirectory directory_;
  std::unique_ptr<renewal::Journal> journal_ =
      renewal::Journal::open(directory_.path() / "journal.sqlite", test_now);
  enrollment::test::Issuer issuer_ = enrollment::test::Issuer::make_root("root", test_now());
};

TEST_F(DueHooks, AreOfCertificatesThatWereCompletedWithinAWeekOldestFirst) {
  const Certificate older = certificate(), newer = certificate();
  save(certificate(), days{7} + hours{1});
  save(older, days{7} - hours{1});
  save(newer, hours{1});
  EXPECT_THAT(found(), ElementsAre(older.sha256(), newer.sha256()));
}

TEST_F(DueHooks, AreNotOfWhatIsUnfinishedGivenUpOrUnreadable) {
  for (const State state : {State::written, State::abandoned}) save(certificate(), hours{1}, state);
  renewal::Record broken;
  broken.token = {"maker", "model", "serial"};
  broken.state = State::completed;
  broken.key_id = broken.public_key = broken.request = {1};
  broken.certificate = {1, 2, 3};
  broken.started = broken.changed = test_now();
  journal_->save(broken);
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DueHooks, AreNotOfTheFirstLegOfACardOnceTheSecondIsDone) {
  const Certificate first = certificate(), second = certificate();
  save(first, hours{2});
  EXPECT_THAT(found(), ElementsAre(first.sha256()));
  save(second, hours{1}, State::completed, first.sha256());
  EXPECT_THAT(found(), ElementsAre(second.sha256()));
}

TEST_F(DueHooks, RunUntilTheyHaveEndedWellAndThreeTimesAtMost) {
  HookProgress fails(*journal_, "aa", "fails"), works(*journal_, "aa", "works");
  for (int attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_EQ(fails.next_attempt(), attempt);
    fails.begin(attempt, test_now());
  }
  EXPECT_EQ(fails.next_attempt(), 0);
  works.begin(1, test_now());
  EXPECT_EQ(works.next_attempt(), 2) << "cut off, it is tried again";
  works.finish(test_now());
  EXPECT_EQ(works.next_attempt(), 0);
  EXPECT_EQ(HookProgress(*journal_, "bb", "works").next_attempt(), 1) << "another certificate";
  EXPECT_FALSE(journal_->mailed("aa", "due")) << "a mail is another thing";
}

TEST_F(DueHooks, AreToldTheFactsWithoutControlCharacters) {
  const Certificate one = certificate();
  renewal::Record record = save(one, hours{1});
  record.token_label = "a\nLD_PRELOAD=/x\033[31m";
  record.bank = "sakura";
  const auto environment = hook_environment({record, one, one.sha256()});
  EXPECT_THAT(environment, Contains("KOSHIN_EVENT=renewed"));
  EXPECT_THAT(environment, Contains("KOSHIN_BANK=sakura"));
  EXPECT_THAT(environment, Contains("KOSHIN_TOKEN_SERIAL=serial"));
  EXPECT_THAT(environment, Contains("KOSHIN_SERIAL=" + one.serial()));
  EXPECT_THAT(environment, Contains("KOSHIN_SUBJECT=" + one.subject()));
  EXPECT_THAT(environment, Contains("KOSHIN_NOT_AFTER=" + to_rfc3339(one.not_after())));
  for (const std::string& variable : environment)
    for (const char c : variable) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << variable;
  record.enrollment = true;
  EXPECT_THAT(hook_environment({record, one, one.sha256()}), Contains("KOSHIN_EVENT=enrolled"));
}

}  // namespace
}  // namespace koshin::hooks
