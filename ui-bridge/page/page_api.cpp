// SPDX-License-Identifier: MIT
// The page's addresses.
#include "page_api.hpp"

#include <algorithm>

#include "assets.hpp"
#include "page_json.hpp"

namespace koshin::ui {

namespace {

// A page load is about ten requests; a person clicks a few times a second at most.
constexpr double burst = 80;
constexpr double per_second = 20;

Reply plain(unsigned status, std::string text) {
  return {.status = status, .body = std::move(text) + "\n"};
}

bool needs_session(std::string_view target) {
  return target.starts_with("/api/") && target != "/api/hello" && target != "/api/session" &&
         target != "/api/take-over";
}

std::string_view expected_type(std::string_view target) {
  if (target == "/api/action") return "application/json";
  if (target.rfind("/api/secret/", 0) == 0) return "application/octet-stream";
  return "text/plain;charset=UTF-8";
}

}  // namespace

PageApi::PageApi(Wizard& wizard, SessionGate& gate, const Settings& settings, Surroundings surroundings)
    : wizard_(wizard),
      gate_(gate),
      surroundings_(std::move(surroundings)),
      brand_css_(brand_css(settings.branding.accent_color)) {
  if (!settings.branding.logo.empty()) logo_ = load_logo(settings.branding.logo);
}

PageApi::Allowance::Allowance() : left_(burst), refilled_(std::chrono::steady_clock::now()) {}

bool PageApi::Allowance::take() {
  const auto now = std::chrono::steady_clock::now();
  left_ = std::min(burst, left_ + per_second * std::chrono::duration<double>(now - refilled_).count());
  refilled_ = now;
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

std::optional<Reply> PageApi::admit(const RequestHead& head) {
  if (const unsigned status = refuse_origin(head, surroundings_.port()); status != 0)
    return plain(status, "This address answers only to its own page.");
  const bool in_session = gate_.admits(head.browser, head.tab);
  if (!(in_session ? of_session_ : of_others_).take()) return plain(429, "too many requests");
  if (needs_session(head.target) && !in_session) return plain(401, "no session");
  if (head.method == "POST" && head.content_type != expected_type(head.target))
    return plain(415, "unexpected content type");
  return std::nullopt;
}

Reply PageApi::handle(const RequestHead& head, SecureBuffer body) {
  return head.method == "POST" ? post(head, std::move(body)) : get(head);
}

Reply PageApi::get(const RequestHead& head) {
  if (head.target == "/api/events") {
    surroundings_.person_acted();
    surroundings_.stream_started();
    return {.event_stream = true};
  }
  if (head.target == "/brand.css") return {.content_type = "text/css; charset=utf-8", .body = brand_css_};
  if (head.target == "/logo" && logo_) return {.content_type = logo_->content_type, .body = logo_->content};
  if (const Asset* asset = head.target.starts_with('/') ? find_asset(head.target) : nullptr)
    return {
        .content_type = std::string(asset->content_type), .body = std::string(asset->content), .gzip = true};
  return plain(404, "not found");
}

Reply PageApi::post(const RequestHead& head, SecureBuffer body) {
  constexpr std::string_view secret = "/api/secret/";
  const std::string_view text(body.view().data(), body.size());
  if (head.target == "/api/hello") return plain(200, gate_.key());
  if (head.target == "/api/session") return open_session(gate_.exchange(text));
  if (head.target == "/api/take-over") return open_session(gate_.take_over(head.browser));
  surroundings_.person_acted();
  if (head.target == "/api/action") return act(body);
  if (head.target.rfind(secret, 0) == 0)
    return enter_secret(std::string_view(head.target).substr(secret.size()), std::move(body));
  return plain(404, "not found");
}

Reply PageApi::open_session(const std::optional<Session>& session) {
  if (!session) return plain(403, "not this page, or not any more");
  surroundings_.other_tab();
  surroundings_.person_acted();
  return {.content_type = "application/json; charset=utf-8",
          .body = R"({"tab":")" + session->tab + R"(","browser":")" + session->browser + R"(","view":)" +
                  surroundings_.view() + "}"};
}

Reply PageApi::act(const SecureBuffer& body) {
  const auto action = parse_action(body.view());
  if (!action) return plain(400, "not an action");
  if (action->name == "stay") return plain(200, "ok");
  return wizard_.act(*action) ? plain(200, "ok") : plain(409, "not on this screen");
}

Reply PageApi::enter_secret(std::string_view kind, SecureBuffer secret) {
  bool asked = false, kept = true;
  if (kind == "pin") {
    asked = wizard_.enter_pin(std::move(secret));
    kept = wizard_.model().screen != Screen::pin_change || wizard_.model().has_pin;
  } else if (kind == "resetting") {
    asked = wizard_.enter_resetting_secret(std::move(secret));
    kept = wizard_.model().has_resetting_secret;
  } else if (kind == "new_pin") {
    asked = wizard_.enter_new_pin(std::move(secret));
  } else if (kind == "passphrase") {
    asked = wizard_.enter_passphrase(std::move(secret));
    kept = wizard_.model().has_passphrase;
  } else if (kind == "code") {
    asked = wizard_.enter_code(std::move(secret));
    kept = wizard_.model().has_code;
  } else if (kind == "proxy_password") {
    asked = wizard_.enter_proxy_password(std::move(secret));
    kept = wizard_.model().has_proxy_password;
  }
  if (!asked) return plain(409, "not asked for");
  // A later secret belongs to this one and must not be used with an earlier one.
  return kept ? plain(200, "ok") : plain(422, "cannot be used");
}

}  // namespace koshin::ui
