// SPDX-License-Identifier: MIT
// A port that nobody else listens on.
#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace koshin::ui {

/// To be called before bind(): afterwards nobody can listen on the same address and port, whatever options
/// their socket has.
void keep_port_alone(boost::asio::ip::tcp::acceptor& acceptor);

}  // namespace koshin::ui
