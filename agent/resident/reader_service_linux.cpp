// SPDX-License-Identifier: MIT
// The readers as pcsc-lite tells of them.
#include <winscard.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "foundation/log/log.hpp"
#include "foundation/system/pipe.hpp"
#include "resident/pcsc_error.hpp"
#include "resident/reader_service.hpp"
#include "resident/service_socket_linux.hpp"

namespace koshin::resident {
namespace {

// libpcsclite looks after its daemon once a minute when asked to wait for ever; with a limit it just waits. A
// daemon that dies closes the socket, which ends the wait anyway.
constexpr DWORD longest_wait_ms = 24U * 24 * 60 * 60 * 1000;
// The daemon's thread for a reader looks now and then whether the card is still held, from every 400 ms to
// every ten minutes by driver: it may miss a short hold whole, or tell of the end of one late. So while a
// card is held we ask again, ever more seldom.
constexpr DWORD first_pause_while_held_ms = 1000, longest_pause_while_held_ms = 64'000;
constexpr char plug_and_play[] = "\\\\?PnP?\\Notification";
constexpr unsigned count_shift = 16;

/// The connection to the daemon, which the thread that waits makes and releases, and another one cancels.
class Connection {
 public:
  Connection() = default;
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void open() {
    SCARDCONTEXT context = 0;
    check_pcsc(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context),
               "SCardEstablishContext");
    const std::lock_guard lock(mutex_);
    context_ = context;
  }
  void close() {
    std::optional<SCARDCONTEXT> context;
    {
      const std::lock_guard lock(mutex_);
      context.swap(context_);
    }
    if (context) SCardReleaseContext(*context);
  }
  bool is_open() const { return context_.has_value(); }
  SCARDCONTEXT get() const { return context_.value(); }
  /// SCardCancel has a connection of its own, and looks the context up in libpcsclite's list without holding
  /// on to it: it must not be released meanwhile.
  void cancel() {
    const std::lock_guard lock(mutex_);
    if (context_) SCardCancel(*context_);
  }

 private:
  std::mutex mutex_;  // changes of context_, which only the thread that waits makes, and cancel()
  std::optional<SCARDCONTEXT> context_;
};

std::vector<std::string> list_readers(SCARDCONTEXT context) {
  constexpr int most_attempts = 10;
  std::string names;
  LONG code = static_cast<LONG>(SCARD_E_INSUFFICIENT_BUFFER);
  // A reader may come between the question for the length and the one for the names.
  for (int i = 0; i < most_attempts && code == static_cast<LONG>(SCARD_E_INSUFFICIENT_BUFFER); ++i) {
    DWORD length = 0;
    code = SCardListReaders(context, nullptr, nullptr, &length);
    names.assign(length, '\0');
    if (code == SCARD_S_SUCCESS) code = SCardListReaders(context, nullptr, names.data(), &length);
  }
  if (code == static_cast<LONG>(SCARD_E_NO_READERS_AVAILABLE)) return {};
  check_pcsc(code, "SCardListReaders");
  std::vector<std::string> readers;
  for (const char* name = names.c_str(); *name != '\0'; name += readers.back().size() + 1) {
    readers.emplace_back(name);
  }
  return readers;
}

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 0xfU];
  }
  return text;
}

ReaderState told(const SCARD_READERSTATE& state, const std::string& name) {
  const DWORD flags = state.dwEventState;
  ReaderState reader{.name = name};
  reader.mute = (flags & SCARD_STATE_MUTE) != 0;
  reader.card = (flags & SCARD_STATE_PRESENT) != 0 && !reader.mute;
  reader.exclusive = (flags & SCARD_STATE_EXCLUSIVE) != 0;
  reader.events = static_cast<unsigned>(flags >> count_shift) & 0xffffU;
  if (reader.card)
    reader.atr = hexadecimal(state.rgbAtr, std::min<std::size_t>(state.cbAtr, sizeof state.rgbAtr));
  return reader;
}

class PcscLite final : public ReaderService {
 public:
  std::optional<Telling> wait() override {
    while (!cancelled_) {
      try {
        if (!connection_.is_open() && !connect()) break;
        return wait_for_change();
      } catch (const std::system_error& error) {
        drop(error);
      }
    }
    return {};
  }

  void cancel() override {
    cancelled_ = true;
    wake_.set_off();
    connection_.cancel();
  }

 private:
  /// False when cancelled.
  bool connect() {
    if (!service_.wait_until_worth_trying()) return false;
    connection_.open();
    restarted_ = known_once_;
    known_.clear();
    relist_ = true;
    return true;
  }

