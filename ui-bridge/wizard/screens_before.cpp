// SPDX-License-Identifier: MIT
// Screens up to a new certificate: questions and progress.
#include <algorithm>

#include "content_parts.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/token_profile.hpp"
#include "screens.hpp"

namespace koshin::ui::screens {

namespace {

PageKey why_unlock(const Scene& scene) {
  if (scene.enrolling()) return scene.model.resumed ? PageKey("unlock.resumed") : PageKey("unlock.enroll");
  if (scene.model.look_first) return "unlock.look";
  if (scene.model.proof_left) return "unlock.proof";
  return scene.model.resumed ? PageKey("unlock.resumed") : PageKey("unlock.text");
}

/// The consequences of the expiry: what does not work any more, and until when a renewal is possible.
Words consequence(const Scene& scene, TimePoint expiry) {
  const bool logs_in = scene.model.certificate->purpose == messages::Purpose::log_in;
  if (renewal::days_left(expiry, scene.now) >= 0)
    return logs_in ? words("notice.consequence") : words("notice.consequence_other");
  if (!logs_in) return words("notice.expired_other");
  const TimePoint until = add(expiry, scene.settings.renewal.grace);
  return scene.now <= until ? words("notice.renewable", {{"date", until}}) : words("notice.too_late");
}

/// Where several are renewed "2 of 3: for signatures", and the worker's notices.
Remarks remarks_of_renewal(const Scene& scene) {
  Remarks all = remarks(scene.model.notices);
  const auto& sitting = scene.model.sitting;
  const auto running = std::ranges::find(sitting, SittingRow::State::running, &SittingRow::state);
  if (scene.model.is_sitting() && running != sitting.end())
    all.texts.insert(all.texts.begin(),
                     words("sitting.each", {{"number", std::to_string(running - sitting.begin() + 1)},
                                            {"count", std::to_string(sitting.size())},
                                            {"what", purpose_words(running->certificate.purpose)}}));
  return all;
}

/// Where the new certificate comes to lie, and whether a new key is made for it.
Words what_is_made(const Scene& scene) {
  const Settings::Renewal& policy = scene.settings.renewal;
  const std::string& key = scene.model.key.empty() ? policy.key : scene.model.key;
  const bool keeps_key = key == "renew";
  const auto& profile = renewal::profile_of(scene.settings);
  const bool goes_home = !profile.home_ids().empty() && policy.home_slot == HomeSlot::always;
  if (scene.enrolling()) return words("start.text_enroll");
  if (keeps_key ? profile.overwrites_certificates() : goes_home) return words("start.text_in_place");
  return keeps_key ? words("start.text_same_key") : words("start.text");
}

}  // namespace

ScreenContent loading(const Scene&) {
  return {Title{words("loading.title")}, Spinner{words("loading.text")}, Buttons{{close_button()}}};
}

ScreenContent unlock(const Scene& scene) {
  const messages::TokenReport* token = scene.model.current_token();
  if (token == nullptr) return {};
  ScreenContent content{Title{words("unlock.title")}, Lead{words(why_unlock(scene))}, token_facts(*token)};
  if (scene.model.is_sitting()) content.emplace_back(sitting_list(scene.model.sitting));
  PinForm form{close_button(), {words("unlock.do"), {}, Button::Kind::primary}, words("unlock.checking")};
  if (token->protected_path) {
    const std::string times = std::to_string(scene.model.sitting.size());
    const auto asked = scene.model.is_sitting() ? words("pin.on_reader_each", {{"count", times}})
                                                : words("pin.on_reader_later");
    content.emplace_back(Note{Note::Kind::info, {{asked}}});
    form.submit.label = words("next");
    form.submit.action = "unlock_on_reader";
  }
  if (token->pin_change_unknown)
    content.emplace_back(Note{Note::Kind::warning, {{words("pin_change.unknown")}}});
  content.emplace_back(touch_prompt(scene.model.touch));
  content.emplace_back(std::move(form));
  content.emplace_back(Buttons{{pin_change_button()}});
  add_others(content, scene);
  return content;
}

ScreenContent notice(const Scene& scene) {
  const auto& certificate = scene.model.certificate;
  const messages::TokenReport* token = scene.model.current_token();
  if (!certificate || token == nullptr) return {};
  constexpr long soon = 3;
  const TimePoint expiry = certificate->not_after;
  const long left = renewal::days_left(expiry, scene.now);
  const bool expired = left < 0;
  const Words headline =
      expired ? words("notice.expired", {{"ago", days_ago(renewal::days_left(scene.now, expiry))}})
              : days_left(left);
  ScreenContent content{Title{expired ? words("notice.title_expired") : words("notice.title")},
                        Expiry{headline, expiry, left <= soon}, Lead{consequence(scene, expiry)},
                        Facts{{{words("certificate.cn"), or_dash(certificate->common_name)},
                               {words("token.label"), or_dash(token->label)}}}};
  if (scene.model.is_sitting()) content.emplace_back(sitting_list(scene.model.sitting));
  add_failure(content, scene);
  content.emplace_back(Tick{words("notice.later")});
  Button next{words("next"), "next", Button::Kind::primary};
  next.sends = {"checked"};
  content.emplace_back(Buttons{{close_button(), std::move(next)}});
  return content;
}

ScreenContent start(const Scene& scene) {
  const Words title = scene.enrolling()     ? words("start.title_enroll")
                      : scene.model.resumed ? words("start.title_resume")
                                            : words("start.title");
  ScreenContent content{Title{title}, Lead{what_is_made(scene)}, StorageField{}};
  if (scene.settings.renewal.key_choices.size() > 1) content.emplace_back(KeyField{});
  content.emplace_back(Note{Note::Kind::info, {{words("start.leave_in")}}});
  Button execute{words("start.do"), "execute", Button::Kind::primary};
  execute.sends = {"token", "key"};
  content.emplace_back(Buttons{{{words("cancel"), "close"}, std::move(execute)}});
  return content;
}

ScreenContent renewing(const Scene& scene) {
  Button cancel{words("cancel"), "cancel"};
  cancel.enabled = scene.model.can_cancel;
  return {Title{scene.of_task("renewing.title")},
          Lead{words("renewing.text")},
          ReaderPrompt{scene.model.on_reader},
          touch_prompt(scene.model.touch),
          StepList{},
          remarks_of_renewal(scene),
          Paragraph{scene.of_task("renewing.hint"), true},
          Buttons{{std::move(cancel)}}};
}

ScreenContent reissue(const Scene& scene) {
  const Model& model = scene.model;
  ScreenContent content{Title{words("reissue.title")},
                        Lead{composed_words("reissue.why_" + model.why_reissue)}};
  if (model.certificate)
    content.emplace_back(Facts{{{words("certificate.cn"), or_dash(model.certificate->common_name)},
                                {words("certificate.not_after"), model.certificate->not_after}}});
  add_failure(content, scene);
  Note ask{Note::Kind::info, {{words("reissue.ask")}, {words("reissue.ask_yourself")}}};
  // The window fills in the help desk, which may have a name of its own in the person's language.
  if (!scene.settings.branding.help_desk.empty())
    ask.lines.push_back({words("help"), Note::Line::Look::strong});
  content.emplace_back(std::move(ask));
  content.emplace_back(CodeForm{close_button(), {words("next"), "start_enrollment", Button::Kind::primary}});
  add_others(content, scene);
  return content;
}

ScreenContent current(const Scene& scene) {
  const Model& model = scene.model;
  const bool ours = model.why_reissue != "not_ours";
  ScreenContent content;
  if (ours) content.emplace_back(Seal{});
  content.emplace_back(Title{ours ? words("current.title") : words("current.other_title")});
  content.emplace_back(Lead{ours ? words("current.text") : words("current.other_text")});
  if (model.certificate) content.emplace_back(certificate_facts(*model.certificate));
  if (model.deleted) content.emplace_back(Note{Note::Kind::good, {{words("completed.deleted")}}});
  add_others(content, scene);
  Buttons buttons{{{words("reissue.have_code"), "to_reissue", Button::Kind::link}}};
  buttons.row.push_back(check_button());
  if (model.current_token() != nullptr) buttons.row.push_back(pin_change_button());
  if (model.deletable) buttons.row.push_back({words("delete.offer"), "offer_deletion"});
  buttons.row.push_back(close_button(beside_next(scene)));
  if (scene.has_others()) buttons.row.push_back(next_token(Button::Kind::primary));
  content.emplace_back(std::move(buttons));
  return content;
}

ScreenContent proxy_login(const Scene& scene) {
  ScreenContent content{Title{words("proxy.title")}, Lead{words("proxy.text")}};
  add_failure(content, scene);  // whose detail has the schemes that the proxy offers
  if (scene.model.failure && !scene.model.failure->proxy.empty())
    content.emplace_back(
        Facts{{{words("proxy.which"), shown(scene.model.failure->proxy), Fact::Look::code}}});
  const bool in_clear = std::ranges::any_of(
      scene.model.notices, [](const auto& notice) { return notice.code == "proxy_password_in_clear"; });
  if (in_clear) content.emplace_back(Note{Note::Kind::warning, {{words("proxy.in_clear")}}});
  content.emplace_back(
      ProxyForm{close_button(), {words("proxy.do"), "use_proxy_login", Button::Kind::primary}});
  return content;
}

}  // namespace koshin::ui::screens
