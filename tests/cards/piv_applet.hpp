// SPDX-License-Identifier: MIT
// The PIV application of a card (NIST SP 800-73-4 part 2) with the instructions that YubiKeys add to it: what
// it answers to commands, one after the other.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "piv_state.hpp"

namespace koshin::cards {

/// A status word, ISO/IEC 7816-4 section 5.6.
using Status = std::uint16_t;
inline constexpr Status ok = 0x9000;

/// Blocks until the card is touched or it has waited long enough; returns whether it was touched.
using Finger = std::function<bool()>;

class PivApplet {
 public:
  /// `state` outlives the applet; `changed` is called after each change of it, before the answer leaves.
  PivApplet(CardState& state, std::function<void()> changed) : state_(state), changed_(std::move(changed)) {}

  /// What a key with a touch policy waits for; without it nobody ever touches the card.
  void set_finger(Finger finger) { finger_ = std::move(finger); }

  /// Everything that needs power is forgotten: what was verified, and half of a chain of commands.
  void reset();
  /// The answer to one command APDU: data and status word. Short APDUs; longer data comes in chains (CLA bit
  /// 5) and leaves in parts (61xx, GET RESPONSE).
  Bytes answer(ByteView command);

 private:
  struct Command {
    std::uint8_t instruction = 0, p1 = 0, p2 = 0;
    Bytes data;
  };
  struct Answer {
    Status status = ok;
    Bytes data = {};
  };
  Answer run(const Command& command);
  Answer select(const Command& command);
  Answer verify(const Command& command);
  Answer change_reference(const Command& command);
  Answer reset_retry_counter(const Command& command);
  Answer general_authenticate(const Command& command);
  Answer use_key(const Command& command, ByteView fields);
  Answer authenticate(const Command& command, ByteView fields);
  Answer generate(const Command& command);
  Answer get_data(const Command& command);
  Answer put_data(const Command& command);
  Answer get_metadata(const Command& command);
  Answer move_key(const Command& command);
  Answer set_management_key(const Command& command);
  Answer attest(const Command& command);

  /// Waits for a touch where the key's policy asks for one.
  bool touched(const KeySlot& key);
  /// Counts a try; 63Cx when it was wrong, 6983 when there are none left.
  Status check(Secret& secret, ByteView given);
  static constexpr std::size_t most_of_one_answer = 256;
  /// At most that many bytes of the answer; GET RESPONSE gets the others.
  Bytes leave(Answer answer, std::size_t most = most_of_one_answer);

  CardState& state_;
  std::function<void()> changed_;
  bool selected_ = false, pin_verified_ = false, pin_fresh_ = false, management_authenticated_ = false;
  Finger finger_;
  std::optional<std::chrono::steady_clock::time_point> last_touch_;  ///< of a key whose touches are cached
  Bytes witness_, challenge_;
  Bytes chain_header_;  ///< of the last command: CLA without the chaining bit, INS, P1, P2
  Bytes chained_;       ///< the data of a chain of commands so far
  Bytes remaining_;     ///< what GET RESPONSE gets
};

}  // namespace koshin::cards
