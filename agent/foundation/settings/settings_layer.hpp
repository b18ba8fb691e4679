// SPDX-License-Identifier: MIT
// Settings are layered; each source, of any kind, is a layer.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin {

enum class Author { administrator, user };

/// Key → "file:line:column" of the `locked` list that names it.
using Locks = std::map<std::string, std::string, std::less<>>;

/// The checked settings of one source. `origins` of base and banks list the keys that are set and their
/// places; all other members have their defaults.
struct SettingsLayer {
  Author author = Author::administrator;
  std::string origin;  ///< name of the source in messages: a file's absolute path
  Settings base;
  std::vector<Settings> banks;    ///< by bank(), each once
  Locks locks;                    ///< that this layer adds
  std::vector<Failure> mistakes;  ///< in the order of the source

  /// Number of keys that the layer sets.
  std::size_t values() const;
};

/// The bank of this name, or one whose name differs from it in capital and small letters alone, which nobody
/// would tell from it; null when there is none.
const Settings* bank_alike(const std::vector<Settings>& banks, std::string_view name);

/// The combination of layers.
class SettingsStack {
 public:
  SettingsStack();
  /// Adds a layer, which overrides earlier ones key by key; a key set for a bank stays, whatever later layers
  /// set outside of banks.
  void lay(const SettingsLayer& layer);
  const Locks& locks() const { return locks_; }
  const std::vector<Settings>& banks() const { return banks_; }
  Deployment deployment() const;

 private:
  Settings base_;
  std::vector<Settings> banks_;
  Locks locks_;
};

}  // namespace koshin
