// SPDX-License-Identifier: MIT
// What several screens have in common.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "model.hpp"
#include "screen_content.hpp"

namespace koshin::ui {

Words words(std::string key, std::initializer_list<Words::Value> values = {});
/// How many days: `kind` is "left" or "ago"; one day and less than one have words of their own.
Words days(const std::string& kind, long count);
/// Text from tokens, certificates and authorities: fit for a screen.
std::string shown(const std::string& text);
/// The same, with something to see where there is none.
std::string or_dash(const std::string& text);

Facts token_facts(const messages::TokenReport& token);
/// `issuer`: where certificates of several authorities may bear the same name.
Facts certificate_facts(const messages::CertificateReport& certificate, bool issuer = false);
OtherTokens other_tokens(const std::vector<OtherToken>& others);
/// Of all notices those that a person can make use of; the rest is in the log.
Remarks remarks(const std::vector<messages::NoticeEvent>& notices);

}  // namespace koshin::ui
