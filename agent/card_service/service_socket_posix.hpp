// SPDX-License-Identifier: MIT
// Where pcscd listens.
#pragma once

#include <filesystem>

namespace koshin::pcsc {

/// By libpcsclite's own rule: $PCSCLITE_CSOCK_NAME, else where it was built for. Systems without a folder
/// /run (FreeBSD) have it in /var/run.
std::filesystem::path service_socket();

}  // namespace koshin::pcsc
