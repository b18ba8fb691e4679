// SPDX-License-Identifier: MIT
// The settings in force, read anew when their files change: a wrong file is told and the old settings stay;
// where there are none yet, the defaults stand in.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin::resident {

class SettingsWatch {
 public:
  /// With settings that cannot be read the defaults are in force: no module, no authority, one bank.
  explicit SettingsWatch(SettingsSources sources);
  const std::shared_ptr<const Deployment>& current() const { return current_; }
  /// What is wrong with the files as they are now (settings_invalid, settings_unsafe); empty: nothing.
  const std::optional<Failure>& mistake() const { return mistake_; }
  /// Looks at the files' times and sizes, and at the registry where there is one; while something is wrong
  /// it reads them again in any case, since a permission has neither. True when there are new settings in
  /// force.
  bool refresh();
  /// Where the files are, or would be, and where a link among them would lead.
  std::vector<std::filesystem::path> folders() const;
  /// Whether a link among them leads to nothing.
  bool leads_nowhere() const { return !dangling_links().empty(); }

 private:
  std::vector<std::filesystem::path> dangling_links() const;

  SettingsSources sources_;
  std::string stamp_;
  std::optional<Failure> mistake_;
  std::shared_ptr<const Deployment> current_;
};

}  // namespace koshin::resident
