// SPDX-License-Identifier: MIT
// A system that koshin cannot ask whose a connection is: nobody's is taken for this user's, and that is known
// beforehand.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "foundation/system/peer_owner.hpp"
#include "ui-bridge/page/page_view.hpp"
#include "ui-bridge/server/page_server.hpp"

namespace koshin::ui {
namespace {

using boost::asio::ip::tcp;

TEST(PeersUntold, NoPageIsPossible) {
  EXPECT_FALSE(peers_can_be_told());
  EXPECT_FALSE(page_possible());
}

TEST(PeersUntold, AConnectionOfOurOwnIsRefusedToo) {
  boost::asio::io_context context;
  tcp::acceptor listener(context, {boost::asio::ip::address_v4::loopback(), 0});
  tcp::socket client(context);
  client.connect(listener.local_endpoint());
  EXPECT_FALSE(peer_is_self({{loopback_address, client.local_endpoint().port()},
                             {loopback_address, listener.local_endpoint().port()}}));
}

class Nothing final : public PageHandler {
 public:
  std::optional<Reply> admit(const RequestHead&) override {
    asked = true;
    return std::nullopt;
  }
  Reply handle(const RequestHead&, SecureBuffer) override { return {.body = "served"}; }
  std::string prove(std::string_view) const override { return {}; }
  void stream_ended() override {}
  bool asked = false;
};

TEST(PeersUntold, AServerThatWasOpenedAllTheSameServesNobody) {
  boost::asio::io_context context;
  Nothing handler;
  const auto server = PageServer::open(context, handler);
  tcp::socket client(context);
  client.connect({boost::asio::ip::address_v4::loopback(), server->port()});
  context.poll();
  boost::system::error_code ignored;
  boost::asio::write(client, boost::asio::buffer(std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")), ignored);
  std::string answer;
  boost::system::error_code end;
  boost::asio::read(client, boost::asio::dynamic_buffer(answer), end);  // hung up on, without a byte
  EXPECT_TRUE(end);
  EXPECT_EQ(answer, "");
  EXPECT_FALSE(handler.asked);
}

}  // namespace
}  // namespace koshin::ui
