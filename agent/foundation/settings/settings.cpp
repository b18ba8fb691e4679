// SPDX-License-Identifier: MIT
// The chain of settings files: their order and required owners.
#include "foundation/settings/settings.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "foundation/base/text.hpp"
#include "foundation/settings/registry_settings.hpp"
#include "foundation/settings/settings_file.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/system/dangling_link.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/paths.hpp"

namespace koshin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_file_size = 256 * 1024;
constexpr std::size_t max_drop_ins = 64;

/// Whether somebody may have meant it to be read: not what editors and package managers leave, nor a README.
bool looks_meant(const fs::path& file) {
  const std::string name = file.filename().string();
  const bool left = name.starts_with('.') || name.ends_with('~') ||
                    name.find(".dpkg-") != std::string::npos || name.find(".rpm") != std::string::npos;
  return !left && !name.starts_with("README");
}

/// What a link holds that leads nowhere is not read, locks and banks among it: a mistake, unlike a file that
/// nobody has put there.
void check_leads_somewhere(const fs::path& place) {
  if (const std::string why = why_leads_nowhere(place); !why.empty())
    fail(Reason::settings_invalid, place.string() + ": " + why);
}

/// The files "*.toml" of a folder, by name; empty when the folder does not exist. `passed_over`: others that
/// somebody may have meant. Throws FailureError{settings_invalid} for a folder that cannot be listed.
std::vector<fs::path> drop_ins(const fs::path& folder, std::vector<fs::path>& passed_over) {
  std::vector<fs::path> files;
  if (folder.empty()) return files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path& file = entry->path();
    if (file.extension() != ".toml" || file.filename().string().starts_with('.')) {
      if (looks_meant(file) && passed_over.size() < max_drop_ins) passed_over.push_back(file);
      continue;
    }
    if (files.size() == max_drop_ins)
      fail(Reason::settings_invalid,
           folder.string() + ": more than " + std::to_string(max_drop_ins) + " files");
    files.push_back(file);
  }
  if (error == std::errc::no_such_file_or_directory)
    check_leads_somewhere(folder);
  else if (error)
    fail(Reason::settings_invalid, folder.string() + ": " + error.message());
  std::sort(files.begin(), files.end());
  std::sort(passed_over.begin(), passed_over.end());
  return files;
}

class Loader {
 public:
  /// False when the file does not exist. `bank`: the bank of the whole file.
  bool read(const fs::path& file, Author author, std::string_view bank = {}) {
    if (file.empty()) return false;
    return apply_file(file, author, bank,
                      [&] { return read_guarded_file(file, Guard::write, max_file_size); });
  }

  /// What was given at installation: the lowest of the administrator's.
  void read_installed(const RegistrySource& source, const fs::path& folder) {
    apply(source.place, [&]() -> std::optional<SettingsLayer> { return registry_layer(source, folder); });
  }

  /// The policies, before the user's file, which they keep from setting what they set.
  void read_policies(const RegistrySource& source, const fs::path& folder) {
    apply(
        source.place, [&]() -> std::optional<SettingsLayer> { return registry_layer(source, folder); },
        [&](SettingsLayer layer) {
          // Nobody's file changes these, as if they were locked.
          for (const auto& [key, origin] : layer.base.origins) reading_.files.back().locked.push_back(key);
          policies_ = std::move(layer);
        });
  }

  void read_bank(const fs::path& file) {
    const std::string bank = file.stem().string();
    if (is_bank_name(bank)) {
      read(file, Author::administrator, bank);
      return;
    }
    note(Reason::settings_invalid, file.string() + ": a file of this folder is called as its bank, " +
                                       std::string(bank_name_form) + ", and .toml");
  }

  /// Reads the file only if root alone can change it; false otherwise.
  bool read_as_administrators(const fs::path& file) {
    const bool is_theirs = apply_file(file, Author::administrator, {},
                                      [&] { return read_administrators_file(file, max_file_size); });
    if (!is_theirs) reading_.files.clear();  // read as the user's file instead
    return is_theirs;
  }

  void note(Reason reason, const std::string& what) {
    reading_.mistakes.push_back({reason, printable(what), {}});
  }
  /// A folder that cannot be listed is a mistake like any other.
  std::vector<fs::path> files_of(const fs::path& folder) {
    try {
      return drop_ins(folder, reading_.passed_over);
    } catch (const FailureError& error) {
      reading_.mistakes.push_back(error.failure());
      return {};
    }
  }
  SettingsReading take() {
    stack_.lay(policies_);
    reading_.deployment = stack_.deployment();
    return std::move(reading_);
  }

 private:
  SettingsLayer registry_layer(const RegistrySource& source, const fs::path& folder) {
    SettingsLayer layer = read_registry_settings(source.place, source.read(), folder);
    for (Settings& bank : layer.banks) {
      if (const Settings* const known = known_bank(bank.bank())) bank.expect.bank = known->bank();
      of_no_case_.insert(bank.bank());
    }
    return layer;
  }

  const Settings* known_bank(std::string_view name) const {
    const Settings* const known = bank_alike(stack_.banks(), name);
    return known != nullptr ? known : bank_alike(policies_.banks, name);
  }

