// SPDX-License-Identifier: MIT
// The page's HTTP interface. docs/wizard.md lists the addresses.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "brand.hpp"
#include "foundation/settings/settings.hpp"
#include "ui-bridge/server/page_server.hpp"
#include "ui-bridge/server/session_gate.hpp"
#include "ui-bridge/wizard/wizard.hpp"

namespace koshin::ui {

class PageApi : public PageHandler {
 public:
  /// The functions of the application that the page's server needs.
  struct Surroundings {
    std::function<std::string()> view;     ///< the state as JSON
    std::function<void()> person_acted;    ///< a person is present
    std::function<void()> stream_started;  ///< the page listens: send the state
    std::function<void()> stream_ended;
    std::function<void()> other_tab;  ///< another tab has taken over
    std::function<std::uint16_t()> port;
  };
  PageApi(Wizard& wizard, SessionGate& gate, const Settings& settings, Surroundings surroundings);

  std::optional<Reply> admit(const RequestHead& head) override;
  Reply handle(const RequestHead& head, SecureBuffer body) override;
  std::string prove(std::string_view nonce) const override { return gate_.prove(nonce); }
  void stream_ended() override { surroundings_.stream_ended(); }

 private:
  Reply get(const RequestHead& head);
  Reply post(const RequestHead& head, SecureBuffer body);
  Reply open_session(const std::optional<Session>& session);
  Reply act(const SecureBuffer& body);
  Reply enter_secret(std::string_view kind, SecureBuffer secret);

  /// A rate limit for requests.
  class Allowance {
   public:
    Allowance();
    /// Takes one request; false when the limit is reached.
    bool take();

   private:
    double left_;
    std::chrono::steady_clock::time_point refilled_;
  };

  Wizard& wizard_;
  SessionGate& gate_;
  Surroundings surroundings_;
  std::string brand_css_;
  std::optional<Logo> logo_;
  /// Separate limits, so that requests of other tabs and programs do not block the page.
  Allowance of_session_, of_others_;
};

}  // namespace koshin::ui
