// SPDX-License-Identifier: MIT
// A PIV card in a virtual reader (vsmartcard-vpcd), with faults of its own at any command.
#pragma once

#include <atomic>
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
    pulled_before,  ///< the card never sees the command
    answer_lost,    ///< it does what it was told, and is pulled before its answer leaves
    refused         ///< it answers `status` instead
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

  /// The commands since it was plugged in, such as "87 00 9b": INS, P1, P2 in hexadecimal.
  std::vector<std::string> commands() const;
  /// Whether the fault has happened.
  bool struck() const { return struck_; }
  /// As the file has it.
  CardState state() const { return load(file_); }

 private:
  void serve();
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
  mutable std::mutex mutex_;
  std::vector<std::string> commands_;
};

}  // namespace koshin::cards
