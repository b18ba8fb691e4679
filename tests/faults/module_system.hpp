// SPDX-License-Identifier: MIT
// What the fault module needs of the system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace koshin::faults {

/// For appending; negative when it cannot be opened. Children do not inherit it.
std::intptr_t open_log(const std::filesystem::path& file);
/// One write: whole even when the next instruction kills. False when it failed.
bool append(std::intptr_t log, std::string_view line);
/// Ends this process as if from outside: nothing more of it runs.
void end_at_once();
[[noreturn]] void wait_for_ever();
/// nullptr when the library cannot be loaded or does not export the function.
void* function_of(const std::filesystem::path& library, const char* function);

}  // namespace koshin::faults
