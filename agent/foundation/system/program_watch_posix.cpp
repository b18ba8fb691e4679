// SPDX-License-Identifier: MIT
// Changes in the program's folder: a package's installer renames the new file over the old one.
#include "foundation/system/program_watch.hpp"

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "foundation/system/paths.hpp"

namespace koshin {

namespace {

/// Where the program was, if its file is gone or another one has its place, which Linux says in its name
/// (proc(5), /proc/pid/exe). Other systems do not tell what was before the watch began.
std::filesystem::path place_of(const std::filesystem::path& program) {
  constexpr std::string_view gone = " (deleted)";
  const std::string& name = program.native();
  return name.ends_with(gone) ? name.substr(0, name.size() - gone.size()) : name;
}

}  // namespace

ProgramWatch::ProgramWatch()
    : program_(place_of(paths::self())),
      identity_(program_ == paths::self() ? identity_of(program_) : std::nullopt),
      folder_(std::in_place, program_.parent_path(), FolderWatch::Of::names),
      obstacle_(folder_->obstacle()) {}

std::optional<ProgramWatch::Identity> ProgramWatch::identity_of(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return Identity{info.st_dev, info.st_ino};
}

ProgramWatch::State ProgramWatch::look() {
  (void)folder_->take();
  const auto now = identity_of(program_);
  if (!now) return State::removed;
  return now == identity_ ? State::same : State::replaced;
}

}  // namespace koshin
