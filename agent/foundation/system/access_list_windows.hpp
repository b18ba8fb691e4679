// SPDX-License-Identifier: MIT
// Who owns a file, and who else has rights to it.
#pragma once

#include <string>
#include <vector>

#include "foundation/system/handle.hpp"

namespace koshin {

/// Whom a judgement trusts beside the administrators, the system and Windows' own installer.
struct Trusted {
  bool caller = true;               ///< the user of this process
  std::vector<std::string> others;  ///< "S-1-5-…"
};

struct AccessJudgement {
  std::string owner;  ///< "DOMAIN\name", else the SID
  bool owner_trusted = false;
  bool owner_is_administrator = false;
  /// Somebody who is not trusted and has one of the rights that were asked about; empty: nobody.
  std::string other;
};

/// `rights`: an ACCESS_MASK. Entries that deny are not counted: who is allowed and denied at once counts as
/// allowed. `file` was opened with READ_CONTROL. Throws std::system_error naming `name`.
AccessJudgement judge_access(NativeHandle file, unsigned long rights, const Trusted& trusted,
                             const std::string& name);
/// The SID of a local group or user; empty when there is none.
std::string sid_of(const char* account);

}  // namespace koshin
