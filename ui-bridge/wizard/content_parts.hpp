// SPDX-License-Identifier: MIT
// Parts shared by several screens.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "model.hpp"
#include "page_key.hpp"
#include "screen_content.hpp"

namespace koshin::ui {

Words words(PageKey key, std::initializer_list<Words::Value> values = {});
/// Of a key that is put together of words of the model; catalogue_test.mjs knows each.
Words composed_words(std::string key);
/// "12 days left", "12 days ago"; one day and less than one have words of their own.
Words days_left(long days);
Words days_ago(long days);
/// Text from tokens, certificates and authorities: fit for a screen.
std::string shown(const std::string& text);
/// shown(), with a dash for an empty text.
std::string or_dash(const std::string& text);

Facts token_facts(const messages::TokenReport& token);
/// `issuer`: with the issuer, needed where several authorities' certificates may bear the same name.
Facts certificate_facts(const messages::CertificateReport& certificate, bool issuer = false);
/// "for signatures"; what koshin renews has one of three purposes.
Words purpose_words(messages::Purpose purpose);
/// What stands of the certificate in use, where a renewal is not complete.
Words about_old(renewal::OldCertificate stands);
/// The certificates of a sitting before they are renewed, and what became of each.
Note sitting_list(const std::vector<SittingRow>& sitting);
/// Where the token could not show that a new key decrypts: what was shown instead. Else no line.
Note decryption_unchecked(const std::vector<SittingRow>& sitting);
Note sitting_results(const std::vector<SittingRow>& sitting);
OtherTokens other_tokens(const std::vector<OtherToken>& others);
/// Model::touch in words.
TouchPrompt touch_prompt(const std::optional<bool>& touch);
/// The notices that are useful for a person; the others are only logged.
Remarks remarks(const std::vector<messages::NoticeEvent>& notices);

}  // namespace koshin::ui
