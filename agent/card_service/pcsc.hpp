// SPDX-License-Identifier: MIT
// The calls of PC/SC that the agent makes, as the system's library has them: pcsc-lite or WinSCard.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace koshin::pcsc {

/// The bits of a reader's state, in which every implementation of PC/SC agrees; the sixteen above them count
/// insertions and removals or, of plug_and_play, the readers.
namespace state {
inline constexpr std::uint32_t unaware = 0, ignore = 0x1, changed = 0x2, unknown = 0x4, present = 0x20,
                               exclusive = 0x80, mute = 0x200;
inline constexpr unsigned count_shift = 16;
}  // namespace state

/// The reader that stands for the list of readers.
inline constexpr const char* plug_and_play = "\\\\?PnP?\\Notification";

struct ReaderQuestion {
  std::string reader;       ///< its name in UTF-8
  std::uint32_t known = 0;  ///< its state as it was last told
  std::uint32_t told = 0;   ///< its state now
  std::vector<unsigned char> atr{};
};

enum class Waited { changed, time_over, cancelled, unknown_reader };

/// A context of PC/SC. One thread opens, asks and closes; any may cancel.
class Connection {
 public:
  static std::unique_ptr<Connection> make();
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// SCardEstablishContext. Throws std::system_error with a code of pcsc_category(), as the others do.
  virtual void open() = 0;
  virtual void close() = 0;
  virtual bool is_open() const = 0;
  /// SCardListReaders; empty when there is none.
  virtual std::vector<std::string> readers() = 0;
  /// SCardGetStatusChange: until one of the readers is no longer in its known state. Writes what is told now.
  virtual Waited wait(std::chrono::milliseconds limit, std::span<ReaderQuestion> questions) = 0;
  /// SCardCancel. A context is not released while it is being cancelled.
  virtual void cancel() = 0;

 protected:
  Connection() = default;
};

/// Whether the service tells of the end of every exclusive hold of a card, however short.
bool tells_of_every_release() noexcept;

}  // namespace koshin::pcsc
