// SPDX-License-Identifier: MIT
// How the bank is told to misbehave. README.md lists every switch.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace koshin::bank {

/// Named texts that tests set while the bank runs. Thread-safe.
class Switches {
 public:
  /// Throws std::invalid_argument for a name no part of the bank looks at.
  void set(const std::string& name, const std::string& value);
  /// Empty when never set.
  std::string get(const std::string& name) const;
  /// Set to something other than "" and "0".
  bool enabled(const std::string& name) const;
  /// A switch that counts: true while it is "always" or a number above 0, which goes down by one.
  bool take(const std::string& name);
  /// The value of a counted switch written "text" (always) or "3*text" (three times); empty when it is off.
  std::string take_text(const std::string& name);

  static const std::vector<std::string>& names();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> values_;
};

/// The decimal number that a switch's text begins with; 0 where there is none.
long leading_number(std::string_view text);

/// What a test asks for afterwards: how often something happened. Thread-safe.
class Counters {
 public:
  void add(const std::string& name);
  std::size_t get(const std::string& name) const;
  std::map<std::string, std::size_t> all() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace koshin::bank
