// SPDX-License-Identifier: MIT
// A record has no field for its holder: its certificate, its request, the certificate that it renews or the
// mark of its key pair identify the holder, depending on its state.
#include "renewal/steps/errand.hpp"

#include "enrollment/x509/certificate_request.hpp"
#include "foundation/settings/expectation.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/precedence.hpp"
#include "renewal/token/exchange.hpp"
#include "renewal/token/issued_certificate.hpp"
#include "renewal/token/marks.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

using messages::CertificateReport;
using messages::JobKind;
using messages::TokenReport;

/// The common name of the record's holder; empty where neither record nor token contains it.
std::string name_in(const Record& record, const std::optional<TokenReport>& report) {
  if (const auto certificate = issued_certificate(record)) return certificate->common_name();
  if (!record.request.empty()) return enrollment::common_name_of(enrollment::subject_of(exchange_of(record)));
  const CertificateReport* old = report ? find_certificate(*report, record.old_sha256) : nullptr;
  return old == nullptr ? std::string() : old->common_name;
}

/// Compares user IDs with or without a contract number in front.
bool same_user(const std::string& one, const std::string& other) {
  return names_user(one, other) || names_user(other, one);
}

/// Whether the user ID of the record was mistyped: the authority has just refused the code for this name, and
/// no certificate on the token has the name. The person corrects the ID.
bool was_mistyped(const Record& record, const std::string& name, const TokenReport& report, TimePoint now) {
  const bool refused =
      record.enrollment && record.last_failure && record.last_failure->reason == Reason::reissue_code_invalid;
  if (!refused || record.changed + same_enrollment_period < now) return false;
  for (const CertificateReport& certificate : report.certificates)
    if (same_user(certificate.common_name, name)) return false;
  return true;
}

/// For a record without a request: compares the mark of its pair, which a PIV slot does not have. The name
/// was formed from the typed user ID, alone or with the contract number.
bool is_marked_for_user(const JobContext& context, const Record& record, const std::string& user) {
  const auto mark = lineage_in_id(record.key_id);
  if (!mark || user.empty()) return true;
  const auto& expect = context.settings.expect;
  const auto fits = [&](const std::string& name) {
    return *mark ==
           lineage_mark(enrollment::make_subject(expect.organization, expect.organizational_unit, name));
  };
  return fits(user) || fits(user.substr(user.rfind(' ') + 1));
}

/// `user`: the required holder of the record; empty: unknown.
bool is_of_user(const JobContext& context, const std::optional<TokenReport>& report, const Record& record,
                const std::string& user) {
  const std::string name = name_in(record, report);
  if (user.empty()) return true;
  if (name.empty()) return !record.old_sha256.empty() || is_marked_for_user(context, record, user);
  return same_user(name, user) || (report && was_mistyped(record, name, *report, context.now()));
}

std::string user_of_enrolment(const JobContext& context, const std::optional<TokenReport>& report) {
  if (!context.job.subject_user.empty() || !report) return context.job.subject_user;
  const CertificateReport* taken = certificate_of_user(context, *report);
  return taken == nullptr ? std::string() : taken->common_name;
}

/// The holder of the certificate to be renewed. Where there is no such certificate, a renewal may resume any
/// enrolment.
std::string user_of_renewal(const JobContext& context, const TokenReport& report) {
  const auto choice =
      choose_certificate(report, context.job.certificate_sha256, context.settings, context.now(), false);
  return choice.certificate == nullptr ? std::string() : choice.certificate->common_name;
}

/// The certificate that the last decision about this token was about; empty: none is known.
std::string decided_about(const JobContext& context, const OpenToken& token) {
  const auto memory = context.journal.memory(token.key(), context.settings.bank());
  return memory && memory->label == token.info().label ? memory->certificate_sha256 : std::string();
}

/// Order of a user's certificates for an enrolment: certificates known to be from the configured authority
/// first, then later ones.
bool has_precedence(const CertificateReport& one, const CertificateReport& other) {
  if (one.issuer_vouched != other.issuer_vouched) return one.issuer_vouched;
  return one.not_after > other.not_after;
}

}  // namespace

TokenReport report_unopened(const OpenToken& token) {
  auto report = report_token({}, token.info(), token.profile());
  report.private_objects_hidden = true;
  return report;
}

Interest interest_of(const JobContext& context, const OpenToken& token) {
  if (context.job.kind != JobKind::renew || !token.profile().deletes_pairs()) return {};
  Interest interest{context.job.certificate_sha256, {}};
  for (const Record& record : context.journal.all_unfinished()) {
    if (record.token != token.key()) continue;
    if (record.enrollment || record.state >= State::issued) return {};
    const bool first = interest.key_ids.empty() && interest.certificate_sha256.empty();
    if (first && !can_only_wait(record, context.now())) interest.certificate_sha256 = record.old_sha256;
    if (record.old_sha256 != interest.certificate_sha256) return {};
    interest.key_ids.push_back(record.key_id);
  }
  if (interest.certificate_sha256.empty()) interest.certificate_sha256 = decided_about(context, token);
  return interest;
}

const CertificateReport* certificate_of_user(const JobContext& context, const TokenReport& report) {
  const std::string& user = context.job.subject_user;
  const CertificateReport* best = nullptr;
  for (const auto& certificate : report.certificates) {
    if (certificate.purpose != messages::Purpose::log_in) continue;  // a re-issue gives what logs in
    if (!is_ours(certificate, context.settings.expect) || !names_user(certificate.common_name, user))
      continue;
    if (best != nullptr && best->subject != certificate.subject) {
      fail(Reason::certificate_ambiguous,
           "certificates of several users are on the token: say whose is issued again (--user)");
    }
    if (best == nullptr || has_precedence(certificate, *best)) best = &certificate;
  }
  return best;
}

bool continues_record(const JobContext& context, const std::optional<TokenReport>& report,
                      const Record& record) {
  static const TokenReport nothing_seen;
  if (!is_of_bank(record, report ? *report : nothing_seen, context.settings)) return false;
  if (context.job.kind == JobKind::enroll)
    return is_of_user(context, report, record, user_of_enrolment(context, report));
  const std::string fetched = record.certificate.empty()
                                  ? std::string()
                                  : enrollment::sha256_of(pkcs11::ByteView(record.certificate));
  if (!is_of_named(record, fetched, context.job.certificate_sha256, report ? *report : nothing_seen))
    return false;
  const bool insists = context.job.force || !context.job.certificate_sha256.empty();
  if (report && !insists && due_beside(record, *report, context.settings, context.now()) != nullptr)
    return false;
  if (!record.enrollment || record.state >= State::issued) return true;
  return report && is_of_user(context, report, record, user_of_renewal(context, *report));
}

}  // namespace koshin::renewal
