// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "foundation/base/text.hpp"
#include "piv_card.hpp"

namespace koshin::cards {
namespace {

/// A YubiKey 5's.
constexpr std::array<std::uint8_t, 23> atr{0x3B, 0xFD, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE,
                                           0x15, 0x80, 0x73, 0xC0, 0x21, 0xC0, 0x57, 0x59,
                                           0x75, 0x62, 0x69, 0x4B, 0x65, 0x79, 0x40};

int connected(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return descriptor;
  close(descriptor);
  throw std::runtime_error("no reader listens on port " + std::to_string(port));
}

}  // namespace

PivCard::PivCard(std::filesystem::path file, ReaderPort reader)
    : file_(std::move(file)), reader_(std::move(reader)) {}

PivCard::~PivCard() {
  pull();
}

void PivCard::plug(const Fault& fault) {
  pull();
  fault_ = fault;
  struck_ = false;
  blinks_ = 0;
  commands_.clear();
  std::exception_ptr trouble;
  // A network namespace belongs to a thread.
  std::thread([&] {
    try {
      if (reader_.enter_network) reader_.enter_network();
      socket_ = connected(reader_.port);
    } catch (...) {
      trouble = std::current_exception();
    }
  }).join();
  if (trouble) std::rethrow_exception(trouble);
  thread_ = std::thread([this] { serve(); });
}

void PivCard::pull() {
  if (!thread_.joinable()) return;
  ::shutdown(socket_, SHUT_RDWR);
  thread_.join();
  ::close(socket_);
  socket_ = -1;
}

std::vector<std::string> PivCard::commands() const {
  const std::scoped_lock lock(mutex_);
  return commands_;
}

bool PivCard::receive(std::uint8_t* into, std::size_t size) const {
  // vpcd sends length and data in two writes, and the second waits for the first one's acknowledgement: 40 ms
  // for each command where that is delayed.
  constexpr int at_once = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
  return size == 0 || ::recv(socket_, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

bool PivCard::send_frame(ByteView bytes) const {
  Bytes frame{static_cast<std::uint8_t>(bytes.size() >> 8U), static_cast<std::uint8_t>(bytes.size())};
  append(frame, bytes);
  return ::send(socket_, frame.data(), frame.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(frame.size());
}

bool PivCard::wait_for_touch() {
  ++blinks_;
  const int finger = finger_ms_;
  std::this_thread::sleep_for(std::chrono::milliseconds{std::abs(finger)});
  return finger >= 0;
}

void PivCard::serve() {
  try {
    CardState state = load(file_);
    PivApplet applet(state, [&] { save(state, file_); });
    applet.set_finger([this] { return wait_for_touch(); });
    while (serve_frame(applet)) {
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the card broke: %s\n", error.what());
  }
  ::shutdown(socket_, SHUT_RDWR);
}

bool PivCard::serve_frame(PivApplet& applet) {
  std::array<std::uint8_t, 2> header{};
  if (!receive(header.data(), header.size())) return false;
  Bytes frame(static_cast<std::size_t>(header[0] << 8U | header[1]));
  if (!receive(frame.data(), frame.size())) return false;
  constexpr std::uint8_t tell_atr = 4;
  if (frame.size() > 1) return answer(applet, frame);
  if (frame.size() == 1 && frame[0] == tell_atr) return send_frame(atr);
  applet.reset();  // power on, power off, reset
  return true;
}

bool PivCard::strikes(Fault::Kind kind, std::size_t number) {
  if (fault_.kind != kind || fault_.at != number) return false;
  struck_ = true;
  return true;
}

bool PivCard::answer(PivApplet& applet, ByteView command) {
  std::size_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    commands_.push_back(command.size() < 4
                            ? "?"
                            : to_hex(command.subspan(1, 1)) + " " + to_hex(command.subspan(2, 1)) + " " +
                                  to_hex(command.subspan(3, 1)));
    number = commands_.size();
  }
  if (strikes(Fault::Kind::pulled_before, number)) return false;
  const Bytes trouble{static_cast<std::uint8_t>(fault_.status >> 8U),
                      static_cast<std::uint8_t>(fault_.status & 0xFFU)};
  if (strikes(Fault::Kind::refused, number)) return send_frame(trouble);
  const Bytes said = applet.answer(command);
  if (strikes(Fault::Kind::done_and_refused, number)) return send_frame(trouble);
  if (strikes(Fault::Kind::answer_lost, number)) return false;
  return send_frame(said);
}

}  // namespace koshin::cards
