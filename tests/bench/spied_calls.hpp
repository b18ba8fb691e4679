// SPDX-License-Identifier: MIT
// Calls to the token, counted by pkcs11-spy of OpenSC. Its log holds the PIN, so it lives in a sandbox and
// goes with it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/scene.hpp"

namespace koshin::bench {

/// Names of functions, in the order in which they came, without those that fetch the function list.
using Calls = std::vector<std::string>;

/// What `run` calls in a sandbox with these tokens, the first of which is the one that it is about. Throws
/// std::runtime_error where there is no pkcs11-spy.
Calls spied(Scene& scene, const std::vector<std::string>& tokens, const std::function<void(Sandbox&)>& run);

}  // namespace koshin::bench
