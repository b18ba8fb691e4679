// SPDX-License-Identifier: MIT
// Cards that another program holds for itself alone (SCARD_SHARE_EXCLUSIVE: GnuPG's scdaemon, vendors'
// tools). A PKCS#11 module shows such a card as an empty reader.
#pragma once

#include <string>
#include <vector>

#include "card_service/pcsc.hpp"

namespace koshin::pcsc {

/// How long the smart card service may take to say it: at a log-in, when other programs hold cards, it
/// starts.
inline constexpr std::chrono::milliseconds held_cards_limit{10'000};

/// The names, in UTF-8, of the readers whose card another program holds exclusively at this moment. Connects
/// to no card, and disturbs nobody. Empty where there is no service, where it does not answer within the
/// limit, and where it refuses: then nothing is known.
std::vector<std::string> readers_with_held_card() noexcept;

}  // namespace koshin::pcsc
