// SPDX-License-Identifier: MIT
// The settings in force, read anew when their files change: a wrong file is told and the old settings stay.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "foundation/settings/settings.hpp"

namespace koshin::resident {

class SettingsWatch {
 public:
  /// Throws FailureError{settings_invalid, settings_unsafe}: an agent does not start with settings it cannot
  /// read.
  explicit SettingsWatch(SettingsSources sources);
  const std::shared_ptr<const Deployment>& current() const { return current_; }
  /// Looks at the files' times and sizes, and at the registry where there is one. True when there are new
  /// settings in force.
  bool refresh();

 private:
  SettingsSources sources_;
  std::string stamp_;
  std::shared_ptr<const Deployment> current_;
};

}  // namespace koshin::resident
