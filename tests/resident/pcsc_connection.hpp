// SPDX-License-Identifier: MIT
// A test's own look at a virtual reader, through PC/SC, as any program would have it.
#pragma once

#include <winscard.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace koshin::test {

class PcscConnection {
 public:
  explicit PcscConnection(std::string reader = "Virtual PCD 00 00") : reader_(std::move(reader)) {
    check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_));
  }
  ~PcscConnection() { SCardReleaseContext(context_); }
  PcscConnection(const PcscConnection&) = delete;
  PcscConnection& operator=(const PcscConnection&) = delete;

  void wait_for_card() const {
    wait_until([](DWORD flags) { return (flags & SCARD_STATE_PRESENT) != 0; });
  }
  /// Until the card has been powered: between pcscd's word that it is in and that, connecting fails.
  void wait_for_power() const {
    wait_for_card();
    SCARDHANDLE handle = 0;
    DWORD protocol = 0;
    LONG answer = SCARD_E_NOT_READY;
    for (int waited = 0; waited < 3000; ++waited) {
      answer =
          SCardConnect(context_, reader_.c_str(), SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, &handle, &protocol);
      if (answer == SCARD_S_SUCCESS) return let_go(handle);
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    check(answer);
  }
  /// Until pcscd has counted at least so many insertions and removals.
  void wait_for_changes(unsigned count) const {
    wait_until([count](DWORD flags) { return flags >> count_shift >= count; });
  }
  unsigned changes() const {
    SCARD_READERSTATE state{};
    state.szReader = reader_.c_str();
    check(SCardGetStatusChange(context_, 0, &state, 1));
    return static_cast<unsigned>(state.dwEventState >> count_shift);
  }
  /// Exclusively. Returns what let_go() takes.
  SCARDHANDLE hold() const {
    SCARDHANDLE handle = 0;
    DWORD protocol = 0;
    check(SCardConnect(context_, reader_.c_str(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_ANY, &handle,
                       &protocol));
    return handle;
  }
  void let_go(SCARDHANDLE handle) const { check(SCardDisconnect(handle, SCARD_LEAVE_CARD)); }

 private:
  template <class Condition>
  void wait_until(Condition holds) const {
    SCARD_READERSTATE state{};
    state.szReader = reader_.c_str();
    do {
      state.dwCurrentState = state.dwEventState;
      constexpr DWORD patience_ms = 60'000;
      check(SCardGetStatusChange(context_, patience_ms, &state, 1));
    } while (!holds(state.dwEventState));
  }
  static constexpr unsigned count_shift = 16;
  static void check(LONG code) {
    if (code != SCARD_S_SUCCESS) throw std::runtime_error(pcsc_stringify_error(code));
  }
  std::string reader_;
  SCARDCONTEXT context_ = 0;
};

}  // namespace koshin::test
