// SPDX-License-Identifier: MIT
// One overload for each block. page/blocks.js draws what is written here.
#include "content_json.hpp"

#include <nlohmann/json.hpp>

namespace koshin::ui {

namespace {

using nlohmann::json;

json words_json(const Words& words);

json epoch_seconds(TimePoint time) {
  return time.time_since_epoch().count();
}

struct ValueJson {
  json operator()(const std::string& text) const { return text; }
  json operator()(TimePoint time) const { return {{"time", epoch_seconds(time)}}; }
  json operator()(const Words& words) const { return words_json(words); }
};

json words_json(const Words& words) {
  json result = {{"key", words.key}, {"values", json::object()}};
  for (const auto& [place, value] : words.values) result["values"][place] = std::visit(ValueJson{}, value);
  return result;
}

json button_json(const Button& button) {
  constexpr std::string_view kinds[] = {"secondary", "primary", "danger", "link"};
  json result = {{"label", words_json(button.label)},
                 {"action", button.action},
                 {"kind", kinds[static_cast<std::size_t>(button.kind)]},
                 {"focused", button.focused},
                 {"enabled", button.enabled},
                 {"sends", button.sends}};
  if (button.from) result["from"] = epoch_seconds(*button.from);
  return result;
}

json line_json(const Note::Line& line) {
  constexpr std::string_view looks[] = {"plain", "strong", "quote"};
  return {{"text", std::visit(ValueJson{}, line.text)},
          {"look", looks[static_cast<std::size_t>(line.look)]},
          {"address", line.address}};
}

json fact_json(const Fact& fact) {
  constexpr std::string_view looks[] = {"plain", "strong", "code"};
  return {{"label", words_json(fact.label)},
          {"value", std::visit(ValueJson{}, fact.value)},
          {"look", looks[static_cast<std::size_t>(fact.look)]}};
}

json row_json(const OtherTokens::Row& row) {
  json result = {{"label", row.label}, {"common_name", row.common_name}};
  if (row.when) result["when"] = words_json(*row.when);
  return result;
}

template <typename Items, typename ToJson>
json list_json(const Items& items, const ToJson& to_json) {
  json list = json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return list;
}

struct BlockJson {
  json operator()(const Seal& seal) const { return {{"kind", "seal"}, {"calm", seal.calm}}; }
  json operator()(const Title& title) const {
    return {{"kind", "title"}, {"words", words_json(title.words)}};
  }
  json operator()(const Lead& lead) const { return {{"kind", "lead"}, {"words", words_json(lead.words)}}; }
  json operator()(const Paragraph& paragraph) const {
    return {{"kind", "paragraph"}, {"words", words_json(paragraph.words)}, {"hint", paragraph.hint}};
  }
  json operator()(const Expiry& expiry) const {
    return {{"kind", "expiry"},
            {"headline", words_json(expiry.headline)},
            {"until", epoch_seconds(expiry.until)},
            {"soon", expiry.soon}};
  }
  json operator()(const Facts& facts) const {
    return {{"kind", "facts"}, {"rows", list_json(facts.rows, fact_json)}};
  }
  json operator()(const PrintOffer&) const { return {{"kind", "print_offer"}}; }
  json operator()(const Note& note) const {
    constexpr std::string_view kinds[] = {"good", "info", "warn"};
    return {{"kind", "note"},
            {"tone", kinds[static_cast<std::size_t>(note.kind)]},
            {"lines", list_json(note.lines, line_json)}};
  }
  json operator()(const FailureBox&) const { return {{"kind", "failure"}}; }
  json operator()(const Spinner& spinner) const {
    return {{"kind", "spinner"}, {"words", words_json(spinner.words)}};
  }
  json operator()(const ReaderPrompt& prompt) const {
    return {{"kind", "reader_prompt"}, {"waits", prompt.waits}};
  }
  json operator()(const TouchPrompt& prompt) const {
    return {{"kind", "touch_prompt"}, {"words", prompt.words ? words_json(*prompt.words) : json()}};
  }
  json operator()(const StepList&) const { return {{"kind", "step_list"}}; }
  json operator()(const StepsSoFar&) const { return {{"kind", "steps_so_far"}}; }
  json operator()(const Remarks& remarks) const {
    return {{"kind", "remarks"}, {"texts", list_json(remarks.texts, words_json)}};
  }
  json operator()(const OtherTokens& others) const {
    return {{"kind", "other_tokens"}, {"rows", list_json(others.rows, row_json)}, {"count", others.count}};
  }
  json operator()(const CheckList&) const { return {{"kind", "check_list"}}; }
  json operator()(const Buttons& buttons) const {
    return {{"kind", "buttons"}, {"row", list_json(buttons.row, button_json)}};
  }
  json operator()(const Tick& tick) const { return {{"kind", "tick"}, {"words", words_json(tick.words)}}; }
  json operator()(const StorageField&) const { return {{"kind", "storage_field"}}; }
  json operator()(const KeyField&) const { return {{"kind", "key_field"}}; }
  json operator()(const PinForm& form) const {
    return {{"kind", "pin_form"},
            {"left", button_json(form.left)},
            {"submit", button_json(form.submit)},
            {"waiting", words_json(form.waiting)}};
  }
  json operator()(const PinChangeForm& form) const {
    return {{"kind", "pin_change_form"},
            {"secret", words_json(form.secret)},
            {"reset", form.reset},
            {"least", form.rules.shortest},
            {"most", form.rules.longest},
            {"characters", word(form.rules.characters)},
            {"rules", list_json(form.rules_in_words, words_json)},
            {"left", button_json(form.left)},
            {"submit", button_json(form.submit)},
            {"waiting", words_json(form.waiting)}};
  }
  json operator()(const ProxyForm& form) const {
    return {{"kind", "proxy_form"}, {"left", button_json(form.left)}, {"submit", button_json(form.submit)}};
  }
  json operator()(const CodeForm& form) const {
    return {{"kind", "code_form"}, {"left", button_json(form.left)}, {"submit", button_json(form.submit)}};
  }
};

}  // namespace

json content_json(const ScreenContent& content) {
  return list_json(content, [](const Block& block) { return std::visit(BlockJson{}, block); });
}

}  // namespace koshin::ui
