// SPDX-License-Identifier: MIT
// Settings that follow their files.
#include "resident/settings_watch.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "desktop/told_mistake.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/default_settings.hpp"
#include "foundation/system/dangling_link.hpp"

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

/// All that is set there: it is small, and the registry tells no time of a whole tree.
std::string text_of(const RegistryKey& key) {
  std::string text = key.name + '\n';
  for (const RegistryValue& value : key.values) {
    text += value.name + '=';
    if (const auto* const number = std::get_if<std::uint32_t>(&value.data)) text += std::to_string(*number);
    if (const auto* const one = std::get_if<std::string>(&value.data)) text += *one;
    if (const auto* const list = std::get_if<std::vector<std::string>>(&value.data))
      for (const std::string& element : *list) text += element + '\n';
    text += '\n';
  }
  for (const RegistryKey& below : key.keys) text += text_of(below);
  return text + '\n';
}

std::string stamp_of(const std::optional<RegistrySource>& source) {
  if (!source) return {};
  try {
    return text_of(source->read());
  } catch (const std::exception& error) {  // said by whoever reads the settings
    return error.what();
  }
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
  for (const auto* const source : {&sources.installed, &sources.policies}) stamp += stamp_of(*source);
  return stamp;
}

void log_mistake(const Failure& mistake, std::string_view what) {
  log::error(log::Event::settings_rejected, what,
             {{"KOSHIN_REASON", info(mistake.reason).id}, {"KOSHIN_DETAIL", mistake.detail}});
}

/// The files of a folder, as many as may be settings.
void add_files(const fs::path& folder, std::vector<fs::path>& files) {
  constexpr std::size_t most = 256;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end && files.size() < most;
       entry.increment(ignored))
    files.push_back(entry->path());
}

/// Where the target of a link that leads nowhere would be: a file system that is mounted later, mostly.
fs::path folder_it_leads_to(const fs::path& link) {
  std::error_code ignored;
  return (link.parent_path() / fs::read_symlink(link, ignored)).lexically_normal().parent_path();
}

}  // namespace

SettingsWatch::SettingsWatch(SettingsSources sources)
    : sources_(std::move(sources)), stamp_(stamp_of(sources_)) {
  try {
    current_ = std::make_shared<const Deployment>(load_deployment(sources_));
  } catch (const FailureError& error) {
    current_ = std::make_shared<const Deployment>(default_deployment());
    mistake_ = error.failure();
    log_mistake(*mistake_, "The settings are wrong: no token is looked at until they are put right.");
  }
}

bool SettingsWatch::refresh() {
  std::string stamp = stamp_of(sources_);
  if (stamp == stamp_ && !mistake_) return false;
  stamp_ = std::move(stamp);
  try {
    current_ = std::make_shared<const Deployment>(load_deployment(sources_));
  } catch (const FailureError& error) {
    if (!mistake_ || !desktop::is_same_mistake(*mistake_, error.failure()))
      log_mistake(error.failure(),
                  "The changed settings are wrong: no token is looked at until they are put right.");
    mistake_ = error.failure();
    return false;
  }
  log::info(log::Event::none, mistake_ ? "The settings are right again, and are in force."
                                       : "The settings have changed and are in force.");
  mistake_.reset();
  return true;
}

std::vector<fs::path> SettingsWatch::dangling_links() const {
  std::vector<fs::path> places{sources_.system_file, sources_.drop_in_directory, sources_.bank_directory,
                               fs::absolute(sources_.only ? *sources_.only : sources_.user_file)};
  for (const fs::path& folder : {sources_.drop_in_directory, sources_.bank_directory})
    add_files(folder, places);
  std::vector<fs::path> links;
  for (const fs::path& place : places)
    if (auto link = dangling_link(place)) links.push_back(*std::move(link));
  return links;
}

std::vector<fs::path> SettingsWatch::folders() const {
  const fs::path& last = sources_.only ? *sources_.only : sources_.user_file;
  std::vector<fs::path> folders{sources_.system_file.parent_path(), sources_.drop_in_directory,
                                sources_.bank_directory, fs::absolute(last).parent_path()};
  std::erase_if(folders, [](const fs::path& folder) { return folder.empty(); });
  for (const fs::path& link : dangling_links()) folders.push_back(folder_it_leads_to(link));
  return folders;
}

}  // namespace koshin::resident
