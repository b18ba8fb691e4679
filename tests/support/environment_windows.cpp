// SPDX-License-Identifier: MIT
// _wputenv_s, which changes the C library's copy and the system's.
#include <cstdlib>

#include "support/environment.hpp"

namespace koshin::test {
namespace {

std::wstring wide(const std::string& utf8) {
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end())).wstring();
}

/// An empty value removes it.
void set(const std::string& name, const std::wstring& value) {
  ::_wputenv_s(wide(name).c_str(), value.c_str());
}

}  // namespace

void isolate_user(const std::filesystem::path& directory) {
  for (const auto& [variable, folder] : {std::pair{"USERPROFILE", "home"},
                                         {"XDG_STATE_HOME", "state"},
                                         {"XDG_RUNTIME_DIR", "runtime"},
                                         {"XDG_CONFIG_HOME", "config"}}) {
    const auto path = directory / folder;
    std::filesystem::create_directories(path);
    set(variable, path.wstring());
  }
}

ScopedEnvironment::ScopedEnvironment(const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) {
    const char* before = std::getenv(name.c_str());
    before_.emplace_back(name, before == nullptr ? std::nullopt : std::optional<std::string>(before));
    set(name, wide(value));
  }
}

ScopedEnvironment::~ScopedEnvironment() {
  for (const auto& [name, value] : before_) set(name, value ? wide(*value) : std::wstring());
}

}  // namespace koshin::test
