// SPDX-License-Identifier: MIT
// What statuses and bodies mean.
#include "enrollment/est/est_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "failure_matcher.hpp"

namespace koshin::enrollment {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TimePoint now() {
  return *parse_rfc3339("2026-06-01T12:00:00Z");
}

HttpResponse response(long status, const std::string& body = "", const std::string& type = "text/plain") {
  HttpResponse made;
  made.status = status;
  made.body = body;
  made.content_type = type;
  return made;
}

Failure failure_for(const HttpResponse& from, bool by_code = false) {
  return failure_for_status(
      from, {.request = "POST https://bank.test/x",
             .by_code = by_code,
             .scheme = by_code ? HttpAuthentication::Scheme::basic : HttpAuthentication::Scheme::none,
             .now = now()});
}

TEST(EstAnswer, E12_ShowsPlainAndUntypedText) {
  EXPECT_EQ(text_for_people(response(403, "Subject\r\n not  known.\n")), "Subject not known.");
  EXPECT_EQ(text_for_people(response(403, "bare", "")), "bare");
  EXPECT_EQ(text_for_people(response(403, "typed", "Text/Plain; charset=utf-8")), "typed");
}

TEST(EstAnswer, E19_NamesTheTypeOfABodyWithoutWords) {
  const std::string image("\x89PNG\x0d\x0a\x1a\x0a\x00\x01\x02\x03\x04\x05\x06\x07\x0e\x0f", 18);
  EXPECT_EQ(words_of(response(403, image, "image/png")), "");
  EXPECT_THAT(text_for_people(response(403, image, "image/png")), HasSubstr("image/png"));
  EXPECT_EQ(text_for_people(response(403, " \r\n", "text/html")), "");
}

TEST(EstAnswer, E12_MakesTextPrintableAndBounded) {
  const auto text = text_for_people(response(500, "a\x1B[31mred\x07 \xE2\x80\xAE" + std::string(5000, 'x')));
  EXPECT_THAT(text, Not(HasSubstr("\x1B")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
  EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
  EXPECT_LE(text.size(), 1000U);
}

TEST(EstAnswer, E12_StatusAndTextAreInTheFailure) {
  const auto failure = failure_for(response(403, "The subjectAltName differs."));
  EXPECT_EQ(failure.reason, Reason::authority_refused);
  EXPECT_THAT(failure.detail, HasSubstr("POST https://bank.test/x"));
  EXPECT_THAT(failure.detail, HasSubstr("403"));
  EXPECT_THAT(failure.detail, HasSubstr("The subjectAltName differs."));
}

TEST(EstAnswer, EachStatusHasItsReason) {
  const auto reason = [](long status) { return failure_for(response(status)).reason; };
  EXPECT_EQ(reason(400), Reason::authority_refused);
  EXPECT_EQ(reason(401), Reason::authority_authentication_failed);
  EXPECT_EQ(reason(403), Reason::authority_refused);
  EXPECT_EQ(reason(404), Reason::authority_refused);
  EXPECT_EQ(reason(408), Reason::authority_busy);
  EXPECT_EQ(reason(429), Reason::authority_busy);
  EXPECT_EQ(reason(500), Reason::authority_error);
  EXPECT_EQ(reason(503), Reason::authority_busy);
  EXPECT_EQ(reason(206), Reason::authority_response_invalid);
  EXPECT_EQ(reason(304), Reason::authority_response_invalid);
}

TEST(EstAnswer, ARefusedOneTimeCodeIsItsOwnReason) {
  EXPECT_EQ(failure_for(response(401), true).reason, Reason::reissue_code_invalid);
  EXPECT_EQ(failure_for(response(403), true).reason, Reason::authority_refused);
}

TEST(EstAnswer, NginxsPageForAMissingCertificateIsNamedForWhatItIs) {
  const auto failure = failure_for(response(400,
                                            "<html><head><title>400 No required SSL certificate was "
                                            "sent</title></head>\r\n<body>\r\n<center><h1>400 "
                                            "Bad Request</h1></center>\r\n<center>No required SSL "
                                            "certificate was sent</center>\r\n<hr><center>nginx"
                                            "</center>\r\n</body></html>",
                                            "text/html"));
  EXPECT_EQ(failure.reason, Reason::authority_authentication_failed);
  EXPECT_THAT(failure.detail, HasSubstr("No required SSL certificate was sent"));
  EXPECT_EQ(failure_for(response(496)).reason, Reason::authority_authentication_failed);
}

TEST(EstAnswer, AChallengeIsNamedForWhatItIs) {
  auto wanted = response(401);
  wanted.authenticate = {"Digest realm=\"bank\", nonce=\"1\""};
  auto failure = failure_for(wanted);
  EXPECT_EQ(failure.reason, Reason::authority_authentication_failed);
  EXPECT_THAT(failure.detail,
              HasSubstr("the server wants Digest: set authority.http_authentication = \"digest\""));
  wanted.authenticate = {"Bearer", "Negotiate"};
  EXPECT_THAT(failure_for(wanted).detail,
              HasSubstr("the server wants Bearer, Negotiate, and koshin answers Basic and Digest only"));
}

TEST(EstAnswer, SeveralChallengesInOneFieldAreAllRead) {
  auto wanted = response(401);
  wanted.authenticate = {
      "Newauth realm=\"apps\", type=1, title=\"Log in to \\\"apps, Digest\\\"\", Basic realm = \"simple\""};
  EXPECT_THAT(failure_for(wanted).detail, HasSubstr("the server wants Newauth, Basic: set"));
  EXPECT_EQ(failure_for(wanted, true).reason, Reason::reissue_code_invalid);
  wanted.authenticate = {"Negotiate abc==, Basic realm=\"x\"", "Bearer"};
  EXPECT_THAT(failure_for(wanted).detail, HasSubstr("the server wants Negotiate, Basic, Bearer: set"));
}

TEST(EstAnswer, ACodeThatTheServerNeverLookedAtIsNotWrong) {
  auto wanted = response(401);
  wanted.authenticate = {"Digest realm=\"bank\", nonce=\"1\""};
  EXPECT_EQ(failure_for(wanted, true).reason, Reason::authority_authentication_failed);
  wanted.authenticate = {"Basic realm=\"bank\""};
  EXPECT_EQ(failure_for(wanted, true).reason, Reason::reissue_code_invalid);
}

TEST(EstAnswer, ACertificateThatNobodyAskedForIsSaidToBeMissing) {
  const auto failure = failure_for_status(
      response(401), {.request = "POST x", .certificate = CertificateUse::not_asked, .now = now()});
  EXPECT_THAT(failure.detail, HasSubstr("no certificate was asked for"));
}

TEST(EstAnswer, E17_AKeyThatIsCertifiedOnceIsKnownByTheWordsOfTheAuthority) {
  const auto reason = [](long status, const std::string& words) {
    return failure_for(response(status, words)).reason;
  };
  for (const char* words :
       {"Request 17 Rejected - UniqueKeyConstraint", "Duplicate key", "I18N_OPENXPKI_UI_KEY_REUSE",
        "User 'user0001' is not allowed to use same key as another user is using.",
        "The public key is already in use by certificate 0A",
        "{\"detail\":\"key has already been certified\"}"}) {
    EXPECT_EQ(reason(400, words), Reason::authority_key_already_certified) << words;
  }
  EXPECT_EQ(reason(409, "public key not unique"), Reason::authority_key_already_certified);
  EXPECT_EQ(reason(403, "key usage not allowed"), Reason::authority_refused);
  EXPECT_EQ(reason(400, "the user has a certificate already"), Reason::authority_refused);
}

TEST(EstAnswer, E17_OtherRefusalsThatSpeakOfAKeyAreOrdinaryOnes) {
  for (const char* words :
       {"duplicate attribute; unsupported key type", "keyUsage not permitted: subject already exists",
        "Your session key has been used on another device", "unsupported public key, subject already exists",
        "Certificate profile: keyUsage overridden. Subject DN already exists",
        "API key has already been used", "duplicate key value violates unique constraint \"users_pkey\"",
        "Violation of UNIQUE KEY constraint 'UQ_user'. Cannot insert duplicate key in object 'dbo.Users'",
        "E11000 duplicate key error collection: ca.users"}) {
    for (const long status : {400L, 403L, 409L})
      EXPECT_EQ(failure_for(response(status, words)).reason, Reason::authority_refused) << words;
  }
}

TEST(EstAnswer, E17_WhoIsBusySaysWhenToComeAgainWhateverElseItSays) {
  auto busy = response(429, "API key quota has been used up. Public key already in use");
  busy.retry_after = "7200";
  EXPECT_EQ(failure_for(busy).reason, Reason::authority_busy);
  EXPECT_EQ(failure_for(busy).retry_after, 7200s);
  EXPECT_EQ(failure_for(response(503, "UniqueKeyConstraint")).reason, Reason::authority_busy);
}

TEST(EstAnswer, E6_ABusyAuthorityIsNotAskedBeforeItsTime) {
  auto busy = response(503);
  busy.retry_after = "90";
  EXPECT_EQ(failure_for(busy).retry_after, 90s);
  busy.retry_after.reset();
  EXPECT_EQ(failure_for(busy).retry_after, 60s) << "a minute, as for a request that waits";
  EXPECT_EQ(failure_for(response(429)).retry_after, 60s);
  EXPECT_EQ(failure_for(response(500)).retry_after, std::nullopt);
}

TEST(EstAnswer, E6_PendingKeepsTheTextAndTheWait) {
  auto pending = response(202, "An officer decides.");
  pending.retry_after = "3600";
  EXPECT_EQ(read_pending(pending, now()).retry_after, 3600s);
  EXPECT_EQ(read_pending(pending, now()).message, "An officer decides.");
}

TEST(EstAnswer, E19_WhatTheAuthoritySaysIsNeverASentenceOfOurs) {
  const std::string image("\x89PNG\x0d\x0a\x1a\x0a\x00\x01\x02\x03\x04\x05\x06\x07\x0e\x0f", 18);
  EXPECT_EQ(read_pending(response(202, image, "image/png"), now()).message, "");
  EXPECT_EQ(read_pending(response(202, "<p>An officer decides.", "text/html"), now()).message,
            "An officer decides.");
}

TEST(EstAnswer, E6_ADateIsMeasuredByTheServersClock) {
  auto pending = response(202);
  pending.retry_after = "Mon, 01 Jun 2026 10:05:00 GMT";
  pending.date = "Mon, 01 Jun 2026 10:00:00 GMT";
  EXPECT_EQ(read_pending(pending, now()).retry_after, 300s);
  pending.date.reset();
  EXPECT_EQ(read_pending(pending, now()).retry_after, 1s);
}

TEST(EstAnswer, E6_WithoutAReadableRetryAfterAMinutePasses) {
  auto pending = response(202);
  EXPECT_EQ(read_pending(pending, now()).retry_after, 60s);
  pending.retry_after = "soon";
  EXPECT_EQ(read_pending(pending, now()).retry_after, 60s);
}

}  // namespace
}  // namespace koshin::enrollment
