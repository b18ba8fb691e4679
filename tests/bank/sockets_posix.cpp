// SPDX-License-Identifier: MIT
#include "bank/sockets.hpp"

#include <fcntl.h>

namespace koshin::bank {

void keep_from_children(boost::asio::ip::tcp::socket::native_handle_type socket) noexcept {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

}  // namespace koshin::bank
