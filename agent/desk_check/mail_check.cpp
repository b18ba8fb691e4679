// SPDX-License-Identifier: MIT
// The mail server, by koshin-mail, which has the settings, the password and libcurl.
#include <set>

#include "desk_check/checks.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/personal_values.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::desk_check {
namespace {

using std::chrono::steady_clock;

/// koshin-mail tries up to three mechanisms of authentication, each for at most 30 s.
constexpr std::chrono::seconds longest_talk{95};

struct Talk {
  bool accepted = false;
  bool tried = false;  ///< else a fault of this computer has kept koshin-mail from asking the server
  std::string words;   ///< koshin-mail's last line: what was wrong, with the copy alone if it was accepted
};

Talk talk_to_server(const MailCheck& how, const std::string& bank) {
  std::vector<std::string> arguments{how.send ? "--send-test" : "--check"};
  if (!how.settings_file.empty()) arguments.insert(arguments.end(), {"--settings", how.settings_file});
  if (!bank.empty()) arguments.insert(arguments.end(), {"--bank", bank});
  const auto child = ChildProcess::start(paths::program("koshin-mail"), arguments, {.keep_errors = true});
  child->close_stdin();
  const auto until = steady_clock::now() + longest_talk;
  Talk talk;
  for (std::string line; child->read_line(line, until) == ChildProcess::Read::line;) {
    talk.words = line;
    talk.tried = true;
  }
  const auto status = child->wait_until(until);
  talk.accepted = status && !status->crashed && status->code == 0;
  if (!talk.accepted && talk.words.empty()) talk.words = child->errors();
  if (!status) {
    talk.words = "no end within " + std::to_string(longest_talk.count()) + " s";
    talk.tried = true;
  }
  return talk;
}

void check_mail_of(Report& report, const Settings& bank, MailCheck how) {
  // Whose certificate it would be about is not known here: the server alone can be tried.
  const bool for_nobody = how.send && bank.mail.to.find(email_place) != std::string::npos;
  if (for_nobody) how.send = false;
  const Talk talk = talk_to_server(how, bank.bank());
  const std::string& url = bank.mail.url;
  if (!talk.tried)
    return report.add(DeskSubject::mail, Status::failed, DeskFinding::mail_not_tried, {url, talk.words});
  if (!talk.accepted)
    return report.add(DeskSubject::mail, Status::failed, DeskFinding::mail_refused, {url, talk.words});
  if (for_nobody) return report.add(DeskSubject::mail, Status::ok, DeskFinding::mail_person_unknown, {url});
  if (how.send && !talk.words.empty())
    return report.add(DeskSubject::mail, Status::warning, DeskFinding::mail_copy_refused, {url, talk.words});
  if (how.send) return report.add(DeskSubject::mail, Status::ok, DeskFinding::mail_sent, {url});
  report.add(DeskSubject::mail, Status::ok,
             bank.mail.user.empty() ? DeskFinding::mail_accepts : DeskFinding::mail_accepts_user, {url});
}

}  // namespace

void check_mail(Report& report, const Deployment& deployment, const MailCheck& how) {
  std::set<std::string> asked;  // banks share a server, which need not be asked twice
  for (const Settings& bank : deployment.banks) {
    const Settings::Mail& mail = bank.mail;
    const std::string server =
        joined({mail.url, mail.user, mail.password_file.string(), mail.trust_anchors.string(), mail.from,
                mail.to, mail.cc, mail.starttls ? "starttls" : ""},
               "\n");
    if (!mail.url.empty() && asked.insert(server).second) check_mail_of(report, bank, how);
  }
  if (asked.empty()) report.add(DeskSubject::mail, Status::ok, DeskFinding::mail_off);
}

}  // namespace koshin::desk_check
