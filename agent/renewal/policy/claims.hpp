// SPDX-License-Identifier: MIT
// Whose a certificate is, and whose a renewal: which of the settings' banks. Pure; everybody who decides
// about certificates of several banks asks here.
#pragma once

#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// What the banks of the settings claim: of settings that were not loaded, this one alone.
std::vector<Settings::Expect> claims_of(const Settings& settings);

/// Fills `bank`, `unclaimed` and `disputed` of the certificates that log in. A bank claims a certificate when
/// everything that its settings.expect says fits: subject, issuer's name, token. It is a bank's when that one
/// alone claims it. What is filled in already is forgotten.
void assign_banks(messages::TokenReport& token, const std::vector<Settings::Expect>& claims);

/// Whose a renewal is: of the bank that it was begun for, while the settings have that one; else of the bank
/// that the certificate which it renews or has fetched belongs to; else, where nothing tells, of the first.
std::string bank_of(const Record& record, const messages::TokenReport& token, const Settings& settings);
/// Whether a job, page or decision by these settings may go on with it.
bool is_of_bank(const Record& record, const messages::TokenReport& token, const Settings& settings);

/// What is remembered of tokens for the banks that the settings have; of a token without such a memory, what
/// was remembered before its banks had names.
std::vector<TokenMemory> of_banks(std::vector<TokenMemory> memories, const Settings& settings);

/// Of those records, which belong to the settings' bank.
std::vector<Record> of_bank(std::vector<Record> records, const messages::TokenReport& token,
                            const Settings& settings);

}  // namespace koshin::renewal
