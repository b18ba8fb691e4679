// SPDX-License-Identifier: MIT
// The owner of a connection's other end, from the kernel: by all four of addresses and ports.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "foundation/system/peer_owner_linux.hpp"

namespace koshin::ui {
namespace {

constexpr std::string_view table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1\n"
    "   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2\n"
    "   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3\n"
    "   3: 0100007F:C351 0100007F:1F90 08 00000000:00000000 00:00000000 00000000  1002        0 4\n"
    "   4: 0200007F:C352 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1003        0 5\n";

Connection from(std::uint16_t port, std::uint32_t address = loopback_address) {
  return {{address, port}, {loopback_address, 8080}};
}

TEST(FindOwner, IsTheOneOfTheClientsSocket) {
  EXPECT_EQ(find_owner(table, from(50000)), 1001U);
}

TEST(FindOwner, IsTheOneOfThisAddressNotOfThePortOnAnother) {
  EXPECT_EQ(find_owner(table, from(50002)), std::nullopt);
  EXPECT_EQ(find_owner(table, from(50002, loopback_address + 1)), 1003U);
  EXPECT_EQ(find_owner(table, from(50000, loopback_address + 1)), std::nullopt);
}

TEST(FindOwner, IsEmptyWhenTheConnectionIsClosingOrUnknown) {
  EXPECT_EQ(find_owner(table, from(50001)), std::nullopt);
  EXPECT_EQ(find_owner(table, from(50003)), std::nullopt);
  EXPECT_EQ(find_owner("garbage", from(50000)), std::nullopt);
}

TEST(FindOwner, SeesADualStackClient) {
  constexpr std::string_view mapped =
      "  sl  local_address                         remote_address                        st\n"
      "   0: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:1F90 01 0:0 00:0 0 1004 "
      "0 9\n";
  EXPECT_EQ(find_owner(mapped, from(50000)), 1004U);
}

/// A listener of this test's own, and clients of any kind.
class PeerOwner : public ::testing::Test {
 protected:
  PeerOwner() {
    sockaddr_in address = at(loopback_address, 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, generic(address), size), 0);
    EXPECT_EQ(listen(listener_, 4), 0);
    EXPECT_EQ(getsockname(listener_, generic(address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~PeerOwner() override { close(listener_); }

  static sockaddr_in at(std::uint32_t address, std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_addr.s_addr = htonl(address);
    result.sin_port = htons(port);
    return result;
  }
  static sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

  /// A client whose own end is bound there (port 0: any); gives both ends.
  Connection connect_from(int client, std::uint32_t address, std::uint16_t port) const {
    sockaddr_in own = at(address, port), server = at(loopback_address, port_);
    socklen_t size = sizeof own;
    EXPECT_EQ(bind(client, generic(own), size), 0);
    EXPECT_EQ(connect(client, generic(server), sizeof server), 0);
    EXPECT_EQ(getsockname(client, generic(own), &size), 0);
    return {{address, ntohs(own.sin_port)}, {loopback_address, port_}};
  }

  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port_ = 0;
};

TEST_F(PeerOwner, OfAConnectionOfOurOwnIsThisUser) {
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  const Connection ours = connect_from(client, loopback_address, 0);
  EXPECT_EQ(peer_owner(ours), geteuid());
  EXPECT_TRUE(peer_is_self(ours));
  // What peer_owner() falls back to says the same.
  std::ifstream tables("/proc/self/net/tcp");
  const std::string table_now{std::istreambuf_iterator<char>(tables), {}};
  EXPECT_EQ(find_owner(table_now, ours), geteuid());
  // Once the client is gone, what is left of the connection belongs to nobody.
  close(client);
  EXPECT_EQ(peer_owner(ours), std::nullopt);
}

TEST_F(PeerOwner, OfADualStackClientIsThisUser) {
  const int client = socket(AF_INET6, SOCK_STREAM, 0);
  if (client < 0) GTEST_SKIP() << "this machine has no IPv6 sockets";
  sockaddr_in6 server{};
  server.sin6_family = AF_INET6;
  server.sin6_port = htons(port_);
  server.sin6_addr.s6_addr[10] = server.sin6_addr.s6_addr[11] = 0xFF;
  server.sin6_addr.s6_addr[12] = 127;
  server.sin6_addr.s6_addr[15] = 1;
  ASSERT_EQ(connect(client, reinterpret_cast<sockaddr*>(&server), sizeof server), 0);
  sockaddr_in6 own{};
  socklen_t size = sizeof own;
  ASSERT_EQ(getsockname(client, reinterpret_cast<sockaddr*>(&own), &size), 0);
  const Connection ours{{loopback_address, ntohs(own.sin6_port)}, {loopback_address, port_}};
  EXPECT_EQ(peer_owner(ours), geteuid());
  close(client);
}

TEST_F(PeerOwner, IsNotThisUserForAnotherAddressWithTheSamePort) {
  const int client = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM, 0);
  const Connection ours = connect_from(client, loopback_address, 0);
  // A connection that is not there is nobody's, though the port number is that of one of ours.
  const Connection wrong{{loopback_address + 1, ours.peer.port}, ours.own};
  EXPECT_EQ(peer_owner(wrong), std::nullopt);
  // One that is there is refused for its address, whosever it is.
  const Connection there = connect_from(other, loopback_address + 1, ours.peer.port);
  EXPECT_EQ(peer_owner(there), geteuid());
  EXPECT_FALSE(peer_is_self(there));
  close(client);
  close(other);
}

TEST_F(PeerOwner, AKernelThatSaysNothingIsAskedOnceMore) {
  using Kind = KernelAnswer::Kind;
  int asked = 0;
  const auto silent_once = [&](const Connection&) {
    return ++asked == 1 ? KernelAnswer{} : KernelAnswer{Kind::owner, 1234};
  };
  EXPECT_EQ(peer_owner(from(50000), silent_once), 1234U);
  EXPECT_EQ(asked, 2);
  // "There is none" is an answer.
  asked = 0;
  const auto denies = [&](const Connection&) {
    ++asked;
    return KernelAnswer{Kind::no_such_connection};
  };
  EXPECT_EQ(peer_owner(from(50000), denies), std::nullopt);
  EXPECT_EQ(asked, 1);
}

TEST_F(PeerOwner, WhereTheKernelStaysSilentItsTablesTellTheSame) {
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  const Connection ours = connect_from(client, loopback_address, 0);
  EXPECT_EQ(peer_owner(ours), geteuid());  // it has answered before
  EXPECT_EQ(peer_owner(ours, [](const Connection&) { return KernelAnswer{}; }), geteuid());
  close(client);
}

TEST_F(PeerOwner, TheKernelSaysThatThereIsNoSuchConnection) {
  EXPECT_EQ(ask_kernel({{loopback_address, 1}, {loopback_address, port_}}).kind,
            KernelAnswer::Kind::no_such_connection);
}

TEST_F(PeerOwner, IsNotTheListenersWhereThereIsNoConnection) {
  // The kernel would answer with the socket that listens on what is asked for as the peer's port.
  EXPECT_EQ(peer_owner({{loopback_address, port_}, {loopback_address, 1}}), std::nullopt);
}

}  // namespace
}  // namespace koshin::ui
