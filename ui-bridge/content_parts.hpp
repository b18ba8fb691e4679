// SPDX-License-Identifier: MIT
// Parts shared by several screens.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "model.hpp"
#include "screen_content.hpp"

namespace koshin::ui {

Words words(std::string key, std::initializer_list<Words::Value> values = {});
/// A number of days: `kind` is "left" or "ago"; one day and less than one day have texts of their own.
Words days(const std::string& kind, long count);
/// Makes text from tokens, certificates and authorities safe for display.
std::string shown(const std::string& text);
/// shown(), with a dash for an empty text.
std::string or_dash(const std::string& text);

Facts token_facts(const messages::TokenReport& token);
/// `issuer`: with the issuer, needed where several authorities' certificates may bear the same name.
Facts certificate_facts(const messages::CertificateReport& certificate, bool issuer = false);
OtherTokens other_tokens(const std::vector<OtherToken>& others);
/// The notices that are useful for a person; the others are only logged.
Remarks remarks(const std::vector<messages::NoticeEvent>& notices);

}  // namespace koshin::ui
