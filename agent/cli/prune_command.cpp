// SPDX-License-Identifier: MIT
// koshin prune: deletes one old certificate with its key, after the person has said so twice.
#include "cli/commands.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/token_choice.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;

constexpr Text about_to_delete{"This certificate and its key will be deleted from token {0}:",
                               "次の証明書とその鍵を、トークン {0} から削除します:"};
constexpr Text first_question{"This cannot be undone. Go on? (yes/no) ",
                              "元に戻すことはできません。続けますか? (yes/no) "};
constexpr Text second_question{"Type the last four characters of its serial number to delete it: ",
                               "削除するには、シリアル番号の最後の 4 文字を入力してください: "};
constexpr Text deleted{"Deleted:", "削除しました:"};

const CertificateReport& certificate_to_delete(const Session& session, const messages::TokenReport& token) {
  const std::string& wanted = session.arguments.certificate;
  const CertificateReport* found = nullptr;
  for (const auto& certificate : token.certificates) {
    if (wanted.empty() ? !certificate.superseded : certificate.sha256 != wanted) continue;
    if (found != nullptr)
      fail(Reason::certificate_ambiguous, "several old certificates: name one with --certificate");
    found = &certificate;
  }
  if (found != nullptr) return *found;
  if (wanted.empty())
    fail(Reason::certificate_not_found, "no certificate on the token was replaced by a newer one");
  fail(Reason::certificate_not_found, "--certificate " + printable(wanted, 64));
}

void ask_twice(const Session& session, const messages::TokenReport& token,
               const CertificateReport& certificate) {
  const auto terminal = Terminal::open();
  if (terminal == nullptr)
    fail(Reason::usage_error, "standard input is no terminal: --yes deletes without asking");
  const Console& console = session.console;
  terminal->show(console.say(about_to_delete, {token_name(token)}) + "\n");
  terminal->show("  " + printable(certificate.common_name, 200) + ", " + certificate.serial + ", " +
                 expiry_text(console, certificate.not_after, session.now) + "\n");
  if (terminal->ask(console.say(first_question), session.interrupt) != "yes")
    fail(Reason::interrupted, "not confirmed; nothing was deleted");
  const std::string& serial = certificate.serial;
  const std::string tail = serial.size() > 4 ? serial.substr(serial.size() - 4) : serial;
  if (terminal->ask(console.say(second_question), session.interrupt) != tail)
    fail(Reason::interrupted, "not confirmed; nothing was deleted");
}

}  // namespace

int run_prune(const Session& session) {
  messages::Job job = job_for(session, messages::JobKind::prune);
  std::optional<PreparedJob> prepared;
  if (session.arguments.yes && !session.arguments.certificate.empty()) {
    prepared = prepare_job(session, std::move(job));
  } else {
    const auto terminal = Terminal::open();
    const messages::TokenReport token = choose_token(session, inspect(session), terminal.get());
    const CertificateReport& certificate = certificate_to_delete(session, token);
    job.certificate_sha256 = certificate.sha256;
    if (!session.arguments.yes) ask_twice(session, token, certificate);
    prepared = prepare_job_on(session, std::move(job), token);
  }
  const auto result = result_of<messages::PruneResult>(
      run_worker(session, prepared->job, prepared->secrets, [](const messages::Event&) {}));
  session.console.document(pruned_json(session, result));
  session.console.print(deleted);
  print_subject(session, result.deleted);
  return 0;
}

}  // namespace koshin::cli
