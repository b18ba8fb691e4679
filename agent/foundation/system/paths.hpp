// SPDX-License-Identifier: MIT
// Where koshin keeps things: XDG base directories (or their Windows counterparts), made on first use, private
// to the user.
#pragma once

#include <filesystem>
#include <string>

namespace koshin::paths {

/// $XDG_STATE_HOME/koshin (default ~/.local/state/koshin), mode 0700: the journal, the log.
std::filesystem::path state_directory();
/// The one journal of this user, shared by all programs.
inline std::filesystem::path journal_file() {
  return state_directory() / "journal.sqlite";
}
/// $XDG_RUNTIME_DIR/koshin, else a private folder below the state directory: locks.
std::filesystem::path runtime_directory();
std::filesystem::path user_settings_file();
std::filesystem::path system_settings_directory();
/// The other programs of koshin: the folder of the running executable when it holds them, else the libexec
/// folder.
std::filesystem::path program(const std::string& name);
/// Absolute path of the running executable.
std::filesystem::path self();

}  // namespace koshin::paths
