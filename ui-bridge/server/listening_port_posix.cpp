// SPDX-License-Identifier: MIT
// Two sockets listen on one port here only where both ask for it (SO_REUSEPORT), and ours does not.
#include "listening_port.hpp"

namespace koshin::ui {

void keep_port_alone(boost::asio::ip::tcp::acceptor& /*acceptor*/) {}

}  // namespace koshin::ui
