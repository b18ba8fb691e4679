// SPDX-License-Identifier: MIT
// The owner of a connection's other end, from the kernel's tables.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "ui-bridge/peer_owner.hpp"

namespace koshin::ui {
namespace {

constexpr std::string_view table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1\n"
    "   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2\n"
    "   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3\n"
    "   3: 0100007F:C351 0100007F:1F90 08 00000000:00000000 00:00000000 00000000  1002        0 4\n"
    "   4: 0200007F:C352 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1003        0 5\n";

TEST(FindOwner, IsTheOneOfTheClientsSocket) {
  EXPECT_EQ(find_owner(table, 50000, 8080), 1001U);
}

TEST(FindOwner, IsEmptyWhenTheConnectionIsClosingElsewhereOrUnknown) {
  EXPECT_EQ(find_owner(table, 50001, 8080), std::nullopt);
  EXPECT_EQ(find_owner(table, 50002, 8080), std::nullopt);
  EXPECT_EQ(find_owner(table, 50003, 8080), std::nullopt);
  EXPECT_EQ(find_owner("garbage", 50000, 8080), std::nullopt);
}

TEST(FindOwner, SeesADualStackClient) {
  constexpr std::string_view mapped =
      "  sl  local_address                         remote_address                        st\n"
      "   0: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:1F90 01 0:0 00:0 0 1004 "
      "0 9\n";
  EXPECT_EQ(find_owner(mapped, 50000, 8080), 1004U);
}

TEST(PeerOwner, OfAConnectionOfOurOwnIsThisUser) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(listener, generic, size), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  ASSERT_EQ(getsockname(listener, generic, &size), 0);
  const std::uint16_t server_port = ntohs(address.sin_port);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(connect(client, generic, size), 0);
  ASSERT_EQ(getsockname(client, generic, &size), 0);
  const std::uint16_t client_port = ntohs(address.sin_port);
  EXPECT_EQ(peer_owner(client_port, server_port), geteuid());
  EXPECT_TRUE(peer_is_self(client_port, server_port));
  // What peer_owner() falls back to says the same.
  std::ifstream tables("/proc/self/net/tcp");
  const std::string table_now{std::istreambuf_iterator<char>(tables), {}};
  EXPECT_EQ(find_owner(table_now, client_port, server_port), geteuid());
  // Once the client is gone, what is left of the connection belongs to nobody.
  close(client);
  EXPECT_EQ(peer_owner(client_port, server_port), std::nullopt);
  close(listener);
}

}  // namespace
}  // namespace koshin::ui
