// SPDX-License-Identifier: MIT
// With SO_REUSEADDR a program may take the port of another one that has not asked for SO_EXCLUSIVEADDRUSE.
#include "listening_port.hpp"

namespace koshin::ui {

void keep_port_alone(boost::asio::ip::tcp::acceptor& acceptor) {
  using Exclusive = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_EXCLUSIVEADDRUSE>;
  acceptor.set_option(Exclusive(true));
}

}  // namespace koshin::ui
