// SPDX-License-Identifier: MIT
// Threads that may outlive whoever started them, because the system gives no way to end the call they are in.
#pragma once

#include <functional>

namespace koshin {

/// Nobody waits for it: `work` owns what it uses, and throws nothing. Its stack is small (256 KiB). Throws
/// std::system_error when the system has no thread to give.
void start_detached_thread(std::function<void()> work);

}  // namespace koshin
