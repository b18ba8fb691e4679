// SPDX-License-Identifier: MIT
// Ours is what the journal in the check's folder has begun, and what the authority in it has issued; both are
// written before they take effect.
#include "module_check/cleaning.hpp"

#include <algorithm>

#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/inventory.hpp"

namespace koshin::module_check {
namespace {

using messages::JobKind;

std::vector<renewal::Record> unfinished() {
  return renewal::Journal::open(paths::journal_file())->all_unfinished();
}

std::vector<messages::CertificateReport> ours_on(const messages::TokenReport& token, const Stage& stage) {
  const std::vector<std::string> issued = stage.all_issued();
  std::vector<messages::CertificateReport> ours;
  for (const auto& certificate : token.certificates) {
    const bool is_ours = std::find(issued.begin(), issued.end(), certificate.sha256) != issued.end();
    const auto is_copy = [&](const auto& other) { return other.sha256 == certificate.sha256; };
    if (is_ours && std::none_of(ours.begin(), ours.end(), is_copy)) ours.push_back(certificate);
  }
  return ours;
}

/// Of tokens whose serial number says nothing, several may share the check's folder: a record of another one
/// is the only trace of its key pair.
void check_is_here(const CheckContext& context, const renewal::Record& record,
                   const messages::TokenReport& token) {
  if (!renewal::is_one_of_many(record.token)) return;
  if (renewal::match_record(record, token) != renewal::RecordMatch::no) return;
  const bool renews = !record.old_sha256.empty();
  fail(Reason::token_not_found,
       "an earlier check has left a test key pair on another token with this serial number" +
           (renews ? ", which has the certificate with the fingerprint " + record.old_sha256
                   : ", which has no test certificate yet") +
           ": insert that token and check it first. Where it is gone, delete " +
           context.stage.folder().string());
}

void give_up(CheckContext& context, const renewal::Record& record) {
  messages::Job job = job_of(context, JobKind::cancel);
  job.record_number = record.number;
  const auto last = run_job_of(context, std::move(job), secrets_of(context, JobKind::cancel));
  const auto* failure = std::get_if<Failure>(&last);
  if (failure != nullptr && failure->reason != Reason::nothing_unfinished) throw FailureError(*failure);
}

void delete_certificate(CheckContext& context, const messages::CertificateReport& certificate) {
  messages::Job job = job_of(context, JobKind::prune);
  job.certificate_sha256 = certificate.sha256;
  job.also_not_renewed = true;
  job.also_decrypting = certificate.decrypts;
  const auto result = cli::result_of<messages::PruneResult>(
      run_job_of(context, std::move(job), secrets_of(context, JobKind::prune)));
  context.deleted.insert(certificate.sha256);
  for (const auto& key : result.kept) context.kept_keys.insert(key.key_id);
}

}  // namespace

bool anything_unfinished() {
  return !unfinished().empty();
}

bool anything_recorded(const CheckContext& context) {
  return !unfinished().empty() || !context.stage.all_issued().empty();
}

bool anything_of_ours(const CheckContext& context, const messages::TokenReport& token) {
  return !unfinished().empty() || !ours_on(token, context.stage).empty();
}

void clean_up(CheckContext& context) {
  if (const auto records = unfinished(); !records.empty()) {
    const auto token = inspect_with_pin(context);
    for (const renewal::Record& record : records) check_is_here(context, record, token);
    for (const renewal::Record& record : records) give_up(context, record);
  }
  for (const auto& certificate : ours_on(inspect_with_pin(context), context.stage))
    delete_certificate(context, certificate);
}

}  // namespace koshin::module_check
