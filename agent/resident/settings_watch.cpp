// SPDX-License-Identifier: MIT
// Settings that follow their files.
#include "resident/settings_watch.hpp"

#include <algorithm>
#include <vector>

#include "foundation/log/log.hpp"

namespace koshin::resident {
namespace {

namespace fs = std::filesystem;

std::string stamp_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return {};
  const auto time = fs::last_write_time(file, error);
  return file.string() + ':' + std::to_string(size) + ':' + std::to_string(time.time_since_epoch().count()) +
         '\n';
}

std::string stamp_of(const SettingsSources& sources) {
  if (sources.only) return stamp_of(*sources.only);
  std::vector<std::string> drop_ins;
  for (const fs::path& folder : {sources.drop_in_directory, sources.bank_directory}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
      drop_ins.push_back(stamp_of(entry.path()));
  }
  std::sort(drop_ins.begin(), drop_ins.end());
  std::string stamp = stamp_of(sources.system_file) + stamp_of(sources.user_file);
  for (const std::string& drop_in : drop_ins) stamp += drop_in;
  return stamp;
}

}  // namespace

SettingsWatch::SettingsWatch(SettingsSources sources)
    : sources_(std::move(sources)),
      stamp_(stamp_of(sources_)),
      current_(std::make_shared<const Deployment>(load_deployment(sources_))) {}

bool SettingsWatch::refresh() {
  std::string stamp = stamp_of(sources_);
  if (stamp == stamp_) return false;
  stamp_ = std::move(stamp);
  try {
    current_ = std::make_shared<const Deployment>(load_deployment(sources_));
  } catch (const FailureError& error) {
    log::error(
        log::Event::settings_rejected, "The changed settings are wrong; those read before stay in force.",
        {{"KOSHIN_REASON", info(error.failure().reason).id}, {"KOSHIN_DETAIL", error.failure().detail}});
    return false;
  }
  log::info(log::Event::none, "The settings have changed and are in force.");
  return true;
}

}  // namespace koshin::resident
