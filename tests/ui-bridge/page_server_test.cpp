// SPDX-License-Identifier: MIT
// The page's server with an owner check of the test's own: who is refused when, and what that costs others.
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <set>
#include <thread>

#include "foundation/failures/failure.hpp"
#include "ui-bridge/server/page_server.hpp"

namespace koshin::ui {
namespace {

using boost::asio::ip::tcp;

/// Answers everything, and keeps what it was given.
class Handler final : public PageHandler {
 public:
  std::optional<Reply> admit(const RequestHead&) override { return std::nullopt; }
  std::string prove(std::string_view nonce) const override {
    return nonce.empty() ? "" : "proof of " + std::string(nonce);
  }
  Reply handle(const RequestHead& head, SecureBuffer body) override {
    if (broken) fail(Reason::disk_full, "no room");
    last = head;
    bodies.emplace_back(body.view().data(), body.size());
    return {.body = "taken"};
  }
  void stream_ended() override {}
  bool broken = false;
  RequestHead last;
  std::vector<std::string> bodies;
};

class PageServerTest : public ::testing::Test {
 protected:
  void open(OwnerCheck check, std::size_t connections = 24) {
    server_ = PageServer::open(context_, handler_, {.connections = connections}, std::move(check));
  }
  tcp::socket connected() {
    tcp::socket socket(context_);
    socket.connect({boost::asio::ip::address_v4::loopback(), server_->port()});
    context_.poll();
    return socket;
  }
  /// What is answered on this connection; empty when it is hung up on.
  std::string answer(tcp::socket& socket, const std::string& request) {
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(request), error);
    std::string text;
    boost::asio::async_read(socket, boost::asio::dynamic_buffer(text),
                            [&](const boost::system::error_code&, std::size_t) { context_.stop(); });
    context_.restart();
    context_.run();
    return text;
  }
  static std::string post(const std::string& more = "") {
    return "POST /api/secret/pin HTTP/1.1\r\nHost: a\r\n" + more +
           "Connection: close\r\nContent-Length: 4\r\n\r\n1234";
  }

