// SPDX-License-Identifier: MIT
// What the last screen says of the system's store of certificates.
#include <algorithm>

#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

class WizardStoreTest : public WizardTest {
 protected:
  const std::string renewed_ = std::string(64, 'b');

  void renew() {
    to_start();
    execute();
    wizard.on_event(result());
  }
  /// Whether a note of the screen has that line.
  bool says(std::string_view key) const {
    for (const Block& block : wizard.model().content)
      if (const auto* note = std::get_if<Note>(&block))
        for (const Note::Line& line : note->lines)
          if (const auto* said = std::get_if<Words>(&line.text); said != nullptr && said->key == key)
            return true;
    return false;
  }
};

TEST_F(WizardStoreTest, CompletedSaysWhetherTheStoreHasTheNewCertificate) {
  renew();
  EXPECT_FALSE(says("completed.store_looking")) << "where there is no such store nothing is said";
  wizard.store_is_asked(renewed_);
  EXPECT_TRUE(says("completed.store_looking"));
  wizard.store_has_told(renewed_, renewal::StoreFinding{});
  EXPECT_TRUE(says("completed.store_lacks_it"));
  EXPECT_FALSE(says("completed.store_looking"));
  EXPECT_FALSE(says("completed.store_expired_twin"));
  StoredCertificate expired;
  expired.serial = "0A";
  wizard.store_has_told(renewed_, renewal::StoreFinding{true, expired});
  EXPECT_TRUE(says("completed.store_has_it"));
  EXPECT_TRUE(says("completed.store_expired_twin"));
  EXPECT_FALSE(says("completed.store_lacks_it"));
}

TEST_F(WizardStoreTest, OfSeveralTheOneThatIsMissingIsSpokenOf) {
  renew();
  wizard.store_is_asked(renewed_);
  wizard.store_is_asked("another");
  wizard.store_has_told(renewed_, renewal::StoreFinding{});
  EXPECT_TRUE(says("completed.store_looking"));
  wizard.store_has_told("another", renewal::StoreFinding{true, {}});
  EXPECT_TRUE(says("completed.store_lacks_it"));
  EXPECT_FALSE(says("completed.store_has_it"));
}

TEST_F(WizardStoreTest, AStoreThatCannotBeReadIsNotSpokenOfAndAnAnswerToNoQuestionIsDropped) {
  renew();
  wizard.store_is_asked(renewed_);
  wizard.store_has_told(std::string(64, 'c'), renewal::StoreFinding{true, {}});
  EXPECT_TRUE(says("completed.store_looking"));
  wizard.store_has_told(renewed_, std::nullopt);
  EXPECT_THAT(wizard.model().store, testing::IsEmpty());
  EXPECT_FALSE(says("completed.store_looking"));
  EXPECT_EQ(screen(), Screen::completed);
}

}  // namespace
}  // namespace koshin::ui
