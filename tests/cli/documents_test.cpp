// SPDX-License-Identifier: MIT
// JSON documents, and the man pages that list exit codes and settings.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "foundation/settings/settings_table.hpp"
#include "repository.hpp"

namespace koshin::cli {
namespace {

using Json = nlohmann::json;
using test::read_file;
using testing::HasSubstr;

struct JsonOutput : testing::Test {
  Arguments arguments = [] {
    Arguments made;
    made.command = Command::renew;
    return made;
  }();
  Console console{arguments, false, true};
  Interrupt interrupt;
  Workers workers;
  Session session{.arguments = arguments,
                  .console = console,
                  .interrupt = interrupt,
                  .workers = workers,
                  .settings = {},
                  .now = parse_rfc3339("2026-11-22T12:00:00Z").value()};
  Progress progress{console};
};

messages::CertificateReport certificate() {
  messages::CertificateReport made;
  made.sha256 = "aa";
  made.common_name = "12345678901234 user0001";
  made.not_before = parse_rfc3339("2025-12-04T12:00:00Z").value();
  made.not_after = parse_rfc3339("2026-12-04T12:00:00Z").value();
  return made;
}

TEST_F(JsonOutput, a_failure_carries_the_row_of_the_table) {
  const auto json = Json::parse(
      failure_json("renew", {Reason::pin_incorrect, "C_Login", std::chrono::seconds{7}}, Language::ja));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["failure"]["reason"], "pin_incorrect");
  EXPECT_EQ(json["failure"]["exit_code"], info(Reason::pin_incorrect).exit_code);
  EXPECT_EQ(json["failure"]["cause"], std::string(info(Reason::pin_incorrect).in(Language::ja).cause));
  EXPECT_EQ(json["failure"]["retry_after_seconds"], 7);
}

TEST_F(JsonOutput, text_that_is_no_utf8_still_makes_a_document) {
  const auto json = Json::parse(failure_json("renew", {Reason::token_error, "\xff\xfe", {}}, Language::en));
  EXPECT_EQ(json["failure"]["reason"], "token_error");
}

TEST_F(JsonOutput, a_certificate_says_how_long_and_whether_it_is_due) {
  messages::RenewResult result;
  result.old_certificate = certificate();
  const auto json = Json::parse(renewed_json(session, result, progress, {}));
  EXPECT_EQ(json["state"], "completed");
  EXPECT_EQ(json["old_certificate"]["days_left"], 12);
  EXPECT_EQ(json["old_certificate"]["validity"], "due");
  EXPECT_EQ(json["old_certificate"]["due_from"], "2026-11-04T12:00:00Z");
  EXPECT_TRUE(json["old_certificate"]["has_private_key"].is_null());
  EXPECT_TRUE(json["new_certificate"].is_null());
}

TEST_F(JsonOutput, pending_is_not_ok_and_says_when) {
  const messages::PendingResult pending{.ask_again = session.now + std::chrono::minutes{10},
                                        .message = "by hand"};
  const auto json = Json::parse(pending_json(session, pending, progress));
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["state"], "pending");
  EXPECT_EQ(json["ask_again"], "2026-11-22T12:10:00Z");
  EXPECT_EQ(json["failure"]["reason"], "authority_pending");
  EXPECT_EQ(json["failure"]["retry_after_seconds"], 600);
}

TEST_F(JsonOutput, status_lists_what_is_remembered_and_what_is_unfinished) {
  renewal::TokenMemory token;
  token.label = "Sakura";
  token.not_after = certificate().not_after;
  renewal::Record record;
  record.state = renewal::State::pending;
  record.key_id = {0x0a, 0xff};
  const auto json =
      Json::parse(status_json(session, {token}, {{record}, {record}, {record}}, RenewedCertificates({})));
  EXPECT_EQ(json["tokens"][0]["due"], true);
  EXPECT_TRUE(json["tokens"][0]["last_seen"].is_null());
  EXPECT_EQ(json["unfinished"][0]["state"], "pending");
  EXPECT_EQ(json["unfinished"][0]["key_id"], "0aff");
  EXPECT_TRUE(json["unfinished"][0]["new_not_after"].is_null());
  EXPECT_EQ(json["left_over"][0]["key_id"], "0aff");
}

