// SPDX-License-Identifier: MIT
// PC/SC by WinSCard.
#include <windows.h>
// After windows.h, which it needs.
#include <winscard.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "card_service/pcsc.hpp"
#include "card_service/pcsc_error.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::pcsc {
namespace {

static_assert(state::unaware == SCARD_STATE_UNAWARE && state::ignore == SCARD_STATE_IGNORE &&
              state::changed == SCARD_STATE_CHANGED && state::unknown == SCARD_STATE_UNKNOWN &&
              state::present == SCARD_STATE_PRESENT && state::exclusive == SCARD_STATE_EXCLUSIVE &&
              state::mute == SCARD_STATE_MUTE);

class WinScard final : public Connection {
 public:
  ~WinScard() override { WinScard::close(); }

  void open() override {
    SCARDCONTEXT context = 0;
    check_pcsc(SCardEstablishContext(SCARD_SCOPE_USER, nullptr, nullptr, &context), "SCardEstablishContext");
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
    std::wstring names;
    LONG code = SCARD_E_INSUFFICIENT_BUFFER;
    // A reader may come between the question for the length and the one for the names.
    for (int i = 0; i < most_attempts && code == SCARD_E_INSUFFICIENT_BUFFER; ++i) {
      DWORD length = 0;
      code = SCardListReadersW(context_.value(), nullptr, nullptr, &length);
      names.assign(length, L'\0');
      if (code == SCARD_S_SUCCESS) code = SCardListReadersW(context_.value(), nullptr, names.data(), &length);
    }
    if (code == SCARD_E_NO_READERS_AVAILABLE) return {};
    check_pcsc(code, "SCardListReaders");
    std::vector<std::string> readers;
    for (const wchar_t* name = names.c_str(); *name != L'\0'; name += std::wstring_view(name).size() + 1)
      readers.push_back(narrow(name));
    return readers;
  }

  Waited wait(std::chrono::milliseconds limit, std::span<ReaderQuestion> questions) override {
    std::vector<std::wstring> names;
    for (const ReaderQuestion& question : questions) names.push_back(wide(question.reader));
    states_.assign(questions.size(), SCARD_READERSTATEW{});
    for (std::size_t i = 0; i < questions.size(); ++i) {
      states_[i].szReader = names[i].c_str();
      states_[i].dwCurrentState = questions[i].known;
    }
    const LONG code = SCardGetStatusChangeW(context_.value(), static_cast<DWORD>(limit.count()),
                                            states_.data(), static_cast<DWORD>(states_.size()));
    if (code == SCARD_E_UNKNOWN_READER) return Waited::unknown_reader;
    if (code == SCARD_E_CANCELLED) return Waited::cancelled;
    const bool time_over = code == SCARD_E_TIMEOUT;
    if (!time_over) check_pcsc(code, "SCardGetStatusChange");
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const SCARD_READERSTATEW& told = states_[i];
      questions[i].told = told.dwEventState;
      questions[i].atr.assign(told.rgbAtr,
                              told.rgbAtr + std::min<std::size_t>(told.cbAtr, sizeof told.rgbAtr));
    }
    return time_over ? Waited::time_over : Waited::changed;
  }

  void cancel() override {
    const std::lock_guard lock(mutex_);
    if (context_) SCardCancel(*context_);
  }

 private:
  std::mutex mutex_;  // changes of context_, which only the thread that waits makes, and cancel()
  std::optional<SCARDCONTEXT> context_;
  std::vector<SCARD_READERSTATEW> states_;
};

}  // namespace

std::unique_ptr<Connection> Connection::make() {
  return std::make_unique<WinScard>();
}

/// Programs hold cards through the service itself, which tells of each.
bool tells_of_every_release() noexcept {
  return true;
}

}  // namespace koshin::pcsc
