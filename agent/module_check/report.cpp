// SPDX-License-Identifier: MIT
// Everything that is shown or written goes through the redaction.
#include "module_check/report.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "cli/texts.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/texts/check.hpp"

namespace koshin::module_check {
namespace {

using Json = nlohmann::json;

constexpr std::size_t name_columns = 44;

std::string_view word_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::skipped:
      break;
  }
  return "skipped";
}

const Text& text_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return texts::check_outcome_passed;
    case Outcome::failed:
      return texts::check_outcome_failed;
    case Outcome::skipped:
      break;
  }
  return texts::check_outcome_skipped;
}

Json token_json(const TokenFacts& token, bool with_serial) {
  Json json{{"manufacturer", token.manufacturer},
            {"model", token.model},
            {"hardware_version", token.hardware_version},
            {"firmware_version", token.firmware_version},
            {"flags", token.flags}};
  if (with_serial) json["serial"] = token.serial;
  return json;
}

Json mechanisms_json(const TokenFacts& token) {
  Json json = Json::array();
  for (const Mechanism& mechanism : token.mechanisms) {
    json.push_back({{"number", mechanism.number},
                    {"name", mechanism.name.empty() ? Json(nullptr) : Json(mechanism.name)},
                    {"min_key_size", mechanism.min_key_size},
                    {"max_key_size", mechanism.max_key_size},
                    {"flags", mechanism.flags}});
  }
  return json;
}

Json check_json(const CheckResult& result, const ReportRedaction& redaction) {
  Json notes = Json::array();
  for (const std::string& note : result.notes) notes.push_back(redaction.apply(note));
  Json json{{"id", row_of(result.check).id},
            {"result", word_of(result.outcome)},
            {"milliseconds", result.duration.count()},
            {"reason", nullptr},
            {"detail", nullptr},
            {"notes", std::move(notes)}};
  if (result.failure) {
    json["reason"] = info(result.failure->reason).id;
    json["detail"] = redaction.apply(printable(result.failure->detail));
  }
  return json;
}

}  // namespace

void Report::set_module(std::string file, ModuleFacts module, std::size_t tokens) {
  module_file_ = file.starts_with("p11-kit:") ? std::move(file) : path_of(file).filename().string();
  module_ = std::move(module);
  tokens_ = tokens;
}

const CheckResult* Report::find(Check check) const {
  const auto found = std::find_if(results_.begin(), results_.end(),
                                  [&](const CheckResult& result) { return result.check == check; });
  return found == results_.end() ? nullptr : &*found;
}

bool Report::failed(Check check) const {
  const CheckResult* result = find(check);
  return result != nullptr && result->outcome == Outcome::failed;
}

bool Report::passed(Check check) const {
  const CheckResult* result = find(check);
  return result != nullptr && result->outcome == Outcome::passed;
}

bool Report::all_passed() const {
  const bool none_failed = std::none_of(results_.begin(), results_.end(), [](const CheckResult& result) {
    return result.outcome == Outcome::failed;
  });
  return none_failed && passed(Check::untouched);
}

void Report::add(CheckResult result) {
  results_.push_back(std::move(result));
  show(results_.back());
}

void Report::skip_rest() {
  for (const CheckRow& row : all_checks()) {
    const bool optional = row.check == Check::leftovers;
    if (!optional && find(row.check) == nullptr) add({.check = row.check});
  }
}

void Report::show(const CheckResult& result) const {
  const std::string_view name = row_of(result.check).name.in(console_.language());
  const std::string time =
      result.outcome == Outcome::skipped ? "" : "  " + std::to_string(result.duration.count()) + " ms";
  console_.print("  " + cli::padded(name, name_columns) + console_.say(text_of(result.outcome)) + time);
  if (result.failure) {
    const ReasonInfo& row = info(result.failure->reason);
    console_.print("      " + std::string(row.in(console_.language()).cause));
    console_.print("      " + std::string(row.id) + ": " +
                   redaction_.apply(printable(result.failure->detail)));
  }
  for (const std::string& note : result.notes) console_.print("      " + redaction_.apply(printable(note)));
}

void Report::show_summary() const {
  if (!left_.empty()) {
    console_.print(texts::check_left_title);
    for (const ObjectFacts& object : left_)
      console_.print("  " + printable(redaction_.apply(object.kind + " " + object.id + " " + object.label)));
  }
  console_.print(all_passed() ? texts::check_summary_passed : texts::check_summary_failed);
}

std::string Report::json(bool with_serial) const {
  Json checks = Json::array(), left = Json::array();
  for (const CheckResult& result : results_) checks.push_back(check_json(result, redaction_));
  for (const ObjectFacts& object : left_)
    left.push_back({{"kind", object.kind}, {"id", object.id}, {"label", redaction_.apply(object.label)}});
  const Json document{{"schema", 1},
                      {"program", "koshin-module-check"},
                      {"koshin", KOSHIN_VERSION},
                      {"passed", all_passed()},
                      {"module",
                       {{"file", module_file_},
                        {"description", module_.description},
                        {"manufacturer", module_.manufacturer},
                        {"version", module_.version},
                        {"tokens", tokens_}}},
                      {"token", token_json(token_, with_serial)},
                      {"mechanisms", mechanisms_json(token_)},
                      {"checks", std::move(checks)},
                      {"left", std::move(left)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace);
}

void Report::write_json(const std::string& file, bool with_serial) const {
  try {
    write_file_atomically(path_of(file), json(with_serial) + "\n");
  } catch (const std::system_error& error) {
    fail(Reason::output_lost, error.what());
  }
}

}  // namespace koshin::module_check