TEST_F(JsonOutput, days_and_hours_are_counted_as_people_do) {
  using std::chrono::days;
  using std::chrono::hours;
  const auto left = [&](std::chrono::seconds time) {
    const std::string text = expiry_text(console, session.now + time, session.now);
    return text.substr(text.rfind('('));
  };
  EXPECT_EQ(left(days{1} + hours{1}), "(1 day 1 hour left)");
  EXPECT_EQ(left(hours{5}), "(0 days 5 hours left)");
  EXPECT_EQ(left(days{12}), "(12 days 0 hours left)");
  EXPECT_EQ(left(days{20}), "(20 days left)");
  Arguments in_japanese;
  in_japanese.language = Language::ja;
  const Console other(in_japanese, false, true);
  EXPECT_THAT(expiry_text(other, session.now + days{1} + hours{1}, session.now),
              HasSubstr("(残り 1 日 1 時間)"));
  EXPECT_THAT(expiry_text(other, session.now + days{20}, session.now), HasSubstr("(残り 20 日)"));
}

/// docs/json.md from the heading that names the command to the next one.
std::string section(const std::string& page, const std::string& heading) {
  std::smatch found;
  const std::regex line("(^|\n)## ([^\n]*, )?" + heading + "(,[^\n]*)?\n");
  if (!std::regex_search(page, found, line)) return {};
  const auto begin = static_cast<std::size_t>(found.position(0)) + 1;
  return page.substr(begin, page.find("\n## ", begin) - begin);
}

void collect_members(const Json& value, std::set<std::string>& names) {
  for (const auto& item : value.items()) {
    if (value.is_object()) names.insert(item.key());
    if (item.value().is_structured()) collect_members(item.value(), names);
  }
}

struct JsonDocument : JsonOutput {
  /// Tokens, certificates, records and failures are described once, where they come up first.
  void expect_described(const std::string& document, const std::string& heading,
                        const std::vector<std::string>& shared = {}) const {
    std::string text = page.substr(0, page.find("\n## ")) + section(page, heading);
    for (const auto& other : shared) text += section(page, other);
    EXPECT_NE(section(page, heading), "") << heading;
    std::set<std::string> names;
    collect_members(Json::parse(document), names);
    for (const auto& name : names) EXPECT_THAT(text, HasSubstr("`" + name + "`")) << heading;
  }
  static messages::TokenReport token() {
    messages::TokenReport made;
    made.certificates = {certificate()};
    made.keys_without_certificate = {{.key_id = "01",
                                      .label = {},
                                      .key_algorithm = {},
                                      .is_private = true,
                                      .ours = true,
                                      .made_on = {},
                                      .key_policies = {}}};
    return made;
  }
  std::string page = read_file("docs/json.md");
  Failure failure{Reason::pin_incorrect, "C_Login", {}};
};

TEST_F(JsonDocument, every_member_of_tokens_and_certificates_is_described) {
  messages::InspectResult found;
  found.tokens = {token()};
  found.modules_in_trouble.push_back({.module = "m.so", .failure = failure});
  expect_described(inspect_json(session, found, Failure{Reason::journal_unusable, "damaged", {}}), "inspect");
  messages::PruneResult pruned;
  pruned.deleted = certificate();
  pruned.kept = token().keys_without_certificate;
  expect_described(pruned_json(session, pruned), "prune", {"inspect"});
  messages::CancelResult cancelled;
  renewal::Record record;
  record.old_sha256 = certificate().sha256;
  RenewedCertificates certificates({});
  certificates.add(token());
  cancelled.removed = cancelled.kept = token().keys_without_certificate;
  const messages::TokenReport seen = token();
  expect_described(cancelled_json(session, cancelled, &seen, &record, certificates), "cancel", {"inspect"});
}

TEST_F(JsonDocument, every_member_of_a_renewal_is_described) {
  progress.on_event(
      messages::StepEvent{.step = messages::Step::preflight, .finished = true, .resumed = false, .note = {}});
  progress.on_event(messages::NoticeEvent{.code = "pin_count_low", .text = "text"});
  messages::RenewResult renewed;
  renewed.token = token();
  renewed.old_certificate = renewed.new_certificate = certificate();
  BrowserFacts browsers;
  browsers.choice = renewal::BrowserChoice{certificate().sha256, "0A", "0B", session.now, session.now};
  browsers.choice->others.push_back({"", "0D", session.now});
  browsers.store.emplace().expired_twin.emplace().serial = "0C";
  const messages::PendingResult pending{.ask_again = session.now, .message = "by hand"};
  for (const char* command : {"renew", "enroll"}) {
    expect_described(renewed_json(session, renewed, progress, browsers), command, {"inspect"});
    expect_described(pending_json(session, pending, progress), command);
  }
}

