// SPDX-License-Identifier: MIT
// koshin-relay: a SOCKS proxy (RFC 1928) to the ports of 127.0.0.1. Says its own port in a line, and runs
// until its input ends. Under Wine a browser of Linux is a process that Windows' tables know nothing of;
// behind this program its connections are those of a program of Windows, and of the user who runs it.
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

namespace {

using boost::asio::ip::tcp;
using Error = boost::system::error_code;

/// What comes first; empty at the end.
std::string first_piece(tcp::socket& from) {
  std::array<char, 16384> buffer{};
  Error error;
  const std::size_t size = from.read_some(boost::asio::buffer(buffer), error);
  return {buffer.data(), error ? 0 : size};
}

void pass_on(tcp::socket& from, tcp::socket& to) {
  Error error;
  for (std::string piece = first_piece(from); !piece.empty() && !error; piece = first_piece(from))
    boost::asio::write(to, boost::asio::buffer(piece), error);
  to.shutdown(tcp::socket::shutdown_send, error);
}

struct Answered {
  tcp::socket server;
  std::string beginning;
};

/// Wine knows a socket's process only once the process has sent something, and the page looks at once: a
/// connection that was closed without a word is made again.
std::optional<Answered> ask(boost::asio::io_context& context, const tcp::endpoint& to,
                            const std::string& question) {
  constexpr int most_tries = 40;
  for (int i = 0; i < most_tries; ++i) {
    tcp::socket server(context);
    Error error;
    server.connect(to, error);
    if (error) return std::nullopt;
    boost::asio::write(server, boost::asio::buffer(question), error);
    if (std::string beginning = first_piece(server); !beginning.empty())
      return Answered{std::move(server), std::move(beginning)};
  }
  return std::nullopt;
}

template <std::size_t size>
std::array<unsigned char, size> read_bytes(tcp::socket& from) {
  std::array<unsigned char, size> bytes{};
  boost::asio::read(from, boost::asio::buffer(bytes));
  return bytes;
}

/// A length in one byte, and as many.
std::string read_counted(tcp::socket& from) {
  std::string text(read_bytes<1>(from)[0], '\0');
  boost::asio::read(from, boost::asio::buffer(text));
  return text;
}

/// Whether the client asks for 127.0.0.1, by number or, as Chromium does, by name.
bool asks_for_loopback(tcp::socket& client) {
  constexpr unsigned char connect = 1, by_number = 1, by_name = 3;
  const auto request = read_bytes<4>(client);
  if (request[0] != 5 || request[1] != connect) return false;
  if (request[3] == by_name) return read_counted(client) == "127.0.0.1";
  return request[3] == by_number && read_bytes<4>(client) == std::array<unsigned char, 4>{127, 0, 0, 1};
}

/// The port of 127.0.0.1 that the client asks for; empty for anything else that SOCKS knows.
std::optional<tcp::endpoint> greet(tcp::socket& client) {
  constexpr std::array<unsigned char, 2> no_authentication{5, 0};
  constexpr std::array<unsigned char, 10> granted{5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  read_bytes<1>(client);
  read_counted(client);  // ways to authenticate
  boost::asio::write(client, boost::asio::buffer(no_authentication));
  if (!asks_for_loopback(client)) return std::nullopt;
  const auto port = read_bytes<2>(client);
  boost::asio::write(client, boost::asio::buffer(granted));
  return tcp::endpoint(boost::asio::ip::address_v4::loopback(),
                       static_cast<std::uint16_t>(port[0] << 8U | port[1]));
}

void serve(boost::asio::io_context& context, tcp::socket client) {
  try {
    const auto to = greet(client);
    const std::string question = to ? first_piece(client) : std::string();
    if (question.empty()) return;
    auto answered = ask(context, *to, question);
    if (!answered) return;
    Error error;
    boost::asio::write(client, boost::asio::buffer(answered->beginning), error);
    std::thread forth([&] { pass_on(client, answered->server); });
    pass_on(answered->server, client);
    answered->server.shutdown(tcp::socket::shutdown_both, error);
    client.shutdown(tcp::socket::shutdown_both, error);
    forth.join();
  } catch (const boost::system::system_error& error) {  // the browser has hung up
    std::fprintf(stderr, "koshin-relay: %s\n", error.what());
  }
}

}  // namespace

int main() {
  boost::asio::io_context context;
  tcp::acceptor listener(context, {boost::asio::ip::address_v4::loopback(), 0});
  std::printf("%u\n", static_cast<unsigned>(listener.local_endpoint().port()));
  std::fflush(stdout);
  std::thread([] {
    while (std::getchar() != EOF) {
    }
    std::_Exit(0);
  }).detach();
  while (true)
    std::thread([&context, client = listener.accept()]() mutable {
      serve(context, std::move(client));
    }).detach();
}