  void drop(const std::system_error& error) {
    if (connected_) {
      log::warning(log::Event::service_lost, "The smart card service went away; waiting for it.",
                   {{"KOSHIN_DETAIL", error.what()}});
    } else if (!told_waiting_) {
      told_waiting_ = true;
      log::warning(
          log::Event::service_lost,
          "There is no smart card service (pcscd) that answers; waiting for it. Tokens in readers are "
          "not seen until then. koshin doctor says what to do.",
          {{"KOSHIN_DETAIL", error.what()}});
    }
    connected_ = false;
    connection_.close();
    service_.failed();
  }

  /// Empty when cancelled.
  std::optional<Telling> wait_for_change() {
    while (!cancelled_) {
      if (relist_) list();
      const LONG code = ask();
      if (code == static_cast<LONG>(SCARD_E_UNKNOWN_READER)) {
        relist_ = true;
        continue;
      }
      if (code == static_cast<LONG>(SCARD_E_CANCELLED)) break;
      if (code == static_cast<LONG>(SCARD_E_TIMEOUT)) {
        pause_while_held_ = std::min(2 * pause_while_held_, longest_pause_while_held_ms);
        continue;
      }
      check_pcsc(code, "SCardGetStatusChange");
      if (accept()) return tell();
    }
    return {};
  }

  void list() {
    const std::vector<std::string> names = list_readers(connection_.get());
    std::vector<Known> fresh;
    for (const std::string& name : names) {
      DWORD last = SCARD_STATE_UNAWARE;
      for (const Known& known : known_) {
        if (known.name == name) last = known.last;
      }
      fresh.push_back({name, last, {}});
    }
    known_ = std::move(fresh);
    reader_count_ = static_cast<DWORD>(names.size()) << count_shift;
    relist_ = false;
    told_first_ = false;
  }

  LONG ask() {
    states_.assign(known_.size() + 1, SCARD_READERSTATE{});
    for (std::size_t i = 0; i < known_.size(); ++i) {
      states_[i].szReader = known_[i].name.c_str();
      states_[i].dwCurrentState = known_[i].last;
    }
    states_.back().szReader = plug_and_play;
    states_.back().dwCurrentState = reader_count_;
    // The first question after a listing tells how things stand and waits for nothing.
    const LONG code = SCardGetStatusChange(connection_.get(), told_first_ ? patience() : 0, states_.data(),
                                           static_cast<DWORD>(states_.size()));
    return !told_first_ && code == static_cast<LONG>(SCARD_E_TIMEOUT) ? SCARD_S_SUCCESS : code;
  }

  DWORD patience() const {
    const bool held =
        std::any_of(known_.begin(), known_.end(), [](const Known& known) { return known.state.exclusive; });
    return held ? pause_while_held_ : longest_wait_ms;
  }

  /// Takes over what was told; false when it was only that the list of readers has changed.
  bool accept() {
    const bool list_changed = (states_.back().dwEventState & SCARD_STATE_CHANGED) != 0 && told_first_;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const DWORD flags = states_[i].dwEventState;
      if ((flags & (SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE)) != 0) {
        relist_ = true;
        return false;
      }
      known_[i].last = flags & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
      known_[i].state = told(states_[i], known_[i].name);
    }
    if (list_changed) {
      relist_ = true;
      return false;
    }
    told_first_ = true;
    pause_while_held_ = first_pause_while_held_ms;
    return true;
  }

  Telling tell() {
    Telling telling{{}, restarted_};
    for (const Known& known : known_) telling.readers.push_back(known.state);
    restarted_ = false;
    connected_ = known_once_ = true;
    service_.succeeded();
    return telling;
  }

  struct Known {
    std::string name;
    DWORD last = SCARD_STATE_UNAWARE;
    ReaderState state;
  };

  std::atomic<bool> cancelled_ = false;
  WakeUp wake_;
  ServiceSocket service_{wake_.handle()};
  Connection connection_;
  std::vector<Known> known_;
  std::vector<SCARD_READERSTATE> states_;
  DWORD reader_count_ = 0;
  DWORD pause_while_held_ = first_pause_while_held_ms;
  bool relist_ = true, told_first_ = false;
  bool told_waiting_ = false;
  bool connected_ = false, known_once_ = false, restarted_ = false;
};

}  // namespace

std::unique_ptr<ReaderService> open_reader_service() {
  return std::make_unique<PcscLite>();
}

}  // namespace koshin::resident
