// SPDX-License-Identifier: MIT
#include "foundation/system/service_state_windows.hpp"

#include <windows.h>

#include <array>
#include <cstddef>
#include <memory>

namespace koshin {
namespace {

struct ServiceCloser {
  void operator()(SC_HANDLE handle) const { ::CloseServiceHandle(handle); }
};
using ServiceHandle = std::unique_ptr<SC_HANDLE__, ServiceCloser>;

}  // namespace

std::optional<ServiceState> state_of_service(const wchar_t* name) {
  const ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
  if (!manager) return {};
  const ServiceHandle service(
      ::OpenServiceW(manager.get(), name, SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG));
  SERVICE_STATUS status{};
  if (!service || ::QueryServiceStatus(service.get(), &status) == 0) return {};
  constexpr DWORD largest_configuration = 8192;  // what QueryServiceConfig says of itself
  alignas(QUERY_SERVICE_CONFIGW) std::array<std::byte, largest_configuration> bytes{};
  auto* const configuration = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(bytes.data());
  DWORD needed = 0;
  if (::QueryServiceConfigW(service.get(), configuration, largest_configuration, &needed) == 0) return {};
  return ServiceState{status.dwCurrentState, configuration->dwStartType};
}

}  // namespace koshin
