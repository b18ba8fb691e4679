// SPDX-License-Identifier: MIT
// What stands of the certificate that an unfinished renewal replaces: asked wherever a person is told of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/texts/text.hpp"
#include "renewal/policy/record.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {

enum class OldCertificate {
  untouched,        ///< koshin writes beside it, or has not come to the writing yet
  seen_on_token,    ///< it may have been overwritten, and was read on the token since
  kept_in_journal,  ///< it may have been overwritten; this computer's journal has it and writes it back
  replaced,         ///< the new certificate, which has logged in, is in its place
  not_seen,         ///< it was looked for and is not on the token, or may be overwritten; no copy is known of
  renewed_beside    ///< second leg: the first leg's certificate logs in from a spare slot
};

/// `seen`: it was read on the token after the last change that the renewal has made there; false: it was not,
/// or nobody has looked. `profile`: of the record's bank.
OldCertificate what_stands_of_old(const Record& record, const TokenProfile& profile, bool seen);

/// Whether the certificate that the record renews was read on the token, and is not only remembered.
bool shows_old(const messages::TokenReport& token, const Record& record);

std::string_view to_string(OldCertificate stands);
/// For people: a sentence.
const Text& sentence_of(OldCertificate stands);

/// The code of the notice with which a worker tells what it has read: "old_certificate_seen_on_token".
std::string notice_code(OldCertificate stands);
/// The inverse of notice_code(); empty for any other notice.
std::optional<OldCertificate> parse_notice_code(std::string_view code);

}  // namespace koshin::renewal
