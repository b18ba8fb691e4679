// SPDX-License-Identifier: MIT
// koshin-virtual-card: plays a smart card to the virtual reader of vsmartcard-vpcd. Commands on stdin, one a
// line:
//   plug [ATR]   connect; the card is in once pcscd has asked (up to 1.5 s later)
//   pull         disconnect
//   swap [ATR]   pull and plug at once
//   quit
// Answers "plugged", "pulled" or "error …" on stdout. Ends, pulling the card, when stdin does.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A T=1 card with no historical bytes to speak of.
constexpr const char* default_atr = "3b8f8001804f0ca000000306030001000000006a";

Bytes from_hexadecimal(const std::string& text) {
  Bytes bytes;
  if (text.size() % 2 != 0 || text.size() > 66)
    throw std::invalid_argument("an ATR is at most 33 bytes in hexadecimal");
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc{} || end != text.data() + i + 2)
      throw std::invalid_argument("not hexadecimal: " + text);
    bytes.push_back(byte);
  }
  return bytes;
}

/// The connection to one slot of the reader: frames of two bytes big-endian length and that many bytes.
class Card {
 public:
  Card(std::uint16_t port, Bytes atr)
      : atr_(std::move(atr)), socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(socket_);
      throw std::runtime_error("nobody listens on port " + std::to_string(port) +
                               ": is pcscd with vpcd running?");
    }
  }
  ~Card() { close(socket_); }
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;
  int descriptor() const { return socket_; }

  /// False when the reader has gone.
  bool answer_one() {
    std::array<std::uint8_t, 2> header{};
    if (!receive(header.data(), header.size())) return false;
    Bytes frame(static_cast<std::size_t>(header[0] << 8U | header[1]));
    if (!receive(frame.data(), frame.size())) return false;
    constexpr std::uint8_t tell_atr = 4;
    if (frame.size() > 1) return send_frame({0x6d, 0x00});  // no instruction is supported
    return frame.empty() || frame[0] != tell_atr || send_frame(atr_);
  }

 private:
  bool receive(std::uint8_t* into, std::size_t size) const {
    return size == 0 || recv(socket_, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
  }
  bool send_frame(const Bytes& bytes) const {
    Bytes frame{static_cast<std::uint8_t>(bytes.size() >> 8U), static_cast<std::uint8_t>(bytes.size())};
    frame.insert(frame.end(), bytes.begin(), bytes.end());
    return send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(frame.size());
  }

  Bytes atr_;
  int socket_;
};

void say(const std::string& text) {
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

class Player {
 public:
  explicit Player(std::uint16_t port) : port_(port) {}

  /// False when it is time to end.
  bool obey(const std::string& line) {
    const auto blank = line.find(' ');
    const std::string command = line.substr(0, blank);
    const std::string atr = blank == std::string::npos ? default_atr : line.substr(blank + 1);
    if (command == "quit") return false;
    try {
      if (command != "plug" && command != "pull" && command != "swap")
        throw std::invalid_argument("unknown command " + command);
      if (command != "plug") card_.reset();
      if (command == "pull") {
        say("pulled");
      } else {
        card_.emplace(port_, from_hexadecimal(atr));
        say("plugged");
      }
    } catch (const std::exception& error) {
      say("error " + std::string(error.what()));
    }
    return true;
  }

  void play() {
    std::string input;
    while (true) {
      std::array<pollfd, 2> both{{{STDIN_FILENO, POLLIN, 0}, {card_ ? card_->descriptor() : -1, POLLIN, 0}}};
      if (poll(both.data(), both.size(), -1) < 0) return;
      if (both[1].revents != 0 && !card_->answer_one()) {
        card_.reset();
        say("pulled");
      }
      if (both[0].revents == 0) continue;
      std::array<char, 512> chunk{};
      const ssize_t count = read(STDIN_FILENO, chunk.data(), chunk.size());
      if (count <= 0) return;
      input.append(chunk.data(), static_cast<std::size_t>(count));
      for (auto end = input.find('\n'); end != std::string::npos; end = input.find('\n')) {
        const std::string line = input.substr(0, end);
        input.erase(0, end + 1);
        if (!obey(line)) return;
      }
    }
  }

 private:
  std::uint16_t port_;
  std::optional<Card> card_;
};

/// network_namespaces(7); an empty path stays where it is.
bool enter_network(const std::string& path) {
  if (path.empty()) return true;
  const int there = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool entered = there >= 0 && setns(there, CLONE_NEWNET) == 0;
  close(there);
  return entered;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 35963;  // vpcd's first slot; the second is the next port
  const std::string text = argc > 1 ? argv[1] : "35963";
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (argc > 3 || error != std::errc{} || end != text.data() + text.size()) {
    std::fputs(
        "usage: koshin-virtual-card [PORT [NETWORK NAMESPACE]]   (commands on stdin: plug [ATR], pull, swap "
        "[ATR], quit)\n",
        stderr);
    return 2;
  }
  if (argc > 2 && !enter_network(argv[2])) {
    std::fprintf(stderr, "koshin-virtual-card: %s: no network namespace to be entered\n", argv[2]);
    return 2;
  }
  Player(port).play();
  return 0;
}
