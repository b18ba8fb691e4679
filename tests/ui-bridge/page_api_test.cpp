// SPDX-License-Identifier: MIT
// The page's addresses without a server: what is answered to whom, and what becomes of secrets.
#include "ui-bridge/page/page_api.hpp"
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

constexpr std::uint16_t port = 4711;

class PageApiTest : public WizardTest {
 protected:
  static RequestHead get(std::string target) {
    RequestHead head;
    head.method = "GET";
    head.target = std::move(target);
    head.host = "127.0.0.1:4711";
    return head;
  }
  RequestHead post(std::string target, std::string type) const {
    RequestHead head = get(std::move(target));
    head.method = "POST";
    head.origin = "http://127.0.0.1:4711";
    head.content_type = std::move(type);
    head.tab = session_.tab;
    head.browser = session_.browser;
    return head;
  }
  void enter() { session_ = gate_.exchange(gate_.capability()).value(); }
  /// Asks until it is told that this was too often.
  void ask_too_often(const RequestHead& head) {
    constexpr int far_too_many = 100000;
    for (int i = 0; i < far_too_many; ++i) {
      const auto refusal = api_.admit(head);
      if (refusal && refusal->status == 429) return;
    }
    FAIL() << "nothing is too often";
  }
  unsigned send_secret(const std::string& kind, std::string_view text) {
    const RequestHead head = post("/api/secret/" + kind, "application/octet-stream");
    if (const auto refusal = api_.admit(head)) return refusal->status;
    return api_.handle(head, secret(text)).status;
  }

  SessionGate gate_;
  Session session_;
  PageApi api_{wizard,
               gate_,
               settings,
               {.view = [] { return std::string("{}"); },
                .person_acted = [] {},
                .stream_started = [] {},
                .stream_ended = [] {},
                .other_tab = [] {},
                .port = [] { return port; }}};
};

TEST_F(PageApiTest, WhatHasNoSessionDoesNotUseUpWhatTheSessionHas) {
  enter();
  open(token(today + days{12}));
  ask_too_often(get("/"));
  EXPECT_EQ(api_.admit(get("/app.js")).value().status, 429U);
  EXPECT_FALSE(api_.admit(post("/api/hello", "text/plain;charset=UTF-8")));
  EXPECT_EQ(send_secret("pin", "123456"), 200U);
}

TEST_F(PageApiTest, ASessionMayNotAskTooOftenEither) {
  enter();
  ask_too_often(post("/api/hello", "text/plain;charset=UTF-8"));
  EXPECT_FALSE(api_.admit(get("/")));
}

TEST_F(PageApiTest, HalfASessionIsNone) {
  enter();
  RequestHead stay = post("/api/action", "application/json");
  stay.browser.clear();
  EXPECT_EQ(api_.admit(stay).value().status, 401U);
  ask_too_often(stay);
  EXPECT_FALSE(api_.admit(post("/api/action", "application/json")));
}

TEST_F(PageApiTest, ThePinDoesNotGoWithAnEarlierPassphraseWhenTheNewOneCannotBeUsed) {
  settings.authority.http_authentication = AuthorityLogin::basic;
  enter();
  open(token(today + days{12}));
  EXPECT_EQ(send_secret("passphrase", "open sesame"), 200U);
  EXPECT_EQ(send_secret("passphrase", std::string("\xFF")), 422U);
  EXPECT_EQ(reason(), Reason::secret_unusable);
  EXPECT_FALSE(wizard.model().has_passphrase);
  EXPECT_EQ(send_secret("pin", "123456"), 409U);
  EXPECT_FALSE(wizard.model().has_pin);
  EXPECT_EQ(host.jobs.size(), 1U) << "nothing was started after the first look";
}

TEST_F(PageApiTest, ACodeThatCannotBeUsedLeavesNoEarlierOneInUse) {
  enter();
  open(token(today - days{2}));
  ASSERT_EQ(screen(), Screen::reissue);
  EXPECT_EQ(send_secret("code", "ABCD-1234"), 200U);
  EXPECT_EQ(send_secret("code", std::string("\xFF")), 422U);
  act("start_enrollment");
  EXPECT_EQ(screen(), Screen::reissue);
}

TEST_F(PageApiTest, ASecretThatNobodyAskedForIsRefused) {
  enter();
  open(token(today + days{12}));
  EXPECT_EQ(send_secret("code", "ABCD-1234"), 409U);
  EXPECT_EQ(send_secret("anything", "x"), 409U);
}

}  // namespace
}  // namespace koshin::ui
