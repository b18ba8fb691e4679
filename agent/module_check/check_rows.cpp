// SPDX-License-Identifier: MIT
#include "module_check/check_rows.hpp"

#include <array>

#include "foundation/texts/check.hpp"

namespace koshin::module_check {
namespace {

constexpr std::array rows{
    CheckRow{Check::module_and_token, "module", texts::check_name_module},
    CheckRow{Check::inspect, "inspect", texts::check_name_inspect},
    CheckRow{Check::leftovers, "leftovers", texts::check_name_leftovers},
    CheckRow{Check::before, "before", texts::check_name_before},
    CheckRow{Check::dry_run, "dry_run", texts::check_name_dry_run},
    CheckRow{Check::enroll, "enroll", texts::check_name_enroll},
    CheckRow{Check::doctor, "doctor", texts::check_name_doctor},
    CheckRow{Check::renew, "renew", texts::check_name_renew},
    CheckRow{Check::wrong_pin, "wrong_pin", texts::check_name_wrong_pin},
    CheckRow{Check::right_pin, "right_pin", texts::check_name_right_pin},
    CheckRow{Check::lost_answer, "lost_answer", texts::check_name_lost_answer},
    CheckRow{Check::resume, "resume", texts::check_name_resume},
    CheckRow{Check::prune, "prune", texts::check_name_prune},
    CheckRow{Check::untouched, "untouched", texts::check_name_untouched},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (static_cast<std::size_t>(rows.at(i).check) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

const CheckRow& row_of(Check check) {
  return rows.at(static_cast<std::size_t>(check));
}

std::span<const CheckRow> all_checks() {
  return rows;
}

}  // namespace koshin::module_check
