// SPDX-License-Identifier: MIT
// The pause between two links, kept as the time of a file, so that it holds over the end of a program.
#include "link_pause.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::ui {

namespace {
constexpr std::chrono::seconds shortest_pause{5};
}  // namespace

bool admit_link() {
  namespace fs = std::filesystem;
  try {
    const fs::path file = paths::runtime_directory() / "links.last";
    std::error_code missing;
    const auto last = fs::last_write_time(file, missing);
    const auto now = fs::file_time_type::clock::now();
    // A time to come is that of a clock that was set back since.
    if (!missing && last <= now && now - last < shortest_pause) return false;
    std::ofstream(file, std::ios::app).close();
    fs::last_write_time(file, now);
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "the time of the last link cannot be kept",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
  } catch (const fs::filesystem_error& error) {
    log::warning(log::Event::none, "the time of the last link cannot be kept",
                 {{"KOSHIN_DETAIL", error.what()}});
  }
  return true;
}

}  // namespace koshin::ui
