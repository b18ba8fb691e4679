// SPDX-License-Identifier: MIT
// The tokens that are in.
#include "resident/present_tokens.hpp"

#include <algorithm>

namespace koshin::resident {
namespace {

std::string_view without_trailing_blanks(std::string_view text) {
  const auto last = text.find_last_not_of(' ');
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

std::string describe(const messages::TokenReport& report) {
  const std::string name = report.label.empty() ? report.manufacturer + " " + report.model : report.label;
  return "“" + name + "” (serial " + report.serial + ")";
}

std::string reader_of_slot(const std::string& slot_description, const std::vector<ReaderState>& readers) {
  constexpr std::size_t slot_description_bytes = 64;
  const std::string_view slot = without_trailing_blanks(slot_description);
  if (slot.empty()) return {};
  for (const ReaderState& reader : readers) {
    if (!reader.card) continue;
    const std::string_view cut =
        without_trailing_blanks(std::string_view(reader.name).substr(0, slot_description_bytes));
    if (cut == slot) return reader.name;
  }
  return {};
}

BankStanding& PresentToken::standing_at(std::string_view bank) {
  const auto found = std::find_if(banks.begin(), banks.end(),
                                  [&](const BankStanding& standing) { return standing.bank == bank; });
  return found == banks.end() ? banks.emplace_back(BankStanding{.bank = std::string(bank)}) : *found;
}

PresentToken* PresentTokens::find(const renewal::TokenKey& key) {
  const auto found = std::find_if(tokens_.begin(), tokens_.end(),
                                  [&](const PresentToken& token) { return token.key == key; });
  return found == tokens_.end() ? nullptr : &*found;
}

void PresentTokens::begin_inspection() {
  for (PresentToken& token : tokens_) token.seen = false;
}

PresentToken* PresentTokens::find(const messages::TokenReport& report,
                                  const std::vector<messages::TokenReport>& reports) {
  const renewal::TokenKey key = renewal::token_key(report);
  const auto slot_is_named = [&](const std::string& slot) {
    return std::any_of(reports.begin(), reports.end(), [&](const messages::TokenReport& other) {
      return renewal::token_key(other) == key && other.slot_description == slot;
    });
  };
  PresentToken* moved = nullptr;
  for (PresentToken& token : tokens_) {
    if (token.seen || token.key != key) continue;
    if (token.report.slot_description == report.slot_description) return &token;
    if (moved == nullptr && !slot_is_named(token.report.slot_description)) moved = &token;
  }
  return moved;
}

std::vector<PresentToken> PresentTokens::take_unseen(const std::string& module) {
  return take([&](const PresentToken& token) { return token.module == module && !token.seen; });
}

std::optional<renewal::TokenKey> PresentTokens::key_of(const std::string& uri) const {
  const auto found = std::find_if(tokens_.begin(), tokens_.end(),
                                  [&](const PresentToken& token) { return token.report.uri == uri; });
  return found == tokens_.end() ? std::nullopt : std::optional(found->key);
}

PresentToken& PresentTokens::add(PresentToken token) {
  return tokens_.emplace_back(std::move(token));
}

std::vector<PresentToken> PresentTokens::take_from_reader(const std::string& reader) {
  return take([&](const PresentToken& token) { return token.reader == reader; });
}

}  // namespace koshin::resident
