// SPDX-License-Identifier: MIT
// koshin cancel: gives an unfinished renewal up, after the person has seen what stays and what goes.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/token_choice.hpp"
#include "foundation/system/paths.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::cli {
namespace {

using renewal::Record;
using renewal::State;

constexpr Text given_up_renewal{"The renewal that was begun at {0} on token {1} will be given up.",
                                "{0} にトークン {1} で始めた更新を取りやめます。"};
constexpr Text given_up_reissue{"The re-issue that was begun at {0} on token {1} will be given up.",
                                "{0} にトークン {1} で始めた再発行を取りやめます。"};
constexpr Text only_keys{
    "No renewal of token {0} is unfinished. Keys that koshin made on it and nothing uses are deleted.",
    "トークン {0} に途中の更新はありません。koshin が作成し、使われていない鍵を削除します。"};
constexpr Text in_use_stays{"The certificate in use and its key stay as they are.",
                            "お使いの証明書とその鍵はそのまま残ります。"};
constexpr Text new_certificate_stays{
    "The new certificate that is on the token already stays there with its key.",
    "トークンに書き込み済みの新しい証明書とその鍵も残ります。"};
constexpr Text issued_is_lost{
    "The certificate that the authority has issued is not on the token yet and will be lost.",
    "認証局が発行した証明書はまだトークンに書き込まれておらず、失われます。"};
constexpr Text key_goes{
    "The new key that was made for it is deleted from the token (--keep-key keeps it).",
    "そのために作成した新しい鍵は、トークンから削除します (--keep-key を指定すると残ります)。"};
constexpr Text key_stays{"The new key that was made for it stays on the token; the next renewal takes it up.",
                         "そのために作成した新しい鍵はトークンに残り、次の更新で使われます。"};
constexpr Text go_on_question{"Go on? (yes/no) ", "続けますか? (yes/no) "};
constexpr Text done{"Given up: nothing is unfinished on this token any more.",
                    "取りやめました。このトークンに途中の更新はありません。"};
constexpr Text removed_key{"Deleted key: {0}, made on {1}, ID {2}", "削除した鍵: {0}、作成日 {1}、ID {2}"};
constexpr Text kept_key{"Key that stays: {0}, made on {1}, ID {2}", "残した鍵: {0}、作成日 {1}、ID {2}"};

std::optional<Record> unfinished_of(const messages::TokenReport& token) {
  const renewal::TokenKey key = renewal::token_key(token);
  std::optional<Record> found;
  for (Record& record : renewal::Journal::open(paths::journal_file())->all_unfinished()) {
    if (record.token != key) continue;
    if (!found || record.token_label == token.label) found = std::move(record);
  }
  return found;
}

/// What will happen, in sentences, before anything does.
void tell(const Session& session, const messages::TokenReport& token, const std::optional<Record>& record,
          bool keep_key) {
  const Console& console = session.console;
  if (!record) return console.print(only_keys, {token_name(token)});
  console.print(record->enrollment ? given_up_reissue : given_up_renewal,
                {to_local_text(record->started, console.japanese()), token_name(token)});
  console.print(in_use_stays);
  if (record->state == State::written) return console.print(new_certificate_stays);
  if (record->state == State::issued) console.print(issued_is_lost);
  if (!record->same_key) console.print(keep_key ? key_stays : key_goes);
}

void ask(const Session& session) {
  const auto terminal = Terminal::open();
  if (terminal == nullptr)
    fail(Reason::usage_error, "standard input is no terminal: --yes goes on without asking");
  if (terminal->ask(session.console.say(go_on_question), session.interrupt) != "yes")
    fail(Reason::interrupted, "not confirmed; nothing was changed");
}

void tell_keys(const Console& console, const Text& words, const std::vector<messages::KeyReport>& keys) {
  for (const auto& key : keys)
    console.print(words, {key.key_algorithm, key.made_on.empty() ? "?" : key.made_on, key.key_id});
}

}  // namespace

int run_cancel(const Session& session) {
  messages::Job job = job_for(session, messages::JobKind::cancel);
  // The slots of a PIV card cannot be emptied: they are filled again.
  job.keep_key = session.arguments.keep_key || session.settings.token.officer_makes_keys();
  const auto terminal = Terminal::open();
  const messages::TokenReport token = choose_token(session, inspect(session), terminal.get());
  const auto record = unfinished_of(token);
  if (!record && job.keep_key)
    fail(Reason::nothing_unfinished, "on token \"" + printable(token.label, 100) + "\"");
  tell(session, token, record, job.keep_key);
  if (!session.arguments.yes) ask(session);
  PreparedJob prepared{.job = job, .secrets = {}, .token = token};
  prepared.job.module = token.module;
  prepared.job.token_uri = token.uri;
  if (!job.keep_key) prepared = prepare_job_on(session, std::move(job), token);
  const auto result = result_of<messages::CancelResult>(
      run_worker(session, prepared.job, prepared.secrets, [](const messages::Event&) {}));
  session.console.document(cancelled_json(session, result));
  session.console.print(done);
  tell_keys(session.console, removed_key, result.removed);
  tell_keys(session.console, kept_key, result.kept);
  return 0;
}

}  // namespace koshin::cli