TEST_F(JsonDocument, every_member_of_records_is_described) {
  renewal::TokenMemory memory;
  memory.not_after = certificate().not_after;
  renewal::Record record;
  record.last_failure = failure;
  record.old_sha256 = certificate().sha256;
  RenewedCertificates certificates({});
  certificates.add(token());
  ASSERT_NE(certificates.of(record), nullptr);
  expect_described(status_json(session, {memory}, {{record}, {record}, {record}}, certificates), "status",
                   {"history"});
  expect_described(history_json(session, {record}, certificates), "history");
}

TEST_F(JsonDocument, every_member_of_checks_and_settings_is_described) {
  messages::DoctorResult result;
  result.checks.emplace_back();
  expect_described(doctor_json(session, {{"", result}}, result, true), "doctor");
  ShownSettings shown;
  shown.settings.push_back({.key = "a.b", .value = "1", .origin = "f:1:1", .locked = true});
  shown.files.push_back({"/f", true, 1, {"a.b"}});
  shown.notes.emplace_back("a note");
  arguments.command = Command::config_check;
  shown.ways.emplace_back();
  expect_described(config_json(session, shown), "config check");
  expect_described(config_json(session, shown), "config show");
  SettingsReading reading;
  reading.mistakes.push_back(failure);
  reading.files.push_back({"/f", true, 1, {"a.b"}});
  expect_described(mistakes_json(session, reading), "config check");
  expect_described(browser_json(session, {{}}, true), "browser add");
  expect_described(support_json(session, "/f", {{"doctor.json", "{}"}}), "support-bundle");
  expect_described(failure_json("renew", failure, Language::en), "renew");
}

TEST(ManPages, koshin_lists_every_exit_code) {
  const std::string page = read_file("packaging/man/koshin.1");
  for (const ReasonInfo& row : reason_table())
    EXPECT_THAT(page, HasSubstr("\n" + std::to_string(row.exit_code) + "|" + std::string(row.id) + "\n"));
  EXPECT_THAT(page, HasSubstr("\n" + std::to_string(doctor_found_trouble) + "|doctor_found_trouble\n"));
  EXPECT_THAT(page, HasSubstr("\n" + std::to_string(browser_unchanged) + "|browser_unchanged\n"));
}

TEST(ManPages, the_page_of_koshin_leads_to_every_other) {
  const std::string page = read_file("packaging/man/koshin.1");
  const std::string see_also = page.substr(page.find(".SH SEE ALSO"));
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(KOSHIN_SOURCE_DIR) + "/packaging/man")) {
    const std::string name = entry.path().stem().string();
    if (name == "koshin" || entry.is_directory()) continue;  // a folder holds another language's pages
    EXPECT_THAT(see_also,
                HasSubstr(".BR " + name + " (" + entry.path().extension().string().substr(1) + ")"));
  }
}

TEST(ManPages, the_exit_codes_of_doctor_and_browser_are_nobody_elses) {
  EXPECT_NE(browser_unchanged, doctor_found_trouble);
  for (const ReasonInfo& row : reason_table()) {
    EXPECT_NE(row.exit_code, doctor_found_trouble) << row.id;
    EXPECT_NE(row.exit_code, browser_unchanged) << row.id;
  }
}

TEST(ManPages, koshin_toml_explains_every_setting_and_no_other) {
  const std::string page = read_file("packaging/man/koshin.toml.5");
  const std::string keys =
      page.substr(page.find(".SH KEYS"), page.find(".SH EXAMPLE") - page.find(".SH KEYS"));
  std::set<std::string> explained;
  const std::regex heading("\\n\\.TP\\n\\.BR? ([^\\n]*)");
  const std::regex name("[a-z]+\\.[a-z_]+");
  for (auto it = std::sregex_iterator(keys.begin(), keys.end(), heading); it != std::sregex_iterator();
       ++it) {
    const std::string line = (*it)[1].str();
    for (auto key = std::sregex_iterator(line.begin(), line.end(), name); key != std::sregex_iterator();
         ++key)
      explained.insert(key->str());
  }
  std::set<std::string> existing;
  for (const SettingKey& key : settings_table()) existing.insert(std::string(key.name));
  EXPECT_EQ(explained, existing);
}

TEST(Documentation, every_step_of_a_renewal_is_named_where_messages_and_documents_are_described) {
  for (const char* page : {"docs/messages.md", "docs/json.md"}) {
    const std::string text = read_file(page);
    for (const messages::Step step : messages::all_steps)
      EXPECT_THAT(text, HasSubstr("`" + std::string(messages::to_string(step)) + "`")) << page;
  }
}

}  // namespace
}  // namespace koshin::cli
