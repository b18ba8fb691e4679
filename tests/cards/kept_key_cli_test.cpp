// SPDX-License-Identifier: MIT
// What the command line says of the old certificate of a PIV card's kept key, cut and refused where it is
// overwritten, by real ykcs11.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/program_run.hpp"
#include "kept_key_fixture.hpp"
#include "piv_crypto.hpp"
#include "support/environment.hpp"

namespace koshin::cards {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class KeptKeyAtTheTerminal : public KeptKeyTest {
 protected:
  test::RunResult koshin(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.end(), {"--settings", stage->settings().string()});
    return test::run_koshin(arguments, input);
  }
  test::RunResult renew() {
    return koshin({"renew", "--pin-stdin", "--so-pin-stdin"},
                  std::string(card_pin) + "\n" + management_key_in_hexadecimal() + "\n");
  }
  Json unfinished() {
    const auto status = koshin({"status", "--json"});
    const Json all = Json::parse(status.out)["unfinished"];
    return all.empty() ? Json(nullptr) : all[0];
  }
  Json cancelled() { return Json::parse(koshin({"cancel", "--yes", "--json"}).out); }
  /// The certificate is overwritten by one that has logged in; the card is pulled before it is read back.
  test::RunResult cut_after_writing() {
    EXPECT_EQ(renew().exit_code, 0);
    stage->start_over_to_fail_at_last_writing(keeping, Fault::Kind::answer_lost);
    auto cut = renew();
    EXPECT_FALSE(stage->old_pair_is_there());
    return cut;
  }

  static constexpr const char* kept = "This computer keeps a copy";
  static constexpr const char* there = "it is still there";
};

TEST_F(KeptKeyAtTheTerminal, what_was_read_is_said_and_giving_up_leaves_it) {
  bank_takes(false);
  const auto refused = renew();
  EXPECT_EQ(refused.exit_code, info(Reason::proof_failed).exit_code) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr(there));
  EXPECT_THAT(refused.err, Not(HasSubstr(kept)));
  const Json record = unfinished();
  EXPECT_EQ(record["old_stands"], "kept_in_journal") << "status looks at no token: " << record;
  EXPECT_THAT(record["last_failure"]["detail"].get<std::string>(),
              HasSubstr("the old certificate is on the token"))
      << "the journal has what the person was told";
  const Json given_up = cancelled();
  EXPECT_EQ(given_up["old_stands"], "seen_on_token") << given_up;
  EXPECT_TRUE(stage->old_pair_is_there());
}

TEST_F(KeptKeyAtTheTerminal, what_nobody_has_read_after_the_writing_is_not_said_to_be_there) {
  const auto cut = cut_after_writing();
  EXPECT_EQ(cut.exit_code, info(Reason::token_removed).exit_code) << cut.err;
  EXPECT_THAT(cut.err, HasSubstr(kept));
  EXPECT_THAT(cut.err, Not(HasSubstr(there)));
  EXPECT_EQ(unfinished()["old_stands"], "kept_in_journal");
  const auto status = koshin({"status"});
  EXPECT_THAT(status.out, HasSubstr(kept));
  const auto japanese = koshin({"status", "--language", "ja"});
  EXPECT_THAT(japanese.out, HasSubstr("このパソコンに控えがあり"));
}

TEST_F(KeptKeyAtTheTerminal, a_new_certificate_in_its_place_is_told) {
  cut_after_writing();
  stage->plug();
  stage->bank().set("login.status", "1*503:not now");
  const auto unanswered = renew();
  EXPECT_NE(unanswered.exit_code, 0) << unanswered.out;
  EXPECT_THAT(unanswered.err, HasSubstr("has taken the place of the present one"));
  EXPECT_EQ(unfinished()["old_stands"], "replaced");
  const auto given_up = koshin({"cancel", "--yes"});
  EXPECT_EQ(given_up.exit_code, 0) << given_up.err;
  EXPECT_THAT(given_up.out, HasSubstr("has taken the place of the present one"));
  EXPECT_THAT(given_up.out, Not(HasSubstr("stay as they are")));
}

/// Another program has written its own certificate over both: there is nothing to be written back to, and
/// giving up ends the promise to do so.
TEST_F(KeptKeyAtTheTerminal, giving_up_does_not_promise_to_write_the_old_one_back) {
  cut_after_writing();
  const auto& key = stage->first_state().keys.at(authentication_slot);
  const Bytes theirs = stage->bank().issue(public_key_info(key.private_key), test::default_user, 365, 0);
  stage->change([&](CardState& state) {
    state.objects[certificate_object_of(authentication_slot)] = certificate_object(theirs);
  });
  stage->plug();
  ASSERT_EQ(unfinished()["old_stands"], "kept_in_journal");
  const auto declined = koshin({"cancel"});
  EXPECT_THAT(declined.out, HasSubstr("it was not seen there"));
  EXPECT_THAT(declined.out, Not(HasSubstr(kept)));
  EXPECT_EQ(cancelled()["old_stands"], "not_seen");
}

/// What has logged in from a spare slot until it is due again is no renewed certificate.
TEST_F(KeptKeyAtTheTerminal, a_due_certificate_in_a_spare_slot_is_not_called_the_renewed_one) {
  stage->use_settings("");
  stage->pull();
  stage->change([&](CardState& state) {
    state.keys[first_retired_slot] = state.keys.at(authentication_slot);
    state.objects[certificate_object_of(first_retired_slot)] =
        state.objects.at(certificate_object_of(authentication_slot));
    state.keys.erase(authentication_slot);
    state.objects.erase(certificate_object_of(authentication_slot));
  });
  stage->plug();
  stage->bank().set("pending", "1");
  const auto deferred = renew();
  EXPECT_EQ(deferred.exit_code, info(Reason::authority_pending).exit_code) << deferred.err;
  EXPECT_THAT(deferred.out + deferred.err, Not(HasSubstr("A renewed certificate is on your token")));
  const Json record = unfinished();
  ASSERT_EQ(record["key_id"], "01") << "on its way home: " << record;
  EXPECT_EQ(record["old_stands"], "untouched");
  EXPECT_THAT(koshin({"status"}).out, Not(HasSubstr("A renewed certificate is on your token")));
}

/// With a new key in slot 9a it is the first leg's certificate that works meanwhile.
TEST_F(KeptKeyAtTheTerminal, between_the_legs_of_a_new_key_the_renewed_one_is_told) {
  stage->use_settings("renewal.home_slot = \"never\"\n");
  ASSERT_EQ(renew().exit_code, 0);
  stage->use_settings("");
  stage->bank().set("pending", "1");
  EXPECT_EQ(renew().exit_code, info(Reason::authority_pending).exit_code);
  EXPECT_EQ(unfinished()["old_stands"], "renewed_beside");
  EXPECT_THAT(koshin({"status"}).out, HasSubstr("A renewed certificate is on your token and logs in."));
}

}  // namespace
}  // namespace koshin::cards
