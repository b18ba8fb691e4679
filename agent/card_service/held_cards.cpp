// SPDX-License-Identifier: MIT
#include "card_service/held_cards.hpp"

#include <exception>
#include <utility>

#include "foundation/log/log.hpp"
#include "foundation/system/within.hpp"

namespace koshin::pcsc {
namespace {

std::vector<std::string> ask() {
  const auto connection = Connection::make();
  connection->open();
  std::vector<ReaderQuestion> questions;
  for (std::string& reader : connection->readers()) questions.push_back({.reader = std::move(reader)});
  std::vector<std::string> held;
  if (questions.empty()) return held;
  // A reader that was just disconnected: nothing is known, and the next try asks again.
  if (connection->wait(std::chrono::milliseconds{0}, questions) == Waited::unknown_reader) return held;
  for (ReaderQuestion& question : questions)
    if ((question.told & state::exclusive) != 0) held.push_back(std::move(question.reader));
  return held;
}

}  // namespace

std::vector<std::string> readers_with_held_card() noexcept {
  try {
    if (auto held = within<std::vector<std::string>>(held_cards_limit, ask)) return std::move(*held);
    log::info(log::Event::none, "The smart card service does not say whether a card is held.");
  } catch (const std::exception& error) {  // what was to be explained has a reason of its own
    log::debug("The smart card service does not say whether a card is held.",
               {{"KOSHIN_DETAIL", error.what()}});
  }
  return {};
}

}  // namespace koshin::pcsc
