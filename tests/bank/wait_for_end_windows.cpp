// SPDX-License-Identifier: MIT
// Reading until the end of standard input; Ctrl-C ends the program by itself.
#include <windows.h>

#include <array>

#include "bank/wait_for_end.hpp"

namespace koshin::bank {

EndOfServing::EndOfServing() = default;
EndOfServing::~EndOfServing() = default;

void EndOfServing::wait() const {
  std::array<char, 256> ignored{};
  DWORD count = 0;
  while (::ReadFile(::GetStdHandle(STD_INPUT_HANDLE), ignored.data(), static_cast<DWORD>(ignored.size()),
                    &count, nullptr) != 0 &&
         count > 0) {
  }
}

}  // namespace koshin::bank
