// SPDX-License-Identifier: MIT
// Assembles the failure table in the order of the enumeration; a missing row does not compile.
#include <algorithm>
#include <array>

#include "foundation/failures/failure.hpp"
#include "foundation/failures/failure_rows_answer.hpp"
#include "foundation/failures/failure_rows_authority.hpp"
#include "foundation/failures/failure_rows_certificate.hpp"
#include "foundation/failures/failure_rows_issued.hpp"
#include "foundation/failures/failure_rows_pin.hpp"
#include "foundation/failures/failure_rows_program.hpp"
#include "foundation/failures/failure_rows_token.hpp"

namespace koshin {
namespace {

constexpr std::size_t reason_count = static_cast<std::size_t>(Reason::proof_failed) + 1;

constexpr auto assemble() {
  std::array<ReasonInfo, reason_count> table{};
  std::size_t next = 0;
  const auto append = [&](const auto& rows) {
    for (const ReasonInfo& row : rows) table.at(next++) = row;
  };
  append(failure_rows::program);
  append(failure_rows::token);
  append(failure_rows::pin);
  append(failure_rows::certificate_and_policy);
  append(failure_rows::connection);
  append(failure_rows::answer);
  append(failure_rows::issued);
  return table;
}

constexpr std::array<ReasonInfo, reason_count> table = assemble();

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table.at(i).reason) != i || table.at(i).id.empty()) return false;
  }
  return true;
}
static_assert(in_order(), "every Reason has its row, in the order of the enumeration");

}  // namespace

std::span<const ReasonInfo> reason_table() {
  return table;
}

const ReasonInfo& info(Reason reason) {
  return table.at(static_cast<std::size_t>(reason));
}

std::optional<Reason> parse_reason(std::string_view id) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [&](const ReasonInfo& row) { return row.id == id; });
  if (found == table.end()) return std::nullopt;
  return found->reason;
}

}  // namespace koshin
