// SPDX-License-Identifier: MIT
#include "bank/sockets.hpp"

namespace koshin::bank {

void keep_from_children(boost::asio::ip::tcp::socket::native_handle_type socket) noexcept {
  ::SetHandleInformation(reinterpret_cast<HANDLE>(static_cast<SOCKET>(socket)), HANDLE_FLAG_INHERIT, 0);
}

}  // namespace koshin::bank
