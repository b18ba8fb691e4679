// SPDX-License-Identifier: MIT
#include "cli/proxy_login.hpp"

#include "cli/terminal.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {

namespace {

constexpr std::size_t longest_user = 256;

/// Has the job present what the person has said, or nothing.
void present(PreparedJob& prepared) {
  prepared.proxy_login.put_into(prepared.job);
  const SecureBuffer& password = prepared.proxy_login.password();
  if (prepared.proxy_login.empty())
    prepared.secrets.take(messages::SecretKind::proxy_password);
  else
    prepared.secrets.set(messages::SecretKind::proxy_password, SecureBuffer::copy_of(password.view()));
}

}  // namespace

bool ask_proxy_login(const Session& session, PreparedJob& prepared, const Failure& why) {
  if (prepared.job.unattended) return false;
  const bool asked = prepared.proxy_login.asked_by(why, session.settings.proxy);
  present(prepared);
  if (!asked) return false;
  const auto terminal = Terminal::open();
  if (terminal == nullptr) return false;
  const Console& console = session.console;
  terminal->show(console.say(texts::cli_secret_proxy_asks) + "\n" + printable(why.detail) + "\n");
  const std::string user = terminal->ask(console.say(texts::cli_secret_proxy_user_prompt), session.interrupt);
  if (user.empty() || user.size() > longest_user) return false;
  SecureBuffer password = ask_secret(session, messages::SecretKind::proxy_password,
                                     console.say(texts::cli_secret_proxy_password_prompt, {printable(user)}));
  prepared.proxy_login.answer(user, std::move(password));
  present(prepared);
  return true;
}

}  // namespace koshin::cli
