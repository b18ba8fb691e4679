// SPDX-License-Identifier: MIT
// A small file: the reason in its first line, the detail in the rest.
#include "desktop/told_mistake.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "foundation/log/log.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/state_folder.hpp"

namespace koshin::desktop {
namespace {

std::string text_of_mistake(const Failure& mistake) {
  return std::string(info(mistake.reason).id) + '\n' + mistake.detail + '\n';
}

}  // namespace

std::string ToldMistake::name(const char* more) const {
  return std::string(what_ == In::settings ? "told-settings-mistake" : "told-journal-mistake") + more;
}

/// Empty for a user who has no state folder yet, or can have none.
std::filesystem::path ToldMistake::file_if_any() const {
  try {
    if (paths::has_state_directory()) return paths::state_directory() / name("");
  } catch (const FailureError& error) {
    log::debug("There is no place for what was told.", {{"KOSHIN_DETAIL", error.what()}});
  }
  return {};
}

bool is_same_mistake(const Failure& one, const Failure& other) {
  return one.reason == other.reason && one.detail == other.detail;
}

bool ToldMistake::is(const Failure& mistake) const {
  if (kept_ && is_same_mistake(*kept_, mistake)) return true;
  // No more than is compared: the user may have put anything there.
  const std::string expected = text_of_mistake(mistake);
  std::string found(expected.size() + 1, '\0');
  std::ifstream file(file_if_any(), std::ios::binary);
  file.read(found.data(), static_cast<std::streamsize>(found.size()));
  found.resize(static_cast<std::size_t>(file.gcount()));
  return found == expected;
}

bool ToldMistake::begin() {
  if (telling_) return true;
  try {
    telling_ = FileLock::try_acquire(paths::state_directory() / name(".lock"));
    return telling_ != nullptr;
  } catch (const std::exception& error) {  // better told twice than never
    log::warning(log::Event::none, "Whether another process tells the person of a mistake is not known.",
                 {{"KOSHIN_DETAIL", error.what()}});
    return true;
  }
}

void ToldMistake::keep(const Failure& mistake) {
  kept_ = mistake;
  try {
    write_file_atomically(paths::state_directory() / name(""), text_of_mistake(mistake));
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "That the person was told of a mistake could not be kept.",
                 {{"KOSHIN_DETAIL", error.what()}});
  }
}

void ToldMistake::forget() {
  kept_.reset();
  const std::filesystem::path file = file_if_any();
  std::error_code ignored;
  if (!file.empty()) std::filesystem::remove(file, ignored);
}

}  // namespace koshin::desktop
