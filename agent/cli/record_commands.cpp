// SPDX-License-Identifier: MIT
// koshin status and koshin history: the journal, without touching a token.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "foundation/paths.hpp"
#include "renewal/journal.hpp"

namespace koshin::cli {

int run_status(const Session& session) {
  const auto journal = renewal::Journal::open(paths::journal_file());
  auto tokens = journal->memories();
  const auto unfinished = journal->all_unfinished();
  for (const auto& record :
       unfinished) {  // a token may have been renewed by a job that no inspection came before
    const bool known =
        std::any_of(tokens.begin(), tokens.end(), [&](const auto& t) { return t.token == record.token; });
    if (known) continue;
    renewal::TokenMemory memory;
    memory.token = record.token;
    memory.label = record.token_label;
    tokens.push_back(memory);
  }
  session.console.document(status_json(session, tokens, unfinished));
  if (tokens.empty())
    session.console.print(
        Text{"No token has been seen yet. koshin inspect looks at what is plugged in.",
             "まだトークンの記録はありません。koshin inspect で接続中のトークンを確認できます。"});
  for (const auto& token : tokens) {
    const auto record = std::find_if(unfinished.begin(), unfinished.end(),
                                     [&](const auto& r) { return r.token == token.token; });
    print_remembered(session, token, record == unfinished.end() ? nullptr : &*record);
  }
  return 0;
}

int run_history(const Session& session) {
  const auto records = renewal::Journal::open(paths::journal_file())->history(session.arguments.limit);
  session.console.document(history_json(session, records));
  print_history(session, records);
  return 0;
}

}  // namespace koshin::cli
