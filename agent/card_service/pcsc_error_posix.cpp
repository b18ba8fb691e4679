// SPDX-License-Identifier: MIT
// pcsc-lite has words for its codes.
#include <winscard.h>

#include "card_service/pcsc_error.hpp"

namespace koshin::pcsc {

std::string pcsc_words(std::uint32_t code) {
  return pcsc_stringify_error(static_cast<LONG>(code));
}

}  // namespace koshin::pcsc
