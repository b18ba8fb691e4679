// SPDX-License-Identifier: MIT
// Puts what a source of settings says into its layer, by the rules that hold for every kind of source: which
// keys there are, who may set them, in which bank, and which values they have.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "foundation/settings/settings_layer.hpp"
#include "foundation/settings/settings_table.hpp"

namespace koshin {

/// A value of a source. monostate: one of a type that no setting has (a date, a table, binary data).
struct SettingValue {
  using List = std::vector<SettingValue>;
  std::variant<std::monostate, bool, std::int64_t, std::string, List> value;
};

/// Thrown for what cannot be put into the layer. Nothing of it is.
struct WrongEntry {
  enum class Part { name, value } part;  ///< what is to blame
  std::string problem;
};

class LayerWriter {
 public:
  /// `folder`: what a relative path is relative to. A user's source must respect `in_force`, the locks of the
  /// layers below; they outlive the writer.
  LayerWriter(Author author, std::string origin, std::filesystem::path folder, const Locks& in_force);

  LayerWriter(const LayerWriter&) = delete;
  LayerWriter& operator=(const LayerWriter&) = delete;

  /// The entries that follow are this bank's. Throws WrongEntry{value} for a name that is none (empty
  /// included), or that this source has had; the entries that follow are then checked like any bank's, and
  /// kept nowhere.
  void begin_bank(std::string_view name);
  /// The entries that follow are outside of banks.
  void end_bank() { part_ = &layer_.base; }
  /// What messages about the present entries begin with: "bank \"ume\": ", empty outside of banks.
  std::string whose() const;

  /// Throws WrongEntry{name} when there is no such section. `is_section`: it is one by its form, and a key
  /// otherwise.
  static void check_section(std::string_view name, bool is_section);
  /// The key of this name. Throws WrongEntry{name} when there is none, when a bank cannot set it or when it
  /// is locked.
  const SettingKey& key_to_set(std::string_view name) const;
  /// `origin`: the value's place, as a user sees it. Throws WrongEntry{value}.
  void set(const SettingKey& key, const SettingValue& value, const std::string& origin);
  /// Locks a key. Throws WrongEntry{value} when there is none of this name.
  void lock(const std::string& name, const std::string& origin);
  /// Throws WrongEntry{name} when this source's author cannot lock keys.
  void check_locks_allowed() const;

  SettingsLayer& layer() { return layer_; }

 private:
  SettingsLayer layer_;
  std::filesystem::path folder_;
  const Locks& locks_;
  Settings nowhere_;               ///< of the bank that could not begin
  Settings* part_ = &layer_.base;  ///< the base or bank whose keys are being written
};

/// A name in quotation marks, printable and of bounded length.
std::string in_quotes(std::string_view name);

}  // namespace koshin
