// SPDX-License-Identifier: MIT
#include "card_service/service_socket_posix.hpp"

#include <cstdlib>

namespace koshin::pcsc {

std::filesystem::path service_socket() {
  if (const char* configured = std::getenv("PCSCLITE_CSOCK_NAME"); configured != nullptr) return configured;
  std::error_code ignored;
  return std::filesystem::is_directory("/run", ignored) ? "/run/pcscd/pcscd.comm"
                                                        : "/var/run/pcscd/pcscd.comm";
}

}  // namespace koshin::pcsc
