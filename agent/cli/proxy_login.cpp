// SPDX-License-Identifier: MIT
#include "cli/proxy_login.hpp"

#include "cli/terminal.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {

namespace {

constexpr std::size_t longest_user = 256;

}  // namespace

bool ask_proxy_login(const Session& session, PreparedJob& prepared, const Failure& why) {
  if (why.reason != Reason::proxy_authentication_failed || prepared.job.unattended) return false;
  if (session.settings.proxy.authentication == ProxyAuthentication::negotiate) return false;
  const auto terminal = Terminal::open();
  if (terminal == nullptr) return false;
  const Console& console = session.console;
  terminal->show(console.say(texts::cli_secret_proxy_asks) + "\n" + printable(why.detail) + "\n");
  const std::string user = terminal->ask(console.say(texts::cli_secret_proxy_user_prompt), session.interrupt);
  if (user.empty() || user.size() > longest_user) return false;
  SecureBuffer password = ask_secret(session, messages::SecretKind::proxy_password,
                                     console.say(texts::cli_secret_proxy_password_prompt, {printable(user)}));
  prepared.job.proxy_user = user;
  prepared.secrets.set(messages::SecretKind::proxy_password, std::move(password));
  return true;
}

}  // namespace koshin::cli
