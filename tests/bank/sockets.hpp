// SPDX-License-Identifier: MIT
// What differs between the systems' sockets.
#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace koshin::bank {

/// Children do not inherit it.
void keep_from_children(boost::asio::ip::tcp::socket::native_handle_type socket) noexcept;

}  // namespace koshin::bank
