// SPDX-License-Identifier: MIT
#include "foundation/jobs/messages.hpp"

#include <gmock/gmock.h>

#include "failure_of.hpp"
#include "samples.hpp"

namespace koshin::messages {
namespace {

using test::failure_of;
using testing::HasSubstr;

std::string job_complaint(std::string_view line) {
  const Failure failure = failure_of([&] { parse_job(line); });
  EXPECT_EQ(failure.reason, Reason::job_invalid) << line;
  return failure.detail;
}
std::string event_complaint(std::string_view line) {
  const Failure failure = failure_of([&] { parse_event(line); });
  EXPECT_EQ(failure.reason, Reason::job_invalid) << line;
  return failure.detail;
}

TEST(Messages, GoThereAndBackWithEveryMember) {
  const std::string job = to_json(test::sample_job());
  EXPECT_EQ(to_json(parse_job(job)), job);
  EXPECT_EQ(to_json(parse_job(to_json(Job{}))), to_json(Job{}));
  for (const Event& event : test::sample_events()) {
    const std::string line = to_json(event);
    const Event back = parse_event(line);
    EXPECT_EQ(back.index(), event.index());
    EXPECT_EQ(to_json(back), line);
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST(Messages, EveryLineSaysItsSchemaAndType) {
  EXPECT_THAT(to_json(Job{}), testing::StartsWith("{\"schema\":1,\"type\":\"job\","));
  for (const Event& event : test::sample_events())
    EXPECT_THAT(to_json(event), testing::StartsWith("{\"schema\":1,\"type\":\""));
}

TEST(Messages, AnOptionalWithoutValueIsLeftOut) {
  InspectResult result{.tokens = {TokenReport{}}, .modules_in_trouble = {}};
  result.tokens[0].certificates.emplace_back();
  const std::string line = to_json(result);
  EXPECT_EQ(line.find("free_memory"), std::string::npos);
  const auto back = std::get<InspectResult>(parse_event(line));
  EXPECT_EQ(back.tokens.at(0).certificates.at(0).key_state, KeyState::unknown);
  EXPECT_FALSE(back.tokens.at(0).free_memory);
}

TEST(Messages, BytesFromATokenThatAreNoTextDoNotBreakTheLine) {
  TokenReport token;
  token.label = "\xff\xfe\n\"";
  const auto back = std::get<InspectResult>(
      parse_event(to_json(InspectResult{.tokens = {token}, .modules_in_trouble = {}})));
  EXPECT_EQ(back.tokens.at(0).label, "\uFFFD\uFFFD\n\"");
}

TEST(Messages, AFailureSaysWhatItsReasonMeans) {
  const std::string line =
      to_json(Failure{.reason = Reason::pin_incorrect, .detail = "C_Login", .retry_after = std::nullopt});
  EXPECT_EQ(line,
            "{\"schema\":1,\"type\":\"failure\",\"reason\":\"pin_incorrect\",\"detail\":\"C_Login\","
            "\"proxy\":\"\",\"retry\":\"after_user_action\",\"exit_code\":41}");
}

TEST(Messages, MembersThatAreMissingKeepTheirDefaults) {
  const Job job = parse_job(R"({"schema":1,"type":"job","job":"doctor"})");
  EXPECT_EQ(job.kind, JobKind::doctor);
  EXPECT_FALSE(job.force);
  EXPECT_TRUE(job.secrets.empty());
}

/// A page that was open while koshin was upgraded says "http_password" to the new worker.
TEST(Messages, AJobOfThePageBeforeAnUpgradeIsUnderstood) {
  const Job job = parse_job(R"({"schema":1,"type":"job","job":"renew","secrets":["pin","http_password"]})");
  EXPECT_EQ(job.secrets, (std::vector{SecretKind::pin, SecretKind::passphrase}));
  EXPECT_EQ(to_json(job).find("http_password"), std::string::npos) << "it is not said any more";
}

TEST(Messages, ComplaintsNameTheMember) {
  EXPECT_EQ(job_complaint("not json"), "message: line is not JSON (at byte 2)");
  EXPECT_EQ(job_complaint(std::string(400, '6')), "message: line holds a number that is too large for any");
  EXPECT_EQ(job_complaint(""), "message: line is not JSON (at byte 1)");
  EXPECT_EQ(job_complaint("[]"), "message: line must be an object");
  EXPECT_EQ(job_complaint("{}"), "message: schema is missing");
  EXPECT_EQ(job_complaint(R"({"schema":2,"type":"job","job":"renew"})"),
            "message: schema must be 1: the programs are of different versions");
  EXPECT_EQ(job_complaint(R"({"schema":"1","type":"job","job":"renew"})"),
            "message: schema must be 1: the programs are of different versions");
  EXPECT_EQ(job_complaint(R"({"schema":1,"job":"renew"})"), "message: type must be a string");
  EXPECT_EQ(job_complaint(R"({"schema":1,"type":"step","job":"renew"})"), "message: type must be \"job\"");
  EXPECT_EQ(job_complaint(R"({"schema":1,"type":"job"})"), "message: job.job is missing");
  EXPECT_EQ(job_complaint(R"({"schema":1,"type":"job","job":"format"})"),
            "message: job.job is not one of the known names");
  EXPECT_EQ(job_complaint(R"({"schema":1,"type":"job","job":"renew","force":1})"),
            "message: job.force must be true or false");
  EXPECT_EQ(job_complaint(R"({"schema":1,"type":"job","job":"renew","pin":"1234"})"),
            "message: job.pin is not a known member");
  EXPECT_EQ(job_complaint(R"({"schema":1,"type":"job","job":"renew","secrets":["pin",3]})"),
            "message: job.secrets[1] must be a string");
  EXPECT_EQ(job_complaint(R"({"schema":1,"type":"job","job":"renew","force":true,"force":false})"),
            "message: force is there twice");
}

TEST(Messages, ComplaintsOfEventsNameThePath) {
  EXPECT_EQ(event_complaint(R"({"schema":1,"type":"job"})"), "message: type is not a known kind of event");
  EXPECT_EQ(event_complaint(
                R"({"schema":1,"type":"inspect_result","tokens":[{"certificates":[{"not_after":"soon"}]}]})"),
            "message: inspect_result.tokens[0].certificates[0].not_after must be a time such as "
            "\"2026-11-22T22:23:31Z\"");
  EXPECT_EQ(event_complaint(R"({"schema":1,"type":"inspect_result","tokens":[{"pin_min":-1}]})"),
            "message: inspect_result.tokens[0].pin_min must be a whole number, not negative");
  EXPECT_EQ(event_complaint(R"({"schema":1,"type":"inspect_result","tokens":[{"pin_min":4294967296}]})"),
            "message: inspect_result.tokens[0].pin_min is too large");
  EXPECT_EQ(event_complaint(R"({"schema":1,"type":"failure","detail":"x"})"),
            "message: failure.reason is missing");
  EXPECT_EQ(event_complaint(R"({"schema":1,"type":"failure","reason":"bad_luck"})"),
            "message: failure.reason must be the id of a failure reason");
  EXPECT_EQ(event_complaint(R"({"schema":1,"type":"pending","ask_again":null})"),
            "message: pending.ask_again must be a string");
}

TEST(Messages, AreBounded) {
  EXPECT_THAT(job_complaint(std::string(max_job_line + 1, ' ')), HasSubstr("longer than 65536 bytes"));
  EXPECT_THAT(event_complaint(std::string((1 << 20) + 1, ' ')), HasSubstr("longer than 1048576 bytes"));
  EXPECT_EQ(event_complaint(std::string(100000, '[')), "message: line is nested too deep");
  std::string many = R"({"schema":1,"type":"doctor_result","checks":[{})";
  for (int i = 0; i < 5000; ++i) many += ",{}";
  EXPECT_EQ(event_complaint(many + "]}"), "message: doctor_result.checks has too many elements");
}

TEST(Messages, ComplaintsDoNotRepeatForeignControlCharacters) {
  EXPECT_EQ(job_complaint("{\"schema\":1,\"type\":\"job\",\"job\":\"renew\",\"\\u001b[2J\":1}").find('\x1b'),
            std::string::npos);
}

TEST(Messages, OnlyProgressIsNotFinal) {
  for (const Event& event : test::sample_events()) {
    const bool progress =
        std::holds_alternative<StepEvent>(event) || std::holds_alternative<NoticeEvent>(event) ||
        std::holds_alternative<TouchEvent>(event) || std::holds_alternative<ReadyEvent>(event);
    EXPECT_EQ(is_final(event), !progress);
  }
}

TEST(Messages, TheGoAheadIsOneLineAndNoOther) {
  EXPECT_NO_THROW(parse_go(go_line));
  for (const char* line : {"", "go", "{}", R"({"schema":1,"type":"job","job":"renew"})",
                           R"({"schema":1,"type":"go","key":"ec-p256"})", R"({"schema":2,"type":"go"})"}) {
    EXPECT_EQ(test::failure_of([&] { parse_go(line); }).reason, Reason::job_invalid) << line;
  }
}

TEST(Messages, OnlyARenewalThatIsNoDryRunWaitsForAGoAhead) {
  Job job;
  job.await_go = true;
  for (const JobKind kind : {JobKind::inspect, JobKind::enroll, JobKind::prune, JobKind::doctor}) {
    job.kind = kind;
    EXPECT_EQ(test::failure_of([&] { parse_job(to_json(job)); }).reason, Reason::job_invalid);
  }
  job.kind = JobKind::renew;
  EXPECT_TRUE(parse_job(to_json(job)).await_go);
  job.dry_run = true;
  EXPECT_EQ(test::failure_of([&] { parse_job(to_json(job)); }).reason, Reason::job_invalid);
}

}  // namespace
}  // namespace koshin::messages
