// SPDX-License-Identifier: MIT
// Words for WinSCard's codes: FormatMessage would give them in the system's language, and the log is in
// English.
#include <windows.h>
#include <winscard.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "card_service/pcsc_error.hpp"
#include "foundation/base/text.hpp"

namespace koshin::pcsc {
namespace {

// Each as pcsc-lite says it too, where it has the code.
constexpr std::pair<LONG, const char*> words[] = {
    {SCARD_S_SUCCESS, "Command successful."},
    {SCARD_F_INTERNAL_ERROR, "Internal error."},
    {SCARD_E_CANCELLED, "Command cancelled."},
    {SCARD_E_INVALID_HANDLE, "Invalid handle."},
    {SCARD_E_INVALID_PARAMETER, "Invalid parameter given."},
    {SCARD_E_NO_MEMORY, "Not enough memory."},
    {SCARD_F_WAITED_TOO_LONG, "Waited too long."},
    {SCARD_E_INSUFFICIENT_BUFFER, "Insufficient buffer."},
    {SCARD_E_UNKNOWN_READER, "Unknown reader specified."},
    {SCARD_E_TIMEOUT, "Command timeout."},
    {SCARD_E_SHARING_VIOLATION, "Sharing violation."},
    {SCARD_E_NO_SMARTCARD, "No smart card inserted."},
    {SCARD_E_SYSTEM_CANCELLED, "System cancelled: the session ends, or its readers went elsewhere."},
    {SCARD_F_COMM_ERROR, "Communication error."},
    {SCARD_F_UNKNOWN_ERROR, "Unknown internal error."},
    {SCARD_E_READER_UNAVAILABLE, "Reader is unavailable."},
    {SCARD_P_SHUTDOWN, "The operation was ended so that the service can stop."},
    {SCARD_E_NO_SERVICE, "Service not available."},
    {SCARD_E_SERVICE_STOPPED, "Service was stopped."},
    {SCARD_E_NO_READERS_AVAILABLE, "Cannot find a smart card reader."},
    {SCARD_E_COMM_DATA_LOST, "Communication data lost."},
    {SCARD_E_NO_ACCESS, "Access denied."},
    {SCARD_E_SERVER_TOO_BUSY, "The service is too busy."},
    {SCARD_E_UNEXPECTED, "Unexpected error."},
    {SCARD_E_UNSUPPORTED_FEATURE, "Feature not supported."},
    {SCARD_W_REMOVED_CARD, "Card was removed."},
    {SCARD_W_RESET_CARD, "Card was reset."},
    {SCARD_W_UNRESPONSIVE_CARD, "Card is unresponsive to reset."},
    {SCARD_W_UNPOWERED_CARD, "Card is unpowered."},
    {SCARD_W_UNSUPPORTED_CARD, "Card is not supported."},
    {ERROR_BROKEN_PIPE, "The connection of a remote desktop has no smart cards."},
};

}  // namespace

std::string pcsc_words(std::uint32_t code) {
  const auto* const found = std::find_if(std::begin(words), std::end(words), [code](const auto& row) {
    return static_cast<std::uint32_t>(row.first) == code;
  });
  if (found != std::end(words)) return found->second;
  const std::array<std::uint8_t, 4> bytes{
      static_cast<std::uint8_t>(code >> 24U), static_cast<std::uint8_t>(code >> 16U),
      static_cast<std::uint8_t>(code >> 8U), static_cast<std::uint8_t>(code)};
  return "Unknown error: 0x" + to_hex(bytes);
}

}  // namespace koshin::pcsc