  boost::asio::io_context context_;
  Handler handler_;
  std::unique_ptr<PageServer> server_;
};

TEST_F(PageServerTest, NobodyElseChoosesThePort) {
  std::set<std::uint16_t> ports;
  for (int i = 0; i < 20; ++i) {
    open([](const auto&) { return true; });
    EXPECT_GE(server_->port(), 20000);
    ports.insert(server_->port());
  }
  EXPECT_GT(ports.size(), 15U);
  EXPECT_GT(*ports.rbegin() - *ports.begin(), 10000) << "drawn from all, not the next free ones";
}

TEST_F(PageServerTest, IsAskedForBothEndsOfAConnection) {
  std::vector<Connection> asked;
  open([&](const Connection& ends) {
    asked.push_back(ends);
    return true;
  });
  tcp::socket client = connected();
  EXPECT_EQ(answer(client, post()).substr(0, 12), "HTTP/1.1 200");
  ASSERT_EQ(asked.size(), 2U);  // as it came, and for its one request
  for (const Connection& ends : asked) {
    EXPECT_EQ(ends.peer.address, loopback_address);
    EXPECT_EQ(ends.peer.port, client.local_endpoint().port());
    EXPECT_EQ(ends.own.port, server_->port());
  }
}

TEST_F(PageServerTest, ASecretOfAConnectionThatIsOursNoLongerIsNotTaken) {
  int asked = 0;
  open([&](const Connection&) { return ++asked == 1; });
  tcp::socket client = connected();
  EXPECT_EQ(answer(client, post()).substr(0, 12), "HTTP/1.1 403");
  EXPECT_TRUE(handler_.bodies.empty());
}

TEST_F(PageServerTest, StrangersTakeNoSeat) {
  bool ours = true;
  open([&](const Connection&) { return ours; }, 1);
  tcp::socket seated = connected();
  ours = false;
  std::vector<tcp::socket> strangers;
  for (int i = 0; i < 20; ++i) strangers.push_back(connected());
  ours = true;
  EXPECT_EQ(answer(seated, post()).substr(0, 12), "HTTP/1.1 200");
  // The one seat is free again, whatever the strangers do with their ends.
  context_.restart();
  context_.poll();
  tcp::socket next = connected();
  EXPECT_EQ(answer(next, post()).substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(handler_.bodies.size(), 2U);
}

TEST_F(PageServerTest, AFieldThatIsRepeatedIsNoneOfThem) {
  open([](const Connection&) { return true; });
  tcp::socket client = connected();
  answer(client,
         post("Origin: a\r\nOrigin: a\r\nX-Koshin-Tab: t\r\nx-koshin-tab: t\r\nX-Koshin-Browser: b\r\n"));
  EXPECT_EQ(handler_.last.origin, repeated);
  EXPECT_EQ(handler_.last.tab, repeated);
  EXPECT_EQ(handler_.last.browser, "b");
}

TEST_F(PageServerTest, ABodyThatComesWithItsHeadOrAfterItIsTheSame) {
  open([](const Connection&) { return true; });
  const std::string text = post("Cookie: " + std::string(30000, 'x') + "; koshin-1=y\r\n");
  for (const std::size_t cut : {text.size(), text.size() - 4, text.size() - 2, text.size() - 40}) {
    tcp::socket client = connected();
    boost::asio::write(client, boost::asio::buffer(text.substr(0, cut)));
    context_.restart();
    context_.poll();
    EXPECT_EQ(answer(client, text.substr(cut)).substr(0, 12), "HTTP/1.1 200") << cut;
    EXPECT_EQ(handler_.bodies.back(), "1234");
  }
}

constexpr const char* nonce = "X-Koshin-Nonce: n0\r\n";

/// What a page of ours takes for an answer of ours.
bool is_proved(const std::string& answer) {
  return answer.find("\r\nX-Koshin-Proof: proof of n0\r\n") != std::string::npos;
}

TEST_F(PageServerTest, WhatGoesWrongWithARequestIsAnsweredAndIsThatRequestsEndAlone) {
  open([](const Connection&) { return true; });
  handler_.broken = true;
  tcp::socket client = connected();
  const std::string failed = answer(client, post(nonce));
  EXPECT_EQ(failed.substr(0, 12), "HTTP/1.1 500");
  EXPECT_TRUE(is_proved(failed)) << failed;
  handler_.broken = false;
  tcp::socket next = connected();
  EXPECT_EQ(answer(next, post()).substr(0, 12), "HTTP/1.1 200");
}

TEST_F(PageServerTest, EveryRefusalProvesWhoRefuses) {
  int asked = 0;
  open([&](const Connection&) { return ++asked != 2; });
  const std::string head = std::string("POST / HTTP/1.1\r\nHost: a\r\n") + nonce;
  const std::vector<std::pair<std::string, std::string>> refused{
      {"403", post(nonce)},  // whose connection it is could not be found out any more
      {"413", head + "Content-Length: 100000\r\n\r\n"},
      {"413", head + "Transfer-Encoding: chunked\r\n\r\n10000\r\n" + std::string(5000, 'x')},
      {"400", head + "no field\r\n\r\n"},
      {"400", std::string("POST / HTTP/1.1\r\nno field\r\n") + nonce + "\r\n"},
      {"400", std::string("POST /\r\nx-koshin-nonce: \t n0 \r\n\r\n")},
      {"431", head + "X-Long: " + std::string(10000, 'x') + "\r\n\r\n"},
      {"431", head + "Cookie: " + std::string(2000000, 'x') + "\r\n\r\n"},
  };
  for (const auto& [status, request] : refused) {
    tcp::socket client = connected();
    const std::string text = answer(client, request);
    EXPECT_EQ(text.substr(0, 12), "HTTP/1.1 " + status);
    EXPECT_TRUE(is_proved(text)) << text;
  }
}

TEST_F(PageServerTest, ANonceThatIsCutOffWithTheRestOfALongHeadIsNotProved) {
  open([](const Connection&) { return true; });
  for (const std::string& head :
       {"X-Long: " + std::string(10000, 'x') + "\r\n" + nonce,
        "X-Long: " + std::string(8150, 'x') + "\r\nX-Koshin-Nonce: n0" + std::string(99, 'x')}) {
    tcp::socket client = connected();
    const std::string text = answer(client, "POST / HTTP/1.1\r\n" + head + "\r\n\r\n");
    EXPECT_EQ(text.substr(0, 12), "HTTP/1.1 431");
    EXPECT_EQ(text.find("X-Koshin-Proof"), std::string::npos) << "then the page takes it for nobody's";
  }
}

}  // namespace
}  // namespace koshin::ui
