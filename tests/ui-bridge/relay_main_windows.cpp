// SPDX-License-Identifier: MIT
// koshin-relay PORT: passes what comes to a port of its own on to PORT of 127.0.0.1, and back. Says its own
// port in a line, and runs until its input ends. Under Wine a browser of Linux is a process that Windows'
// tables know nothing of; behind this program its connections are those of a program of Windows, of the user
// who runs it.
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

namespace {

using boost::asio::ip::tcp;
using Error = boost::system::error_code;

/// Both directions of one connection.
class Pair : public std::enable_shared_from_this<Pair> {
 public:
  explicit Pair(tcp::socket client) : client_(std::move(client)), server_(client_.get_executor()) {}

  void start(const tcp::endpoint& to) {
    server_.async_connect(to, [self = shared_from_this()](const Error& error) {
      if (error) return;
      self->pass_on(self->client_, self->server_, self->forth_);
      self->pass_on(self->server_, self->client_, self->back_);
    });
  }

 private:
  using Buffer = std::array<char, 16384>;

  void pass_on(tcp::socket& from, tcp::socket& to, Buffer& buffer) {
    from.async_read_some(boost::asio::buffer(buffer), [self = shared_from_this(), &from, &to, &buffer](
                                                          const Error& error, std::size_t size) {
      Error ignored;
      if (error) {
        to.shutdown(tcp::socket::shutdown_send, ignored);
        return;
      }
      boost::asio::async_write(to, boost::asio::buffer(buffer, size),
                               [self, &from, &to, &buffer](const Error& failed, std::size_t) {
                                 if (!failed) self->pass_on(from, to, buffer);
                               });
    });
  }

  tcp::socket client_, server_;
  Buffer forth_{}, back_{};
};

void accept_all(tcp::acceptor& listener, const tcp::endpoint& to) {
  listener.async_accept([&listener, to](const Error& error, tcp::socket client) {
    if (!error) std::make_shared<Pair>(std::move(client))->start(to);
    accept_all(listener, to);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto loopback = boost::asio::ip::address_v4::loopback();
  boost::asio::io_context context;
  tcp::acceptor listener(context, {loopback, 0});
  accept_all(listener, {loopback, static_cast<std::uint16_t>(std::atoi(argv[1]))});
  std::printf("%u\n", static_cast<unsigned>(listener.local_endpoint().port()));
  std::fflush(stdout);
  std::thread([] {
    while (std::getchar() != EOF) {
    }
    std::_Exit(0);
  }).detach();
  context.run();
}
