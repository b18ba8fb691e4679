// SPDX-License-Identifier: MIT
// Which bank of the settings a certificate, a renewal record or a token memory belongs to. Pure functions;
// every decision about certificates of several banks uses them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// The `expect` sections of all banks in the settings. For Settings that were not loaded by
/// load_deployment(), the single section of those Settings.
std::span<const Settings::Expect> claims_of(const Settings& settings);

/// Fills `bank`, `unclaimed` and `disputed` of every certificate that a bank may renew and overwrites earlier
/// values. A bank claims a certificate when it renews those of its purpose (renewed_purposes.hpp) and every
/// condition of its settings.expect (subject, issuer name, token) matches. A
/// certificate belongs to a bank when no other bank claims it.
void assign_banks(messages::TokenReport& token, std::span<const Settings::Expect> claims);

/// Whether this bank is the one of several claimants that notifies of a disputed certificate: the first with
/// no certificate of its own for this purpose on the token, which would take its place in the notice; else
/// the first.
bool tells_of_dispute(const messages::CertificateReport& certificate, const messages::TokenReport& token,
                      std::string_view bank);

/// Whether token.uri of the settings may mean the token, as far as token, manufacturer, model and serial
/// tell.
bool may_mean(const Settings& settings, const messages::TokenReport& token);

/// The bank of a renewal. Until the request is sent: the bank of the certificate that is renewed, where one
/// bank alone claims it. Else the bank that the record names, which the settings may not have (any more):
/// then it is no other bank's, unless a bank claims the certificate that is renewed or was fetched. A record
/// without a name and without such a certificate belongs to the first bank.
std::string bank_of(const Record& record, const messages::TokenReport& token, const Settings& settings);
/// Whether a job, page or decision that works by `settings` may resume the record.
bool is_of_bank(const Record& record, const messages::TokenReport& token, const Settings& settings);

/// The memories of the banks that `settings` have. For a token without such a memory: the memory that was
/// written while its bank had no name.
std::vector<TokenMemory> of_banks(std::vector<TokenMemory> memories, const Settings& settings);

/// The records that belong to the bank of `settings`.
std::vector<Record> of_bank(std::vector<Record> records, const messages::TokenReport& token,
                            const Settings& settings);

}  // namespace koshin::renewal
