// SPDX-License-Identifier: MIT
// The content of a screen, from top to bottom: texts, facts, fields and buttons, and the main button. Made in
// one place for every kind of window: a window only draws it, in the person's language and time zone.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/new_pin_rules.hpp"

namespace koshin::ui {

struct Model;

/// A text of the catalogue with its values.
struct Words {
  struct Value;
  std::string key;
  std::vector<Value> values;
};
struct Words::Value {
  std::string place;
  std::variant<std::string, TimePoint, Words> value;
};

/// The symbol of success; `calm` where nothing was achieved.
struct Seal {
  bool calm = false;
};
struct Title {
  Words words;
};
/// The sentence below the title.
struct Lead {
  Words words;
};
struct Paragraph {
  Words words;
  bool hint = false;
};
/// When the certificate expires, in large letters.
struct Expiry {
  Words headline;
  TimePoint until{};
  bool soon = false;
};
struct Fact {
  enum class Look { plain, strong, code };
  Words label;
  std::variant<std::string, TimePoint> value;
  Look look = Look::plain;
};
struct Facts {
  std::vector<Fact> rows;
};
/// Offers to print what stands on the screen, or to save it as a file.
struct PrintOffer {};
struct Note {
  enum class Kind { good, info, warning };
  struct Line {
    enum class Look { plain, strong, quote };
    std::variant<Words, std::string> text;  ///< a text of the catalogue, or a foreign text
    Look look = Look::plain;
    std::string address = {};  ///< link after the text
  };
  Kind kind = Kind::info;
  std::vector<Line> lines;
};
/// Model::failure, in the person's language.
struct FailureBox {};
struct Spinner {
  Words words;
};
/// Asks the person to type the PIN on the reader.
struct ReaderPrompt {
  bool waits = false;
};
/// Asks the person to touch the token; empty while it waits for no touch.
struct TouchPrompt {
  std::optional<Words> words;
};
/// Model::steps, during their execution.
struct StepList {};
/// Model::steps, done and not done.
struct StepsSoFar {};
/// The worker's notices that are useful for a person.
struct Remarks {
  std::vector<Words> texts;
};
/// The other tokens that need attention, the most urgent first.
struct OtherTokens {
  struct Row {
    std::string label, common_name;
    std::optional<Words> when;
  };
  std::vector<Row> rows;  ///< a limited number
  std::size_t count = 0;  ///< total number
};

/// Model::checks, in the person's language: what was found, and what to do.
struct CheckList {};

struct Button {
  enum class Kind { secondary, primary, danger, link };
  Words label;
  std::string action = {};  ///< Action::name
  Kind kind = Kind::secondary;
  bool focused = false;  ///< has the focus although it is not the main button
  bool enabled = true;
  std::vector<std::string> sends = {};  ///< members of Action sent with it, from the fields
  std::optional<TimePoint> from = {};   ///< appears at this time, as the main button
};
struct Buttons {
  std::vector<Button> row;
};

/// A checkbox, sent with a button as Action::checked.
struct Tick {
  Words words;
};
/// A choice among Model::storage(): Action::token_uri.
struct StorageField {};
/// A choice among the settings' key types: Action::key.
struct KeyField {};
/// The PIN, with the passphrase before it where Model::needs_passphrase(), and its buttons. Where the PIN is
/// typed on the reader, `submit` has an action.
struct PinForm {
  Button left, submit;
  Words waiting;  ///< shown while the PIN is being tried
};
/// The re-issue code, with the user ID before it where Model::needs_user(), and its buttons.
struct CodeForm {
  Button left, submit;
};

/// User name and password for the proxy, and the form's buttons.
struct ProxyForm {
  Button left, submit;
};

/// The secret with which the PIN is changed, the new PIN twice, and the form's buttons. Where all of it is
/// typed on the reader, `submit` has an action.
struct PinChangeForm {
  Words secret;        ///< what the first field is called
  bool reset = false;  ///< that secret is not the PIN
  renewal::NewPinRules rules;
  std::vector<Words> rules_in_words;
  Button left, submit;
  Words waiting;
};

using Block =
    std::variant<Seal, Title, Lead, Paragraph, Expiry, Facts, PrintOffer, Note, FailureBox, Spinner,
                 ReaderPrompt, TouchPrompt, StepList, StepsSoFar, Remarks, OtherTokens, CheckList, Buttons,
                 Tick, StorageField, KeyField, PinForm, CodeForm, PinChangeForm, ProxyForm>;
using ScreenContent = std::vector<Block>;

/// The content for Model::screen. `now`: for days left.
ScreenContent content_of(const Model& model, const Settings& settings, TimePoint now);

}  // namespace koshin::ui
