// SPDX-License-Identifier: MIT
// Screens of a new PIN.
#include "content_parts.hpp"
#include "screens.hpp"

namespace koshin::ui::screens {

namespace {

std::vector<Words> rules_in_words(const renewal::NewPinRules& rules) {
  std::vector<Words> all{words("pin_change.length", {{"least", std::to_string(rules.shortest)},
                                                     {"most", std::to_string(rules.longest)}})};
  if (rules.characters == PinCharacters::digits) all.push_back(words("pin_change.digits"));
  if (rules.characters == PinCharacters::alphanumeric) all.push_back(words("pin_change.alphanumeric"));
  if (rules.refuse_simple) all.push_back(words("pin_change.not_simple"));
  return all;
}

PinChangeForm form_of(const Scene& scene, const Words& secret, bool reset) {
  PinChangeForm form;
  form.secret = secret;
  form.reset = reset;
  form.rules = scene.model.pin_change.rules;
  form.rules_in_words = rules_in_words(form.rules);
  form.left = {words("pin_change.back"), "leave_pin"};
  form.submit = {reset ? words("pin_reset.do") : words("pin_change.do"), {}, Button::Kind::primary};
  form.waiting = words("pin_change.working");
  return form;
}

/// Without fields: the reader's keypad asks for everything.
void leave_to_reader(PinChangeForm& form, const Words& what) {
  form.submit.action = "set_pin_on_reader";
  form.waiting = what;
}

}  // namespace

ScreenContent pin_change(const Scene& scene) {
  const messages::TokenReport* token = scene.model.current_token();
  if (token == nullptr) return {};
  const PinChange& change = scene.model.pin_change;
  ScreenContent content{Title{words("pin_change.title")},
                        Lead{change.required ? words("pin_change.must") : words("pin_change.text")},
                        token_facts(*token)};
  if (token->pin_change_unknown)
    content.emplace_back(Note{Note::Kind::warning, {{words("pin_change.unknown")}}});
  PinChangeForm form = form_of(scene, words("pin_change.old"), false);
  if (change.required) form.left = close_button();
  if (token->protected_path) {
    content.emplace_back(Note{Note::Kind::info, {{words("pin_change.on_reader")}}});
    leave_to_reader(form, words("pin_change.on_reader"));
  }
  content.emplace_back(std::move(form));
  content.emplace_back(Buttons{{{words("pin_reset.forgotten"), "to_pin_reset", Button::Kind::link}}});
  return content;
}

ScreenContent pin_reset(const Scene& scene) {
  const messages::TokenReport* token = scene.model.current_token();
  if (token == nullptr) return {};
  const bool by_puk = scene.model.pin_change.by_puk;
  ScreenContent content{Title{words("pin_reset.title")}, Lead{words("pin_reset.text")}, token_facts(*token),
                        Note{Note::Kind::warning, {{words("pin_reset.warning")}}}};
  PinChangeForm form = form_of(scene, by_puk ? words("pin_reset.puk") : words("pin_reset.officer"), true);
  if (token->protected_path && !by_puk) {
    content.emplace_back(Note{Note::Kind::info, {{words("pin_reset.on_reader")}}});
    leave_to_reader(form, words("pin_reset.on_reader"));
  }
  content.emplace_back(std::move(form));
  return content;
}

ScreenContent pin_changed(const Scene& scene) {
  ScreenContent content{Seal{}, Title{words("pin_changed.title")}, Lead{words("pin_changed.text")}};
  if (const std::string& file = scene.model.pin_change.pin_file; !file.empty())
    content.emplace_back(Note{Note::Kind::warning, {{words("pin_changed.file", {{"file", shown(file)}})}}});
  content.emplace_back(
      Buttons{{close_button(), {words("pin_changed.go_on"), "leave_pin", Button::Kind::primary}}});
  return content;
}

}  // namespace koshin::ui::screens
