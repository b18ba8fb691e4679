// SPDX-License-Identifier: MIT
// What each address of the page means. docs/wizard.md lists them.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "brand.hpp"
#include "foundation/settings/settings.hpp"
#include "page_server.hpp"
#include "session_gate.hpp"
#include "wizard.hpp"

namespace koshin::ui {

class PageApi : public PageHandler {
 public:
  /// What the page's server needs from the program around it.
  struct Surroundings {
    std::function<std::string()> view;     ///< the state as JSON
    std::function<void()> person_acted;    ///< somebody is there
    std::function<void()> stream_started;  ///< the page listens; send it the state
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

  /// How many requests may still be answered just now.
  class Allowance {
   public:
    Allowance();
    /// Takes one of them; false when there is none.
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
  /// What is not the page's own (other tabs, other programs) does not use up what the page needs.
  Allowance of_session_, of_others_;
};

}  // namespace koshin::ui
