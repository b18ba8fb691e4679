// SPDX-License-Identifier: MIT
// Acknowledgements: the system tells whether it puts them off.
#include "enrollment/http/tcp_acknowledgement.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockets.hpp"

namespace koshin::enrollment {
namespace {

bool acknowledges_at_once(int socket) {
  int on = 0;
  socklen_t size = sizeof on;
  getsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, &size);
  return on != 0;
}

TEST(TcpAcknowledgement, AConnectionOfQuestionsAndAnswersIsTakenOutOfWaiting) {
  test::LoopbackListener echo([](int descriptor, int) {
    char byte = 0;
    while (recv(descriptor, &byte, 1, 0) == 1 && send(descriptor, &byte, 1, MSG_NOSIGNAL) == 1) {
    }
  });
  const int socket = test::connect_to(echo.port());
  ASSERT_GE(socket, 0);
  char byte = 'x';
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(send(socket, &byte, 1, MSG_NOSIGNAL), 1);
    ASSERT_EQ(recv(socket, &byte, 1, 0), 1);
  }
  // What Linux does by itself on such a connection.
  const int off = 0;
  setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof off);
  EXPECT_FALSE(acknowledges_at_once(socket));
  acknowledge_at_once(socket);
  EXPECT_TRUE(acknowledges_at_once(socket));
  acknowledge_at_once(-1);  // a connection that is gone
  close(socket);
}

}  // namespace
}  // namespace koshin::enrollment
