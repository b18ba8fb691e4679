// SPDX-License-Identifier: MIT
// The control port's few resources.
#include "bank/desk.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bank/page.hpp"

namespace koshin::bank {
namespace {

using nlohmann::json;

constexpr std::size_t max_common_name = 64;  // ub-common-name of RFC 5280

Response answer(int status, const json& body) {
  return {.status = status, .content_type = "application/json", .body = body.dump() + "\n"};
}

/// A page of another origin that a browser was lured to must not reach the desk by a name that resolves to
/// this machine.
bool local_host(const Request& request) {
  const auto host = request.header("host");
  const auto name = host.substr(0, host.rfind(':'));
  return name == "127.0.0.1" || name == "localhost";
}

std::string desk_form(bool japanese) {
  return std::string("<form method=\"post\" action=\"/desk\"><label for=\"cn\">") +
         (japanese ? "利用者（契約法人ID 14桁 + 空白 + 利用者ID）"
                   : "User (14-digit corporation ID, a blank, user ID)") +
         "</label><input id=\"cn\" name=\"cn\" maxlength=\"64\" required><button type=\"submit\">" +
         (japanese ? "再発行コードを発行する" : "Hand out a re-issue code") + "</button></form>";
}

}  // namespace

std::string Desk::reissue_code(const std::string& common_name) {
  const auto hours = leading_number(books_.switches.get("code_hours"));
  books_.counters.add("codes");
  return books_.codes.make(common_name,
                           std::chrono::hours(books_.switches.get("code_hours").empty() ? 24 : hours));
}

Response Desk::handle(const Request& request) {
  if (!local_host(request)) return answer(421, {{"error", "this port is for this machine alone"}});
  try {
    if (request.path == "/desk") return page(request);
    if (request.path == "/state" && request.method == "GET") return state();
    if (request.method != "POST") return answer(404, {{"error", "nothing here"}});
    if (request.path == "/code") return code(request);
    if (request.path == "/switch") return set_switch(request);
    return answer(404, {{"error", "nothing here"}});
  } catch (const json::exception& error) {
    return answer(400, {{"error", error.what()}});
  } catch (const std::invalid_argument& error) {
    return answer(400, {{"error", error.what()}});
  }
}

Response Desk::page(const Request& request) {
  const bool japanese = wants_japanese(request);
  const std::string title = japanese ? "再発行窓口" : "Re-issue desk";
  if (request.method != "POST") return html_page(200, japanese, title, desk_form(japanese));
  const auto common_name = form_value(request.body, "cn");
  if (common_name.empty() || common_name.size() > max_common_name) {
    return html_page(400, japanese, title, desk_form(japanese));
  }
  const std::string explanation =
      japanese ? "このコードは1回だけ、発行から一定時間有効です。使用されると古い電子証明書は失効します。"
               : "The code works once, for some hours. When it is used, the old certificate is revoked.";
  return html_page(200, japanese, title,
                   "<p>" + html_escape(common_name) + "</p><p id=\"code\">" + reissue_code(common_name) +
                       "</p><p>" + explanation + "</p>");
}

Response Desk::code(const Request& request) {
  const std::string common_name = json::parse(request.body).at("cn");
  if (common_name.empty() || common_name.size() > max_common_name)
    throw std::invalid_argument("cn: 1 to 64 bytes");
  return answer(200, {{"cn", common_name}, {"code", reissue_code(common_name)}});
}

Response Desk::set_switch(const Request& request) {
  const auto wanted = json::parse(request.body);
  books_.switches.set(wanted.at("name"), wanted.at("value"));
  return answer(200, {{"ok", true}});
}

Response Desk::state() const {
  json certificates = json::array(), logins = json::array();
  for (const auto& entry : books_.ledger.entries()) {
    certificates.push_back(
        {{"serial", entry.serial}, {"cn", entry.common_name}, {"sha256", entry.sha256}, {"how", entry.how}});
  }
  for (const auto& login : logins_.logins())
    logins.push_back({{"cn", login.common_name}, {"serial", login.serial}});
  return answer(200, {{"issued", books_.counters.get("issued")},
                      {"certificates", certificates},
                      {"requests", books_.counters.all()},
                      {"logins", logins},
                      {"revoked", books_.ledger.revoked_serials()}});
}

}  // namespace koshin::bank
