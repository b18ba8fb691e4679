// SPDX-License-Identifier: MIT
// The page's JSON.
#include "page_json.hpp"

#include <nlohmann/json.hpp>

#include "content_json.hpp"
#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/doctor_words.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "ui-bridge/wizard/content_parts.hpp"

namespace koshin::ui {

namespace {

using nlohmann::json;

constexpr std::size_t longest_text = 400;  // in bytes, of a failure and of the page's texts
/// Limit of a token's URI with its slot: 32, 32, 16, 16 and 64 bytes at most, each three characters in a URI,
/// and the attribute names.
constexpr std::size_t longest_uri = 600;

json token_json(const messages::TokenReport& token) {
  json result = {
      {"uri", token.uri},
      {"label", shown(token.label)},
      {"model", shown(token.manufacturer.empty() ? token.model : token.manufacturer + " " + token.model)},
      {"serial", shown(token.serial)},
      {"reader", shown(token.slot_description)},
      {"free", nullptr}};
  if (token.free_memory) result["free"] = *token.free_memory;
  return result;
}

json pin_json(const messages::TokenReport& token, const Settings& settings) {
  return {{"characters", word(settings.token.pin_characters)},
          {"min", token.pin_min},
          {"max", token.pin_max},
          {"longest", longest_pin(token)},
          {"count_low", token.pin_count_low},
          {"final_try", token.pin_final_try},
          {"locked", token.pin_locked},
          {"on_reader", token.protected_path}};
}

json failure_json(const Failure& failure, const NameByLanguage& pin_name) {
  const ReasonInfo& row = info(failure.reason);
  json result = {
      {"id", row.id}, {"retry", to_string(row.retry)}, {"detail", printable(failure.detail, longest_text)}};
  for (const LanguageRow& language : languages) {
    const auto words = row.in(language.language);
    const std::string& name = pin_name.in(language.language);
    result[std::string(language.tag)] = {{"cause", call_pin(words.cause, name)},
                                         {"user", call_pin(words.user_action, name)},
                                         {"admin", call_pin(words.administrator_action, name)}};
  }
  return result;
}

json in_all_languages(const Text& text) {
  json result;
  for (const LanguageRow& row : languages) result[std::string(row.tag)] = text.in(row.language);
  return result;
}

json steps_json(const Model& model) {
  constexpr std::string_view states[] = {"waiting", "running", "done", "found_done"};
  json result = json::array();
  for (const StepView& step : model.steps) {
    const messages::StepRow row = messages::row(step.step);
    result.push_back({{"step", row.name},
                      {"state", states[static_cast<std::size_t>(step.state)]},
                      {"permanent", row.irreversible},
                      {"to_do", in_all_languages(row.to_do)}});
  }
  return result;
}

/// {"en": …, "ja": …} of one of the doctor's texts.
template <typename InWords>
json doctor_text(const renewal::DoctorCheck& check, const NameByLanguage& pin_name, const InWords& in_words) {
  json texts;
  for (const LanguageRow& row : languages)
    texts[std::string(row.tag)] = printable(in_words(check, row.language, pin_name.in(row.language)));
  return texts;
}

json checks_json(const Model& model, const NameByLanguage& pin_name) {
  json result = json::array();
  for (const auto& check : model.checks)
    result.push_back({{"status", check.status},
                      {"name", doctor_text(check, pin_name, renewal::name_in_words)},
                      {"text", doctor_text(check, pin_name, renewal::text_in_words)},
                      {"advice", doctor_text(check, pin_name, renewal::advice_in_words)}});
  return result;
}

json storage_json(const Model& model) {
  json result = json::array();
  for (const StorageChoice& choice : model.storage()) {
    json entry = token_json(*choice.token);
    entry["obstacle"] = choice.obstacle;
    entry["chosen"] = choice.token == model.current_token();
    result.push_back(std::move(entry));
  }
  return result;
}

/// What the bank calls itself, its help desk and the PIN, in each language. A PIN's name in another language
/// would not help.
json branding_json(const Settings::Branding& branding) {
  json result;
  for (const LanguageRow& row : languages)
    result[std::string(row.tag)] = {{"bank", branding.bank_name.in_any(row.language)},
                                    {"help_desk", branding.help_desk.in_any(row.language)},
                                    {"pin", branding.pin_name.in(row.language)}};
  return result;
}

json page_json(const Settings& settings) {
  return {{"shuffle", settings.page.shuffle_software_keyboard},
          {"names", branding_json(settings.branding)},
          {"longest_secret", max_secret},
          {"logo", !settings.branding.logo.empty()}};
}

}  // namespace

std::string view_json(const Model& model, const Settings& settings, unsigned long version) {
  json view = {{"schema", 1},
               {"version", version},
               {"screen", to_string(model.screen)},
               {"task", model.task == Task::enroll ? "enroll" : "renew"},
               {"renewed", model.new_certificate.has_value()},
               {"content", content_json(model.content)},
               {"busy", model.busy},
               {"final_try_confirmed", model.final_try_confirmed},
               {"passphrase", model.needs_passphrase(settings)},
               {"steps", steps_json(model)},
               {"checks", checks_json(model, settings.branding.pin_name)},
               {"storage", storage_json(model)},
               {"keys", settings.renewal.key_choices},
               {"user_needed", model.needs_user()},
               {"page", page_json(settings)}};
  if (const messages::TokenReport* token = model.current_token()) view["pin"] = pin_json(*token, settings);
  if (model.failure) view["failure"] = failure_json(*model.failure, settings.branding.pin_name);
  if (model.idle_seconds_left) view["idle"] = *model.idle_seconds_left;
  // Settings and texts are printable; an unexpected invalid byte must not end the page.
  return view.dump(-1, ' ', false, json::error_handler_t::replace);
}

namespace {
std::string* text_member(Action& action, const std::string& name) {
  if (name == "action") return &action.name;
  if (name == "token") return &action.token_uri;
  if (name == "key") return &action.key;
  return name == "user" ? &action.user : nullptr;
}
}  // namespace

std::optional<Action> parse_action(std::span<const char> text) {
  const json value = json::parse(text.begin(), text.end(), nullptr, false);
  if (!value.is_object() || !value.contains("action")) return std::nullopt;
  Action action;
  for (const auto& [name, member] : value.items()) {
    std::string* const target = text_member(action, name);
    if (target != nullptr && member.is_string()) {
      *target = printable(member.get_ref<const std::string&>(), name == "token" ? longest_uri : longest_text);
    } else if (name == "checked" && member.is_boolean()) {
      action.checked = member.get<bool>();
    } else {
      return std::nullopt;
    }
  }
  return action;
}

}  // namespace koshin::ui
