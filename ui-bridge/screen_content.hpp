// SPDX-License-Identifier: MIT
// What stands on a screen, from top to bottom: which texts, facts, fields and buttons, and which button is
// the main one. Decided once, for every kind of window: a window draws it, in the person's language and time
// zone, and decides nothing.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::ui {

struct Model;

/// A text of the catalogue, and what goes into its places.
struct Words {
  struct Value;
  std::string key;
  std::vector<Value> values;
};
struct Words::Value {
  std::string place;
  std::variant<std::string, TimePoint, Words> value;
};

/// The sign of a good end; `calm` where nothing was achieved.
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
struct Note {
  enum class Kind { good, info, warning };
  struct Line {
    enum class Look { plain, strong, quote };
    std::variant<Words, std::string> text;  ///< a text of somebody else's as it stands
    Look look = Look::plain;
    std::string address = {};  ///< behind it
  };
  Kind kind = Kind::info;
  std::vector<Line> lines;
};
/// Model::failure, in the person's words.
struct FailureBox {};
struct Spinner {
  Words words;
};
/// Somebody has to type the PIN on the reader now.
struct ReaderPrompt {
  bool waits = false;
};
/// Model::steps, as they are being taken.
struct StepList {};
/// Model::steps: what was done and what was not.
struct StepsSoFar {};
/// What the worker has remarked and a person can make use of.
struct Remarks {
  std::vector<Words> texts;
};
/// The other tokens that call for something, the most urgent first.
struct OtherTokens {
  struct Row {
    std::string label, common_name;
    std::optional<Words> when;
  };
  std::vector<Row> rows;  ///< as many as a person reads
  std::size_t count = 0;  ///< how many there are
};

struct Button {
  enum class Kind { secondary, primary, danger, link };
  Words label;
  std::string action = {};  ///< Action::name
  Kind kind = Kind::secondary;
  bool focused = false;  ///< a press of Enter is for this one, though it is not the main one
  bool enabled = true;
  std::vector<std::string> sends = {};  ///< members of Action that go with it, from the fields
  std::optional<TimePoint> from = {};   ///< it appears at this time, and is the main one from then on
};
struct Buttons {
  std::vector<Button> row;
};

/// Something to tick; it goes with a button as Action::checked.
struct Tick {
  Words words;
};
/// Model::storage(), to choose from: Action::token_uri.
struct StorageField {};
/// The key types that the settings offer, to choose from: Action::key.
struct KeyField {};
/// The PIN, with the passphrase before it where Model::asks_passphrase, and its buttons. Where the PIN is
/// typed on the reader, `submit` has an action.
struct PinForm {
  Button left, submit;
  Words waiting;  ///< while it is being tried
};
/// The re-issue code, with the user ID before it where Model::asks_user, and its buttons.
struct CodeForm {
  Button left, submit;
};

using Block = std::variant<Seal, Title, Lead, Paragraph, Expiry, Facts, Note, FailureBox, Spinner,
                           ReaderPrompt, StepList, StepsSoFar, Remarks, OtherTokens, Buttons, Tick,
                           StorageField, KeyField, PinForm, CodeForm>;
using ScreenContent = std::vector<Block>;

/// Of Model::screen. `now` gives days left.
ScreenContent content_of(const Model& model, const Settings& settings, TimePoint now);

}  // namespace koshin::ui
