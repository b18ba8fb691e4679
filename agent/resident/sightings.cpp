// SPDX-License-Identifier: MIT
#include "resident/sightings.hpp"

#include "foundation/log/log.hpp"

namespace koshin::resident {

Sightings::Result Sightings::read(const std::vector<messages::TokenReport>& reports, const Look& look) {
  Result result;
  tokens_.begin_inspection();
  for (const messages::TokenReport& report : reports) {
    // Blank tokens, such as the slot that SoftHSM always offers, cannot be told apart, and nothing can be due
    // on them.
    if (!report.initialized && report.serial.empty()) continue;
    PresentToken* present = tokens_.find(report, reports);
    present != nullptr ? is_still_there(*present, report, look, result) : has_come(report, look, result);
  }
  return result;
}

void Sightings::is_still_there(PresentToken& token, const messages::TokenReport& report, const Look& look,
                               Result& result) {
  if (token.report.uri != report.uri) world_.token_renamed({token.key, token.report.uri}, report.uri);
  token.report = report;
  token.seen = true;
  // Until now it was a guess, made while one card was in.
  if (auto reader = reader_of_slot(report.slot_description, readers_); !reader.empty()) token.reader = reader;
  const bool asked_for = look.reader.empty() || look.reader == token.reader;
  if (asked_for) result.seen.emplace_back(token.key, look.trigger);
  result.found = result.found || (asked_for && !look.reader.empty());
}

void Sightings::has_come(const messages::TokenReport& report, const Look& look, Result& result) {
  std::string reader = reader_of_slot(report.slot_description, readers_);
  if (reader.empty()) {
    // The module does not say where the token sits: the card that is new is the best guess, unless it has
    // left again.
    if (look.reader_gone) return;
    reader = look.reader;
  }
  result.found = result.found || reader == look.reader;
  tokens_.add({.key = renewal::token_key(report),
               .report = report,
               .module = look.module,
               .reader = reader,
               .seen = true});
  result.seen.emplace_back(renewal::token_key(report), renewal::Trigger::insertion);
  log::info(log::Event::token_inserted,
            "Token " + describe(report) + " is in" + (reader.empty() ? "." : ", reader “" + reader + "”."),
            {{"KOSHIN_TOKEN", report.uri}, {"KOSHIN_READER", reader}, {"KOSHIN_MODULE", look.module}});
}

bool Sightings::tell_gone(const std::vector<PresentToken>& gone) {
  for (const PresentToken& token : gone) {
    log::info(log::Event::token_removed, "Token " + describe(token.report) + " was removed.",
              {{"KOSHIN_TOKEN", token.report.uri}, {"KOSHIN_READER", token.reader}});
    world_.token_removed({token.key, token.report.uri});
  }
  return !gone.empty();
}

}  // namespace koshin::resident
