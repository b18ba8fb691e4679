// SPDX-License-Identifier: MIT
// What the primary instance is on every system: how long and how much it is spoken with, and that an error
// of the system is no reason to end.
#pragma once

#include <boost/system/system_error.hpp>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"

namespace koshin::ui::primary {

/// For a koshin-ui that holds its lock and listens to answer. One that is given up gets a second page beside
/// it.
inline constexpr std::chrono::seconds longest_wait{10};
inline constexpr std::chrono::seconds pause_after_error{1};
inline constexpr std::size_t longest_word = 32, longest_answer = 8192;

/// Calls `use`; an error of the system is logged, and gives an empty result.
template <class Use>
auto unless_it_fails(std::string_view what, Use use) -> decltype(use()) {
  std::string why;
  try {
    return use();
  } catch (const FailureError& error) {
    why = error.failure().detail;
  } catch (const std::system_error& error) {
    why = error.what();
  } catch (const boost::system::system_error& error) {  // it is no std::system_error
    why = error.what();
  }
  log::warning(log::Event::none, what, {{"KOSHIN_DETAIL", why}});
  return {};
}

}  // namespace koshin::ui::primary
