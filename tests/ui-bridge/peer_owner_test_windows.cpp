// SPDX-License-Identifier: MIT
// The owner of a connection's other end, from the system's table: by all four of addresses and ports.
#include <winsock2.h>
// After winsock2.h, which it would bring in an older version.
#include <windows.h>

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "foundation/system/peer_owner.hpp"

namespace koshin::ui {
namespace {

using boost::asio::ip::address_v4;
using boost::asio::ip::tcp;

class PeerOwner : public ::testing::Test {
 protected:
  Connection ends_of(const tcp::socket& client, std::uint32_t address = loopback_address) const {
    return {{address, client.local_endpoint().port()}, {loopback_address, listener_.local_endpoint().port()}};
  }
  /// Wine knows a socket's process only once the process has sent something.
  static void show(tcp::socket& client) { client.send(boost::asio::buffer("x", 1)); }
  /// A client whose own end is bound there (port 0: any).
  tcp::socket connect_from(std::uint32_t address, std::uint16_t port) {
    tcp::socket client(context_, tcp::v4());
    client.set_option(tcp::socket::reuse_address(true));
    client.bind({address_v4(address), port});
    client.connect(listener_.local_endpoint());
    show(client);
    return client;
  }

  boost::asio::io_context context_;
  tcp::acceptor listener_{context_, {address_v4::loopback(), 0}};
};

TEST_F(PeerOwner, OfAConnectionOfOurOwnIsThisUser) {
  tcp::socket client = connect_from(loopback_address, 0);
  const Connection ours = ends_of(client);
  EXPECT_TRUE(peer_is_self(ours));
  // Once the client is gone, what is left of the connection belongs to nobody.
  client.close();
  EXPECT_FALSE(peer_is_self(ours));
}

TEST_F(PeerOwner, OfADualStackClientIsThisUser) {
  // Wine looks for the process of such a socket in the wrong column of a table.
  if (GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr)
    GTEST_SKIP() << "this is Wine";
  tcp::socket client(context_, tcp::v6());
  client.set_option(boost::asio::ip::v6_only(false));
  client.connect({boost::asio::ip::make_address("::ffff:127.0.0.1"), listener_.local_endpoint().port()});
  EXPECT_TRUE(peer_is_self(ends_of(client)));
}

TEST_F(PeerOwner, IsNotThisUserForAnotherAddressWithTheSamePort) {
  const tcp::socket client = connect_from(loopback_address, 0);
  // A connection that is not there is nobody's, though the port number is that of one of ours.
  EXPECT_FALSE(peer_is_self(ends_of(client, loopback_address + 1)));
  // One that is there is refused for its address, whosever it is.
  const tcp::socket other = connect_from(loopback_address + 1, client.local_endpoint().port());
  EXPECT_FALSE(peer_is_self(ends_of(other, loopback_address + 1)));
}

TEST_F(PeerOwner, IsNotTheListenersWhereThereIsNoConnection) {
  EXPECT_FALSE(peer_is_self({{loopback_address, listener_.local_endpoint().port()}, {loopback_address, 1}}));
  EXPECT_FALSE(peer_is_self({{loopback_address, 1}, {loopback_address, listener_.local_endpoint().port()}}));
}

}  // namespace
}  // namespace koshin::ui
