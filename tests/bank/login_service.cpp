// SPDX-License-Identifier: MIT
// Pages of the log-in, in Japanese and English.
#include "bank/login_service.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "bank/client_check.hpp"
#include "bank/misbehaviour.hpp"
#include "bank/page.hpp"
#include "bank/request_check.hpp"

namespace koshin::bank {
namespace {

bool well_formed(const std::string& passphrase) {
  const bool plain = std::all_of(passphrase.begin(), passphrase.end(),
                                 [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
  return plain && passphrase.size() >= 4 && passphrase.size() <= 12;
}

/// Told from one calendar month before expiry.
bool nears_expiry(const X509* certificate) {
  std::tm expiry{};
  check(ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &expiry) == 1, "read notAfter");
  using namespace std::chrono;  // NOLINT(google-build-using-namespace): a calendar in two lines
  const year_month_day day{year{expiry.tm_year + 1900}, month{static_cast<unsigned>(expiry.tm_mon + 1)},
                           std::chrono::day{static_cast<unsigned>(expiry.tm_mday)}};
  const auto from =
      sys_days{day - months{1}} + hours{expiry.tm_hour} + minutes{expiry.tm_min} + seconds{expiry.tm_sec};
  return from <= system_clock::now();
}

std::string date_of(const X509* certificate) {
  std::tm expiry{};
  check(ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &expiry) == 1, "read notAfter");
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &expiry)};
}

std::string common_name_of(const X509* certificate) {
  return name_entry(X509_get_subject_name(certificate), NID_commonName);
}

std::string passphrase_form(bool japanese) {
  return "<form method=\"post\" action=\"/login\"><label for=\"passphrase\">" +
         std::string(japanese ? "ログインパスワード（半角英数字4～12文字）"
                              : "Passphrase (4 to 12 letters and digits)") +
         "</label><input id=\"passphrase\" name=\"passphrase\" type=\"password\" minlength=\"4\" "
         "maxlength=\"12\" "
         "pattern=\"[A-Za-z0-9]{4,12}\" autocomplete=\"off\" required><button type=\"submit\">" +
         (japanese ? "ログイン" : "Log in") + "</button></form>";
}

/// The button, and the way by hand: a page cannot find out whether a program took the link.
std::string way_to_renewal(bool japanese) {
  return "<p><a id=\"renew-link\" href=\"koshin://renew\" role=\"button\">" +
         std::string(japanese ? "電子証明書を更新する" : "Renew the certificate") +
         "</a></p><p id=\"renew-by-hand\">" +
         (japanese
              ? "何も開かないときは、USB "
                "トークンをパソコンに挿すか、パソコンのメニューから「電子証明書の更新」を開いてください。"
              : "If nothing opens, insert your USB token into the computer, or open “Certificate renewal” "
                "from "
                "the computer’s menu.") +
         "</p>";
}

std::string notice(const X509* client, bool japanese) {
  if (!nears_expiry(client)) return {};
  return "<p id=\"renewal-notice\" role=\"status\">" +
         (japanese ? "お使いの電子証明書は " + date_of(client) + " に有効期限を迎えます。更新してください。"
                   : "Your certificate expires on " + date_of(client) + ". Please renew it.") +
         "</p>" + way_to_renewal(japanese);
}

}  // namespace

Response LoginService::handle(const Request& request, const Peer& peer) {
  books_.counters.add("login");
  const bool japanese = wants_japanese(request);
  try {
    X509* client = require_client(peer, books_.authority, books_.ledger, books_.switches);
    if (auto instead = Misbehaviour(books_.switches, "login").instead_of_answering(request)) return *instead;
    return request.method == "POST" ? check_passphrase(request, client) : show(request, client);
  } catch (const Refusal& no) {
    return html_page(no.status(), japanese, japanese ? "ログインできません" : "You cannot log in",
                     "<p id=\"refused\">" + html_escape(no.what()) + "</p>");
  }
}

Response LoginService::show(const Request& request, X509* client) {
  {
    const std::lock_guard lock(mutex_);
    logins_.push_back({common_name_of(client), serial_of(client)});
  }
  const bool japanese = wants_japanese(request);
  return html_page(
      200, japanese, japanese ? "ログイン" : "Log in",
      "<p id=\"user\">" + html_escape(common_name_of(client)) + "</p>" + passphrase_form(japanese));
}

Response LoginService::check_passphrase(const Request& request, X509* client) {
  const bool japanese = wants_japanese(request);
  const auto passphrase = form_value(request.body, "passphrase");
  auto expected = books_.switches.get("passphrase");
  if (expected.empty()) expected = default_passphrase;
  if (!well_formed(passphrase) || passphrase != expected) {
    const std::string text =
        japanese ? "ログインパスワードが正しくありません。" : "The passphrase is not right.";
    return html_page(
        403, japanese, japanese ? "ログイン" : "Log in",
        "<p id=\"wrong-passphrase\" role=\"alert\">" + text + "</p>" + passphrase_form(japanese));
  }
  books_.counters.add("passphrase_accepted");
  const std::string welcome = japanese ? "ようこそ、" + html_escape(common_name_of(client)) + " 様"
                                       : "Welcome, " + html_escape(common_name_of(client));
  return html_page(200, japanese, japanese ? "ご契約先トップ" : "Your accounts",
                   "<p id=\"welcome\">" + welcome + "</p>" + notice(client, japanese) + "<p id=\"serial\">" +
                       serial_of(client) + "</p>");
}

std::vector<LoginService::Login> LoginService::logins() const {
  const std::lock_guard lock(mutex_);
  return logins_;
}

}  // namespace koshin::bank
