// SPDX-License-Identifier: MIT
// Screens with results and further actions.
#include <algorithm>

#include "content_parts.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/browsers.hpp"
#include "screens.hpp"

namespace koshin::ui::screens {

namespace {

/// A re-issue code helps when a certificate is lost, not when a token is unusable, nor where none was seen:
/// no module, wrong settings.
bool code_may_help(const Scene& scene, const ReasonInfo& reason) {
  if (scene.model.current_token() == nullptr) return false;
  const bool about_token =
      reason.id.starts_with("pin_") || reason.id.starts_with("so_pin_") || reason.id.starts_with("token_");
  return reason.retry == Retry::never && !about_token;
}

/// When to ask again, and the authority's own words.
void add_what_authority_says(ScreenContent& content, const messages::PendingResult& pending) {
  content.emplace_back(Facts{{{words("pending.when"), pending.ask_again, Fact::Look::strong}}});
  if (!pending.message.empty())
    content.emplace_back(Note{
        Note::Kind::info, {{words("pending.message")}, {shown(pending.message), Note::Line::Look::quote}}});
}

/// The begin of the screen after several renewals: all of them went well, or not.
ScreenContent sitting_completed(const Scene& scene) {
  const auto& sitting = scene.model.sitting;
  const bool all = std::ranges::all_of(
      sitting, [](const SittingRow& row) { return row.state == SittingRow::State::renewed; });
  ScreenContent content{Seal{!all}, Title{all ? words("sitting.title") : words("sitting.title_some")},
                        Lead{words("sitting.check")}, sitting_results(sitting), PrintOffer{}};
  if (scene.model.failure) content.emplace_back(FailureBox{});
  const bool waits = std::ranges::any_of(
      sitting, [](const SittingRow& row) { return row.state == SittingRow::State::pending; });
  if (waits && scene.model.pending) add_what_authority_says(content, *scene.model.pending);
  return content;
}

ScreenContent single_completed(const Scene& scene) {
  return {Seal{}, Title{scene.of_task("completed.title")}, Lead{words("completed.check")},
          certificate_facts(*scene.model.new_certificate), PrintOffer{}};
}

/// What the browser would offer: a certificate that does not log in is none of its business.
bool has_new_log_in(const Model& model) {
  return model.new_certificate && renewal::concerns_browsers(*model.new_certificate);
}

Words which_is_old(const std::string& serial, TimePoint until) {
  return words("completed.which_old", {{"old", serial}, {"date", until}});
}

/// Browsers list all these certificates by one name.
void add_choice(Note& note, const renewal::BrowserChoice& choice) {
  constexpr auto strong = Note::Line::Look::strong;
  if (choice.others.empty()) {
    note.lines.push_back({words("completed.which", {{"new", choice.new_serial},
                                                    {"until", choice.new_until},
                                                    {"old", choice.old_serial},
                                                    {"date", choice.old_until}}),
                          strong});
    return;
  }
  note.lines.push_back({words("completed.which_of", {{"count", std::to_string(choice.count())},
                                                     {"new", choice.new_serial},
                                                     {"until", choice.new_until}}),
                        strong});
  note.lines.push_back({which_is_old(choice.old_serial, choice.old_until)});
  for (const auto& other : choice.others) note.lines.push_back({which_is_old(other.serial, other.until)});
}

/// What the browser does with the new certificate. While the old one is on the token, closing windows is no
/// cure everywhere: Firefox keeps an answer that it was told to remember, so the choice and the deletion come
/// first.
Note about_browsers(const Model& model) {
  if (!model.in_browsers.empty()) {
    Note note{Note::Kind::info, {}};
    for (const auto& choice : model.in_browsers) add_choice(note, choice);
    note.lines.push_back({words("completed.restart_both")});
    return note;
  }
  return {Note::Kind::info,
          {{words("completed.restart"), Note::Line::Look::strong}, {words("completed.restart_why")}}};
}

/// What the system's store says of the renewed certificates, all of them in one sentence; no line where there
/// is no such store.
void add_store(Note& note, const std::vector<StoreCheck>& store) {
  using renewal::StoreState;
  const auto any = [&](std::optional<StoreState> state) {
    return std::ranges::count(store, state, &StoreCheck::state) != 0;
  };
  if (any(std::nullopt))
    note.lines.push_back({words("completed.store_looking")});
  else if (any(StoreState::lacks_it))
    note.lines.push_back({words("completed.store_lacks_it"), Note::Line::Look::strong});
  else if (any(StoreState::keyless))
    note.lines.push_back({words("completed.store_keyless"), Note::Line::Look::strong});
  else if (any(StoreState::has_it))
    note.lines.push_back({words("completed.store_has_it")});
  const auto expired =
      std::ranges::find_if(store, [](const StoreCheck& one) { return !one.expired_serial.empty(); });
  if (expired != store.end())
    note.lines.push_back({words("completed.store_expired_twin", {{"serial", shown(expired->expired_serial)},
                                                                 {"until", expired->expired_not_after}})});
}

bool some_are_left(const Model& model) {
  return model.is_sitting() && std::ranges::any_of(model.sitting, [](const SittingRow& row) {
           return row.state == SittingRow::State::failed || row.state == SittingRow::State::waiting;
         });
}

/// Then only one of the old certificates is offered for deletion here.
bool several_were_renewed(const Model& model) {
  return model.is_sitting() &&
         std::ranges::count(model.sitting, SittingRow::State::renewed, &SittingRow::state) > 1;
}

/// The renewal itself is complete: what follows it at the company is not.
Note failed_hooks(const std::vector<std::string>& names) {
  return {Note::Kind::warning,
          {{words("completed.hooks_failed", {{"names", shown(joined(names))}})},
           {words("completed.hooks_failed_then")}}};
}

/// What was shown of the new certificate before the old one may go.
Words what_was_confirmed(const messages::CertificateReport& old) {
  return old.purpose == messages::Purpose::signature ? words("delete.text_signature") : words("delete.text");
}

}  // namespace

ScreenContent completed(const Scene& scene) {
  const Model& model = scene.model;
  if (!model.new_certificate && !model.is_sitting()) return {};
  ScreenContent content = model.is_sitting() ? sitting_completed(scene) : single_completed(scene);
  if (model.deleted) content.emplace_back(Note{Note::Kind::good, {{words("completed.deleted")}}});
  if (Note unchecked = decryption_unchecked(model.sitting); !unchecked.lines.empty())
    content.emplace_back(std::move(unchecked));
  Note browsers = about_browsers(model);
  add_store(browsers, model.store);
  if (const std::string& login = scene.settings.branding.login_url; !login.empty())
    browsers.lines.push_back({words("completed.login"), Note::Line::Look::plain, login});
  if (has_new_log_in(model)) content.emplace_back(std::move(browsers));
  if (!model.failed_hooks.empty()) content.emplace_back(failed_hooks(model.failed_hooks));
  if (!model.deleted && model.new_certificate)
    content.emplace_back(
        Paragraph{model.deletable ? words("completed.old_kept") : words("completed.old_none"), true});
  if (several_were_renewed(model) && (model.deletable || model.deleted))
    content.emplace_back(Paragraph{words("completed.old_others"), true});
  add_others(content, scene);
  Buttons buttons;
  if (model.deletable) buttons.row.push_back({words("delete.offer"), "offer_deletion"});
  if (some_are_left(model)) buttons.row.push_back({words("interrupted.back"), "back_to_start"});
  buttons.row.push_back({words("completed.close"), "close", beside_next(scene)});
  if (scene.has_others()) buttons.row.push_back(next_token(Button::Kind::primary));
  content.emplace_back(std::move(buttons));
  return content;
}

ScreenContent delete_old(const Scene& scene) {
  if (!scene.model.deletable) return {};
  ScreenContent content{Title{words("delete.title")}, Lead{what_was_confirmed(*scene.model.deletable)},
                        certificate_facts(*scene.model.deletable, true)};
  add_failure(content, scene);
  content.emplace_back(Note{Note::Kind::warning, {{words("delete.warning")}}});
  content.emplace_back(Buttons{{keep_button("delete.keep", "keep_old"),
                                {words("delete.go_on"), "confirm_deletion", Button::Kind::danger}}});
  return content;
}

ScreenContent delete_confirm(const Scene& scene) {
  const auto& old = scene.model.deletable;
  const messages::TokenReport* token = scene.model.current_token();
  if (!old || token == nullptr) return {};
  PinForm form{{words("delete.keep"), "keep_old"}, {words("delete.do"), {}, Button::Kind::danger}, {}};
  form.waiting = token->protected_path ? words("pin.on_reader_now") : words("delete.working");
  if (token->protected_path) form.submit.action = "delete_on_reader";
  return {Title{words("delete.confirm_title")},
          Lead{words(
              "delete.confirm_text",
              {{"cn", shown(old->common_name)}, {"serial", shown(old->serial)}, {"date", old->not_after}})},
          std::move(form)};
}

ScreenContent interrupted(const Scene& scene) {
  if (!scene.model.failure) return {};
  const ReasonInfo& reason = info(scene.model.failure->reason);
  const bool final = reason.retry == Retry::never;
  const bool begun = scene.has_begun();
  ScreenContent content{
      Title{begun ? scene.of_task("interrupted.title") : scene.of_task("interrupted.title_not_begun")},
      FailureBox{}};
  if (begun) content.emplace_back(StepsSoFar{});
  const bool untouched = scene.model.old_certificate == renewal::OldCertificate::untouched;
  if (!scene.enrolling() && (begun || !untouched))
    content.emplace_back(Lead{about_old(scene.model.old_certificate)});
  // An earlier run may have changed what this one has left alone.
  const bool nothing_begun =
      !begun && (scene.enrolling() || renewal::stays_as_it_was(scene.model.old_certificate));
  content.emplace_back(
      Lead{nothing_begun ? words("interrupted.nothing_begun") : scene.of_task("interrupted.nothing_lost")});
  Buttons buttons;
  if (code_may_help(scene, reason))
    buttons.row.push_back({words("reissue.have_code"), "to_reissue", Button::Kind::link});
  buttons.row.push_back(check_button());
  if (scene.model.can_give_up) buttons.row.push_back(give_up_button());
  const bool pin_is_needed = reason.reason == Reason::pin_locked || reason.reason == Reason::pin_not_set;
  if (pin_is_needed && scene.model.current_token() != nullptr)
    buttons.row.push_back({words("pin_reset.title"), "to_pin_reset"});
  if (scene.model.failure->reason == Reason::answer_wrong_twice)
    buttons.row.push_back({words("interrupted.insist"), "insist"});
  if (scene.has_others()) buttons.row.push_back(next_token(Button::Kind::secondary));
  buttons.row.push_back(close_button(final ? Button::Kind::primary : Button::Kind::secondary));
  if (!final) buttons.row.push_back({words("interrupted.back"), "back_to_start", Button::Kind::primary});
  content.emplace_back(std::move(buttons));
  return content;
}

ScreenContent pending(const Scene& scene) {
  if (!scene.model.pending) return {};
  const messages::PendingResult& pending = *scene.model.pending;
  ScreenContent content{Title{words("pending.title")}, Lead{words("pending.text")}};
  add_what_authority_says(content, pending);
  content.emplace_back(Paragraph{scene.of_task("pending.then")});
  if (!scene.enrolling()) content.emplace_back(Paragraph{about_old(scene.model.old_certificate)});
  add_others(content, scene);
  Buttons buttons;
  if (scene.model.can_give_up) buttons.row.push_back(give_up_button());
  if (scene.has_others()) buttons.row.push_back(next_token(Button::Kind::secondary));
  buttons.row.push_back(close_button(Button::Kind::primary));
  Button ask{words("pending.ask"), "ask_again", Button::Kind::primary};
  ask.from = pending.ask_again;
  buttons.row.push_back(std::move(ask));
  content.emplace_back(std::move(buttons));
  return content;
}

ScreenContent giving_up(const Scene& scene) {
  Note stays{Note::Kind::info, {}};
  if (!scene.enrolling()) stays.lines.push_back({about_old(scene.model.old_certificate)});
  if (!scene.model.keeps_key) stays.lines.push_back({words("give_up.key_stays")});
  return {Title{words("give_up.title")}, Lead{scene.of_task("give_up.text")}, std::move(stays),
          Note{Note::Kind::warning, {{words("give_up.lost")}}},
          Buttons{{keep_button("give_up.keep", "keep_renewal"),
                   {words("give_up.do"), "give_up", Button::Kind::danger}}}};
}

ScreenContent put_off(const Scene& scene) {
  ScreenContent content{Title{words("finished.snoozed_title")}, Lead{words("finished.snoozed_text")}};
  add_others(content, scene);
  Buttons buttons{{close_button()}};
  if (scene.has_others()) buttons.row.push_back(next_token(Button::Kind::primary));
  content.emplace_back(std::move(buttons));
  return content;
}

ScreenContent computer(const Scene& scene) {
  const auto& checks = scene.model.checks;
  if (scene.model.busy)
    return {Title{words("computer.title")}, Spinner{words("computer.working")}, Buttons{{close_button()}}};
  const bool failed = std::ranges::count(checks, "failed", &messages::DoctorResult::Check::status) != 0;
  return {Title{words("computer.title")}, Lead{failed ? words("computer.failed") : words("computer.checked")},
          CheckList{}, PrintOffer{},
          Buttons{{close_button(), {words("interrupted.back"), "back_to_start", Button::Kind::primary}}}};
}

ScreenContent finished(const Scene& scene) {
  const Outcome outcome = scene.model.outcome;
  const std::string why(to_string(outcome)), remaining(to_string(scene.model.remaining));
  const bool done = outcome == Outcome::completed;
  const bool told = done || outcome == Outcome::snoozed;  // these say all there is to say
  ScreenContent content{Seal{!done},
                        Title{composed_words(outcome == Outcome::closed ? "finished.closed_title_" + remaining
                                                                        : "finished." + why + "_title")}};
  if (told || outcome == Outcome::idle || outcome == Outcome::pending)
    content.emplace_back(Lead{composed_words("finished." + why + "_text")});
  if (!told && scene.model.remaining == Remaining::renewal)
    content.emplace_back(Lead{about_old(scene.model.old_certificate)});
  if (!told) content.emplace_back(Lead{composed_words("finished.remaining_" + remaining)});
  if (outcome == Outcome::token_removed && scene.has_begun()) content.emplace_back(StepsSoFar{});
  if (done && (!scene.model.new_certificate || has_new_log_in(scene.model)))
    content.emplace_back(about_browsers(scene.model));
  content.emplace_back(Paragraph{words("finished.close_tab"), true});
  return content;
}

}  // namespace koshin::ui::screens
