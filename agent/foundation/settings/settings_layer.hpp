// SPDX-License-Identifier: MIT
// Settings are laid over one another: what one source says is a layer, whichever kind of source it is.
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

/// What one source says, checked for itself. `origins` of base and banks tell which keys are set and where;
/// all other members have their defaults and mean nothing.
struct SettingsLayer {
  Author author = Author::administrator;
  std::string origin;  ///< of the source, as messages name it: a file's absolute path
  Settings base;
  std::vector<Settings> banks;    ///< by bank(), each once
  Locks locks;                    ///< that this layer adds
  std::vector<Failure> mistakes;  ///< in the order in which they stand there

  /// How many keys it sets.
  std::size_t values() const;
};

/// Lays one layer over others.
class SettingsStack {
 public:
  SettingsStack();
  /// Later ones override earlier ones, key by key; what is set for a bank is that bank's whatever a later
  /// layer says outside of banks.
  void lay(const SettingsLayer& layer);
  const Locks& locks() const { return locks_; }
  Deployment deployment() const;

 private:
  Settings base_;
  std::vector<Settings> banks_;
  Locks locks_;
};

}  // namespace koshin
