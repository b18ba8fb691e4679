// SPDX-License-Identifier: MIT
// Values for the agent's unit tests.
#include "fake_world.hpp"

#include <algorithm>

namespace koshin::test {

std::optional<renewal::Record> FakeJournal::unfinished(const renewal::TokenKey& token) {
  for (const auto& record : records) {
    if (record.token == token && renewal::is_unfinished(record.state)) return record;
  }
  return {};
}

std::optional<renewal::TokenMemory> FakeJournal::memory(const renewal::TokenKey& token,
                                                        std::string_view bank) {
  const auto found = std::find_if(kept.begin(), kept.end(),
                                  [&](const auto& m) { return m.token == token && m.bank == bank; });
  return found == kept.end() ? std::nullopt : std::optional(*found);
}

void FakeJournal::remember(const renewal::TokenKey& token, std::string_view bank,
                           const std::function<void(renewal::TokenMemory&)>& change) {
  renewal::TokenMemory known = memory(token, bank).value_or(renewal::TokenMemory{});
  known.token = token;
  known.bank = bank;
  change(known);
  std::erase_if(kept, [&](const auto& m) { return m.token == token && m.bank == bank; });
  kept.push_back(known);
}

renewal::Journal& FakeWorld::journal() {
  if (journal_broken) fail(Reason::journal_unusable, "broken for this test");
  return memory;
}

messages::TokenReport token_with_certificate(const std::string& serial, TimePoint now, int days_left,
                                             const std::string& slot) {
  messages::CertificateReport certificate;
  certificate.sha256 = "cafe" + serial;
  certificate.common_name = "12345678901234 user0001";
  certificate.not_before = now - 300 * 24h;
  certificate.not_after = now + days_left * 24h + 1h;
  certificate.key_state = messages::KeyState::present;
  messages::TokenReport token;
  token.manufacturer = "Maker";
  token.model = "Model";
  token.serial = serial;
  token.label = "Token " + serial;
  token.uri = "pkcs11:serial=" + serial;
  token.slot_description = slot;
  token.certificates.push_back(certificate);
  return token;
}

messages::Event seen(std::vector<messages::TokenReport> tokens) {
  messages::InspectResult result;
  result.tokens = std::move(tokens);
  return result;
}

resident::ReaderState reader_with_card(const std::string& name, unsigned events, const std::string& atr) {
  resident::ReaderState reader{.name = name};
  reader.card = true;
  reader.events = events;
  reader.atr = atr;
  return reader;
}

resident::ReaderState empty_reader(const std::string& name, unsigned events) {
  resident::ReaderState reader{.name = name};
  reader.events = events;
  return reader;
}

}  // namespace koshin::test
