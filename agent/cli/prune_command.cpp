// SPDX-License-Identifier: MIT
// koshin prune: deletes one old certificate with its key, after the person has said so twice, or more
// often for what koshin has not renewed.
#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/commands.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/token_choice.hpp"
#include "cli/usage.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/pruning.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;

/// The private key that reads what was encrypted for the deleted certificate stays on purpose. A public key
/// without a type is one that could not be read.
void tell_of_kept(const Session& session, const CertificateReport& deleted, const messages::KeyReport& key) {
  const Console& console = session.console;
  if (key.is_private && renewal::keeps_private_key(deleted))
    return console.print(texts::cli_prune_decrypting_key_stays, {key.key_id});
  if (!key.is_private && key.key_algorithm == "unknown")
    return console.print(texts::cli_prune_unreadable_key_stays, {key.key_id, printable(key.label, 100)});
  console.print(texts::cli_prune_key_stays,
                {key.key_id,
                 console.say(key.is_private ? texts::cli_prune_private_half : texts::cli_prune_public_half)});
}

void show(const Session& session, const messages::TokenReport& token, const CertificateReport& certificate,
          Terminal& terminal) {
  const Console& console = session.console;
  const Text& what = renewal::keeps_private_key(certificate) ? texts::cli_prune_about_to_delete_without_key
                                                             : texts::cli_prune_about_to_delete;
  terminal.show(console.say(what, {token_name(token)}) + "\n");
  const auto line = [&](const Text& name, const std::string& value) {
    terminal.show("  " + padded(console.say(name), 14) + value + "\n");
  };
  line(texts::cli_field_purpose, purpose_text(console, certificate.purpose));
  line(texts::cli_field_sha256, certificate.sha256);
  if (certificate.purpose == messages::Purpose::unreadable) return;
  line(texts::cli_field_name, printable(certificate.common_name, 200));
  line(texts::cli_field_issuer, printable(certificate.issuer, 300));
  line(texts::cli_field_serial_number, certificate.serial);
  line(texts::cli_field_valid_until, expiry_text(console, certificate.not_after, session.now));
}

void ask(const Session& session, Terminal& terminal, const Text& question, const std::string& right_answer) {
  if (terminal.ask(session.console.say(question), session.interrupt) != right_answer)
    throw Declined("not confirmed; nothing was deleted", texts::cli_prune_nothing_deleted);
}

/// Two questions for a certificate that koshin has renewed; one more for any other, and one more for a
/// certificate for encryption.
void ask_person(const Session& session, const messages::TokenReport& token,
                const CertificateReport& certificate, messages::Job& job) {
  const auto terminal = Terminal::open();
  if (terminal == nullptr)
    throw UsageError(session.console.language(), texts::cli_usage_nobody_to_ask, {"koshin prune"});
  show(session, token, certificate, *terminal);
  ask(session, *terminal, texts::cli_prune_first_question, "yes");
  if (!certificate.renewed)
    ask(session, *terminal,
        renewal::is_the_one_in_use(token, certificate, session.now) ? texts::cli_prune_in_use_question
                                                                    : texts::cli_prune_not_renewed_question,
        "yes");
  if (certificate.decrypts) ask(session, *terminal, texts::cli_prune_decrypting_question, "yes");
  const std::string& serial = certificate.serial.empty() ? certificate.sha256 : certificate.serial;
  ask(session, *terminal, texts::cli_prune_serial_question,
      serial.size() > 4 ? serial.substr(serial.size() - 4) : serial);
  job.also_not_renewed = !certificate.renewed;
  job.also_decrypting = certificate.decrypts;
}

/// The tokens that may be meant. Each of several banks may name one: a token that none of them means is
/// nobody's to delete from.
messages::InspectResult eligible_tokens(const Session& session) {
  auto found = inspect_eligible(session);
  if (!bank_is_open(session) || !session.arguments.token_uri.empty()) return found;
  const auto& banks = session.deployment.banks;
  std::erase_if(found.tokens, [&](const messages::TokenReport& token) {
    return std::ranges::none_of(banks, [&](const Settings& bank) { return renewal::may_mean(bank, token); });
  });
  return found;
}

std::string bank_of_deletion(const Session& session, const CertificateReport& certificate) {
  return session.deployment.find(certificate.bank) != nullptr ? certificate.bank
                                                              : session.deployment.banks.front().bank();
}

}  // namespace

int run_prune(const Session& session) {
  messages::Job job = job_for(session, messages::JobKind::prune);
  job.also_not_renewed = session.arguments.also_not_renewed;
  job.also_decrypting = session.arguments.also_encryption;
  std::optional<PreparedJob> prepared;
  if (session.arguments.yes && !session.arguments.certificate.empty() && !bank_is_open(session)) {
    prepared = prepare_job(session, std::move(job));
  } else {
    renewal::Journal::open(
        paths::journal_file());  // an unreadable journal would look like "nothing to delete"
    const auto terminal = Terminal::open();
    const messages::TokenReport token = choose_token(session, eligible_tokens(session), terminal.get());
    const auto choice = renewal::choose_to_delete(token, session.arguments.certificate,
                                                  renewal::profile_of(session.settings));
    if (choice.failure) throw FailureError(*choice.failure);
    const CertificateReport& certificate = *choice.certificate;
    job.certificate_sha256 = certificate.sha256;
    if (!session.arguments.yes) ask_person(session, token, certificate, job);
    // Deleting works alike for all banks of a token; somebody else's certificate has no bank.
    const Session mine =
        bank_is_open(session) ? for_bank(session, bank_of_deletion(session, certificate)) : session;
    job.bank = mine.settings.bank();
    prepared = prepare_job_on(mine, std::move(job), token);
  }
  const auto result = result_of<messages::PruneResult>(
      run_worker(session, prepared->job, prepared->secrets, [](const messages::Event&) {}));
  session.console.document(pruned_json(session, result));
  session.console.print(texts::cli_prune_deleted);
  print_subject(session, result.deleted);
  for (const auto& key : result.kept) tell_of_kept(session, result.deleted, key);
  return 0;
}

}  // namespace koshin::cli
