// SPDX-License-Identifier: MIT
// A PIV card in a virtual reader (vsmartcard-vpcd), with faults of its own at any command.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "piv_applet.hpp"

namespace koshin::cards {

/// What goes wrong at command number `at`, from 1, since the card was plugged in.
struct Fault {
  enum class Kind {
    none,
    pulled_before,    ///< the card never sees the command
    answer_lost,      ///< it does what it was told, and is pulled before its answer leaves
    refused,          ///< it answers `status` instead
    done_and_refused  ///< it does what it was told, and answers `status`
  };
  Kind kind = Kind::none;
  unsigned at = 0;
  Status status = 0x6F00;
};

/// Where the reader listens for its card.
struct ReaderPort {
  std::uint16_t port = 0;
  std::function<void()> enter_network = {};  ///< called in the card's thread before it connects
};

/// The card keeps its state in a file: it has it again, as it was at its last change, when it is plugged in
/// anew. All members are for one thread; the card itself answers in another one.
class PivCard {
 public:
  PivCard(std::filesystem::path file, ReaderPort reader);
  ~PivCard();
  PivCard(const PivCard&) = delete;
  PivCard& operator=(const PivCard&) = delete;

  /// Connects to the reader, which notices within 1.5 s. Throws std::runtime_error when no reader listens.
  void plug(const Fault& fault = {});
  void pull();

  /// Where the finger is from now on: it touches the card that long after the card has begun to blink, or
  /// never. Without a touch the card gives up after `patience` (a real one: about 15 s).
  void touches_after(std::chrono::milliseconds delay) { finger_ms_ = static_cast<int>(delay.count()); }
  void never_touches(std::chrono::milliseconds patience) { finger_ms_ = -static_cast<int>(patience.count()); }
  /// How often the card has blinked since it was plugged in.
  unsigned blinks() const { return blinks_; }

  /// The commands since it was plugged in, such as "87 00 9b": INS, P1, P2 in hexadecimal.
  std::vector<std::string> commands() const;
  /// Whether the fault has happened.
  bool struck() const { return struck_; }
  /// As the file has it.
  CardState state() const { return load(file_); }

 private:
  void serve();
  bool wait_for_touch();
  /// False when the connection is to end.
  bool serve_frame(PivApplet& applet);
  bool receive(std::uint8_t* into, std::size_t size) const;
  bool send_frame(ByteView bytes) const;
  /// False: the card is out.
  bool answer(PivApplet& applet, ByteView command);
  bool strikes(Fault::Kind kind, std::size_t number);

  std::filesystem::path file_;
  ReaderPort reader_;
  Fault fault_;
  int socket_ = -1;
  std::thread thread_;
  std::atomic<bool> struck_{false};
  std::atomic<int> finger_ms_{-1};  ///< negative: not touched for as many
  std::atomic<unsigned> blinks_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
};

}  // namespace koshin::cards
