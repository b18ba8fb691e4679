// SPDX-License-Identifier: MIT
// A test's own look at the first virtual reader, through PC/SC, as any program would have it.
#pragma once

#include <winscard.h>

#include <stdexcept>

namespace koshin::test {

class PcscConnection {
 public:
  PcscConnection() { check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_)); }
  ~PcscConnection() { SCardReleaseContext(context_); }
  PcscConnection(const PcscConnection&) = delete;
  PcscConnection& operator=(const PcscConnection&) = delete;

  void wait_for_card() const {
    wait_until([](DWORD flags) { return (flags & SCARD_STATE_PRESENT) != 0; });
  }
  /// Until pcscd has counted at least so many insertions and removals.
  void wait_for_changes(unsigned count) const {
    wait_until([count](DWORD flags) { return flags >> count_shift >= count; });
  }
  unsigned changes() const {
    SCARD_READERSTATE state{};
    state.szReader = reader;
    check(SCardGetStatusChange(context_, 0, &state, 1));
    return static_cast<unsigned>(state.dwEventState >> count_shift);
  }
  /// Exclusively. Returns what let_go() takes.
  SCARDHANDLE hold() const {
    SCARDHANDLE handle = 0;
    DWORD protocol = 0;
    check(SCardConnect(context_, reader, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_ANY, &handle, &protocol));
    return handle;
  }
  void let_go(SCARDHANDLE handle) const { check(SCardDisconnect(handle, SCARD_LEAVE_CARD)); }

 private:
  template <class Condition>
  void wait_until(Condition holds) const {
    SCARD_READERSTATE state{};
    state.szReader = reader;
    do {
      state.dwCurrentState = state.dwEventState;
      constexpr DWORD patience_ms = 60'000;
      check(SCardGetStatusChange(context_, patience_ms, &state, 1));
    } while (!holds(state.dwEventState));
  }
  static constexpr unsigned count_shift = 16;
  static constexpr char reader[] = "Virtual PCD 00 00";
  static void check(LONG code) {
    if (code != SCARD_S_SUCCESS) throw std::runtime_error(pcsc_stringify_error(code));
  }
  SCARDCONTEXT context_ = 0;
};

}  // namespace koshin::test