  /// A bank keeps its first spelling. Where that is another one, names of the registry are of no case; in
  /// files it is a mistake: two banks may be meant, or one.
  void agree_on_names(SettingsLayer& layer) const {
    for (Settings& bank : layer.banks) {
      const Settings* const known = known_bank(bank.bank());
      if (known == nullptr || known->bank() == bank.bank()) continue;
      if (!of_no_case_.contains(known->bank()))
        layer.mistakes.push_back(
            {Reason::settings_invalid,
             printable(layer.origin + ": the bank \"" + bank.bank() + "\" is \"" + known->bank() +
                       "\" elsewhere: spell it alike, or give one another name"),
             {}});
      bank.expect.bank = known->bank();
    }
  }

  template <typename Read>
  bool apply_file(const fs::path& file, Author author, std::string_view bank, const Read& read) {
    return apply(file, [&]() -> std::optional<SettingsLayer> {
      const auto text = read();
      if (!text) check_leads_somewhere(file);
      if (!text) return {};
      SettingsLayer layer = read_settings_file(file, *text, author, locks_in_force(), bank);
      agree_on_names(layer);
      return layer;
    });
  }

  /// Notes the source, and what is wrong with it. False when it is not there.
  template <typename Read>
  bool apply(const fs::path& place, const Read& read) {
    return apply(place, read, [&](const SettingsLayer& layer) { stack_.lay(layer); });
  }
  template <typename Read, typename Lay>
  bool apply(const fs::path& place, const Read& read, const Lay& lay) {
    reading_.files.push_back({place, true, 0, {}, {}});
    try {
      std::optional<SettingsLayer> layer = read();
      reading_.files.back().found = layer.has_value();
      if (!layer) return false;
      if (layer->author == Author::user) leave_out_what_policies_set(policies_, *layer);
      note(*layer);
      lay(std::move(*layer));
    } catch (const UnsafeFile& error) {
      note(Reason::settings_unsafe, error.what());
    } catch (const FailureError& error) {
      note(error.failure().reason, error.failure().detail);
    } catch (const std::length_error& error) {
      note(Reason::settings_invalid, error.what());
    } catch (const std::system_error& error) {
      note(Reason::settings_invalid, error.what());
    }
    return true;
  }

  void note(SettingsLayer& layer) {
    SettingsFile& read = reading_.files.back();
    read.values = layer.values();
    for (const auto& lock : layer.locks)
      if (!stack_.locks().contains(lock.first)) read.locked.push_back(lock.first);
    for (const Settings& bank : layer.banks) read.banks.push_back(bank.bank());
    for (Failure& mistake : layer.mistakes) reading_.mistakes.push_back(std::move(mistake));
  }

  Locks locks_in_force() const {
    Locks locks = stack_.locks();
    locks.insert(policies_.locks.begin(), policies_.locks.end());
    return locks;
  }

  SettingsReading reading_;
  SettingsStack stack_;
  SettingsLayer policies_;
  std::set<std::string, std::less<>> of_no_case_;  ///< banks whose names the registry has, too
};

/// The tree below HKEY_LOCAL_MACHINE, where there is a registry.
std::optional<RegistrySource> machine_registry(std::string path) {
  if (!has_registry()) return {};
  std::string place = "HKLM\\" + path;
  return RegistrySource{std::move(place), [path = std::move(path)] { return read_machine_registry(path); }};
}

}  // namespace

SettingsSources SettingsSources::standard() {
  const fs::path system = paths::system_settings_directory();
  return {.system_file = system / "koshin.toml",
          .drop_in_directory = system / "conf.d",
          .user_file = paths::user_settings_file(),
          .only = {},
          .bank_directory = system / "banks.d",
          .installed = machine_registry("SOFTWARE\\koshin\\settings"),
          .policies = machine_registry("SOFTWARE\\Policies\\koshin")};
}

SettingsReading read_settings(const SettingsSources& sources) {
  Loader loader;
  if (sources.only && loader.read_as_administrators(*sources.only)) return loader.take();
  const fs::path folder = sources.system_file.parent_path();
  if (sources.installed) loader.read_installed(*sources.installed, folder);
  loader.read(sources.system_file, Author::administrator);
  for (const fs::path& file : loader.files_of(sources.drop_in_directory))
    loader.read(file, Author::administrator);
  for (const fs::path& file : loader.files_of(sources.bank_directory)) loader.read_bank(file);
  if (sources.policies) loader.read_policies(*sources.policies, folder);
  const fs::path& last = sources.only ? *sources.only : sources.user_file;
  const bool found = loader.read(last, Author::user);
  // A file named on the command line must exist.
  if (sources.only && !found)
    loader.note(Reason::settings_invalid, last.string() + ": there is no such file");
  return loader.take();
}

Deployment load_deployment(const SettingsSources& sources) {
  SettingsReading reading = read_settings(sources);
  if (!reading.mistakes.empty()) throw FailureError(std::move(reading.mistakes.front()));
  return std::move(reading.deployment);
}

Settings settings_for(const Deployment& deployment, std::string_view bank) {
  if (bank.empty()) return deployment.banks.size() == 1 ? deployment.banks.front() : deployment.base;
  if (const Settings* const found = deployment.find(bank)) return *found;
  const std::vector<std::string> names = deployment.names();
  fail(Reason::settings_invalid, "there is no bank \"" + printable(bank, 64) + "\" in the settings" +
                                     (names.empty() ? ": none has a name" : "; there: " + joined(names)));
}

Settings load_settings(const SettingsSources& sources, std::string_view bank) {
  return settings_for(load_deployment(sources), bank);
}

bool is_bank_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  const auto is_letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= longest && is_letter_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace koshin
