// SPDX-License-Identifier: MIT
// One hook, from its start to the end of all that it has started.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "hooks/due_hooks.hpp"
#include "hooks/hook_files.hpp"

namespace koshin::hooks {

/// Of what a hook writes to stdout and stderr; it may write more, which is dropped.
inline constexpr std::size_t largest_output = 4096;

struct HookEnd {
  bool done = false;  ///< it ended with 0
  std::string how;    ///< "ended with 3", "was ended after 60 s"
  std::string
      output;  ///< stdout and stderr in their order, the first largest_output bytes; not printable yet
};

/// The environment of a hook, and all of it: "NAME=value". Values hold no control characters.
std::vector<std::string> hook_environment(const NewCertificate& one);

/// Runs the hook with the certificate on its stdin, in hook_folder(), for at most `limit`. This process must
/// have called process_tree::adopt_orphans(), and have no other children: all of them are ended with the
/// hook.
HookEnd run_hook(const Hook& hook, const NewCertificate& one, std::chrono::seconds limit);

}  // namespace koshin::hooks
