// SPDX-License-Identifier: MIT
// koshin prune: deletes one old certificate with its key, after the person has said so twice, or more
// often for what koshin has not renewed.
#include "cli/bank_choice.hpp"
#include "cli/commands.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/token_choice.hpp"
#include "cli/usage.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/pruning.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;

constexpr Text about_to_delete{"This certificate and its key will be deleted from token {0}:",
                               "次の証明書とその鍵を、トークン {0} から削除します:"};
constexpr Text first_question{"This cannot be undone. Go on? (yes/no) ",
                              "元に戻すことはできません。続けますか? (yes/no) "};
constexpr Text serial_question{"Type the last four characters of its serial number to delete it: ",
                               "削除するには、シリアル番号の最後の 4 文字を入力してください: "};
constexpr Text not_renewed_question{
    "koshin has not renewed this certificate and cannot know who still needs it.\n"
    "Whoever logs in or signs with it cannot do so any more. Delete it all the same? (yes/no) ",
    "この証明書は koshin が更新したものではなく、まだ使われているかどうか分かりません。\n"
    "削除すると、この証明書でのログインや署名はできなくなります。それでも削除しますか? (yes/no) "};
constexpr Text in_use_question{
    "This is the certificate in use: nothing on this token replaces it. Afterwards you cannot log in to the\n"
    "bank with this token until you get a re-issue code. Delete it all the same? (yes/no) ",
    "これは現在お使いの証明書で、代わりになる証明書はこのトークンにありません。削除すると、再発行コードを\n"
    "受け取るまで、このトークンで銀行にログインできなくなります。それでも削除しますか? (yes/no) "};
constexpr Text nothing_deleted{"Nothing was deleted.", "何も削除していません。"};
constexpr Text decrypting_question{
    "Mail and files that were encrypted for it can be read with its key only. After this nobody can\n"
    "read them any more. Delete it all the same? (yes/no) ",
    "この証明書あてに暗号化されたメールやファイルは、この鍵でしか読めません。削除すると誰も\n"
    "読めなくなります。それでも削除しますか? (yes/no) "};
constexpr Text deleted{"Deleted:", "削除しました:"};
constexpr Text unreadable_key_stays{
    "Left on the token: a public key object with ID {0} (label \"{1}\") that cannot be read.",
    "トークンに残したもの: 読み取れない公開鍵オブジェクト (ID {0}、ラベル「{1}」)。"};
constexpr Text key_stays{
    "Left on the token: the {1} key with ID {0}, though the module says that it was deleted.\n"
    "It is of no use without its certificate.",
    "トークンに残ったもの: {1} (ID {0})。モジュールは削除したと回答しましたが、まだトークンにあります。\n"
    "証明書がないため、使われることはありません。"};
constexpr Text private_half{"private", "秘密鍵"};
constexpr Text public_half{"public", "公開鍵"};

/// A public key without a type could not be read.
void tell_of_kept(const Session& session, const messages::KeyReport& key) {
  const Console& console = session.console;
  if (!key.is_private && key.key_algorithm == "unknown")
    return console.print(unreadable_key_stays, {key.key_id, printable(key.label, 100)});
  console.print(key_stays, {key.key_id, console.say(key.is_private ? private_half : public_half)});
}

void show(const Session& session, const messages::TokenReport& token, const CertificateReport& certificate,
          Terminal& terminal) {
  const Console& console = session.console;
  terminal.show(console.say(about_to_delete, {token_name(token)}) + "\n");
  const auto line = [&](const Text& name, const std::string& value) {
    terminal.show("  " + padded(console.say(name), 14) + value + "\n");
  };
  line({"Purpose", "用途"}, purpose_text(console, certificate.purpose));
  line({"SHA-256", "SHA-256"}, certificate.sha256);
  if (certificate.purpose == messages::Purpose::unreadable) return;
  line({"Name", "名称 (CN)"}, printable(certificate.common_name, 200));
  line({"Issuer", "発行者"}, printable(certificate.issuer, 300));
  line({"Serial number", "シリアル番号"}, certificate.serial);
  line({"Valid until", "有効期限"}, expiry_text(console, certificate.not_after, session.now));
}

void ask(const Session& session, Terminal& terminal, const Text& question, const std::string& right_answer) {
  if (terminal.ask(session.console.say(question), session.interrupt) != right_answer)
    throw Declined("not confirmed; nothing was deleted", nothing_deleted);
}

/// Two questions for a certificate that koshin has renewed; one more for any other, and one more for a
/// certificate for encryption.
void ask_person(const Session& session, const messages::TokenReport& token,
                const CertificateReport& certificate, messages::Job& job) {
  const auto terminal = Terminal::open();
  if (terminal == nullptr) throw UsageError(session.console.language(), nobody_to_ask, {"koshin prune"});
  show(session, token, certificate, *terminal);
  ask(session, *terminal, first_question, "yes");
  if (!certificate.renewed)
    ask(session, *terminal,
        renewal::is_the_one_in_use(token, certificate, session.now) ? in_use_question : not_renewed_question,
        "yes");
  if (certificate.decrypts) ask(session, *terminal, decrypting_question, "yes");
  const std::string& serial = certificate.serial.empty() ? certificate.sha256 : certificate.serial;
  ask(session, *terminal, serial_question, serial.size() > 4 ? serial.substr(serial.size() - 4) : serial);
  job.also_not_renewed = !certificate.renewed;
  job.also_decrypting = certificate.decrypts;
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
    const messages::TokenReport token = choose_token(session, inspect_eligible(session), terminal.get());
    const auto choice = renewal::choose_to_delete(token, session.arguments.certificate);
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
  session.console.print(deleted);
  print_subject(session, result.deleted);
  for (const auto& key : result.kept) tell_of_kept(session, key);
  return 0;
}

}  // namespace koshin::cli
