// SPDX-License-Identifier: MIT
#include "check_run.hpp"

#include <fstream>

namespace koshin::test {
namespace {

const Json* find(const Json& report, const std::string& check) {
  if (!report.is_object()) return nullptr;
  for (const Json& one : report.at("checks"))
    if (one.at("id") == check) return &one;
  return nullptr;
}

}  // namespace

std::string CheckRun::outcome(const std::string& check) const {
  const Json* found = find(report, check);
  return found == nullptr ? "" : found->at("result").get<std::string>();
}

std::string CheckRun::reason(const std::string& check) const {
  const Json* found = find(report, check);
  return found == nullptr || found->at("reason").is_null() ? "" : found->at("reason").get<std::string>();
}

std::filesystem::path write_secret(const std::filesystem::path& file, const std::string& secret) {
  std::ofstream(file) << secret << "\n";
  using std::filesystem::perms;
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
  return file;
}

Json report_in(const std::filesystem::path& directory) {
  std::ifstream file(directory / "report.json");
  return file ? Json::parse(file) : Json();
}

CheckRun run_check(const std::filesystem::path& directory, std::vector<std::string> arguments) {
  std::filesystem::remove(directory / "report.json");
  arguments.insert(arguments.end(), {"--json", (directory / "report.json").string()});
  CheckRun run{run_program("koshin-module-check", arguments), {}};
  run.report = report_in(directory);
  return run;
}

}  // namespace koshin::test
