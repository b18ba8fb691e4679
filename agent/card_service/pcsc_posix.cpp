// SPDX-License-Identifier: MIT
// PC/SC by pcsc-lite.
#include <winscard.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "card_service/pcsc.hpp"
#include "card_service/pcsc_error.hpp"

namespace koshin::pcsc {
namespace {

static_assert(state::unaware == SCARD_STATE_UNAWARE && state::ignore == SCARD_STATE_IGNORE &&
              state::changed == SCARD_STATE_CHANGED && state::unknown == SCARD_STATE_UNKNOWN &&
              state::present == SCARD_STATE_PRESENT && state::exclusive == SCARD_STATE_EXCLUSIVE &&
              state::mute == SCARD_STATE_MUTE);

/// The library's constants are unsigned where its results are not.
bool is(LONG code, LONG expected) {
  return code == static_cast<LONG>(expected);
}

class PcscLite final : public Connection {
 public:
  ~PcscLite() override { PcscLite::close(); }

  void open() override {
    SCARDCONTEXT context = 0;
    check_pcsc(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context),
               "SCardEstablishContext");
    const std::lock_guard lock(mutex_);
    context_ = context;
  }

  void close() override {
    std::optional<SCARDCONTEXT> context;
    {
      const std::lock_guard lock(mutex_);
      context.swap(context_);
    }
    if (context) SCardReleaseContext(*context);
  }

  bool is_open() const override { return context_.has_value(); }

  std::vector<std::string> readers() override {
    constexpr int most_attempts = 10;
    std::string names;
    LONG code = static_cast<LONG>(SCARD_E_INSUFFICIENT_BUFFER);
    // A reader may come between the question for the length and the one for the names.
    for (int i = 0; i < most_attempts && is(code, SCARD_E_INSUFFICIENT_BUFFER); ++i) {
      DWORD length = 0;
      code = SCardListReaders(context_.value(), nullptr, nullptr, &length);
      names.assign(length, '\0');
      if (code == SCARD_S_SUCCESS) code = SCardListReaders(context_.value(), nullptr, names.data(), &length);
    }
    if (is(code, SCARD_E_NO_READERS_AVAILABLE)) return {};
    check_pcsc(code, "SCardListReaders");
    std::vector<std::string> readers;
    for (const char* name = names.c_str(); *name != '\0'; name += readers.back().size() + 1)
      readers.emplace_back(name);
    return readers;
  }

  Waited wait(std::chrono::milliseconds limit, std::span<ReaderQuestion> questions) override {
    states_.assign(questions.size(), SCARD_READERSTATE{});
    for (std::size_t i = 0; i < questions.size(); ++i) {
      states_[i].szReader = questions[i].reader.c_str();
      states_[i].dwCurrentState = questions[i].known;
    }
    const LONG code = SCardGetStatusChange(context_.value(), static_cast<DWORD>(limit.count()),
                                           states_.data(), static_cast<DWORD>(states_.size()));
    if (is(code, SCARD_E_UNKNOWN_READER)) return Waited::unknown_reader;
    if (is(code, SCARD_E_CANCELLED)) return Waited::cancelled;
    const bool time_over = is(code, SCARD_E_TIMEOUT);
    if (!time_over) check_pcsc(code, "SCardGetStatusChange");
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const SCARD_READERSTATE& told = states_[i];
      questions[i].told = static_cast<std::uint32_t>(told.dwEventState);
      questions[i].atr.assign(told.rgbAtr,
                              told.rgbAtr + std::min<std::size_t>(told.cbAtr, sizeof told.rgbAtr));
    }
    return time_over ? Waited::time_over : Waited::changed;
  }

  /// SCardCancel has a connection of its own, and looks the context up in libpcsclite's list without holding
  /// on to it: it must not be released meanwhile.
  void cancel() override {
    const std::lock_guard lock(mutex_);
    if (context_) SCardCancel(*context_);
  }

 private:
  std::mutex mutex_;  // changes of context_, which only the thread that waits makes, and cancel()
  std::optional<SCARDCONTEXT> context_;
  std::vector<SCARD_READERSTATE> states_;
};

}  // namespace

std::unique_ptr<Connection> Connection::make() {
  return std::make_unique<PcscLite>();
}

// The daemon's thread for a reader looks now and then whether the card is still held, from every 400 ms to
// every ten minutes by driver: it may miss a short hold whole, or tell of the end of one late.
bool tells_of_every_release() noexcept {
  return false;
}

}  // namespace koshin::pcsc
