// SPDX-License-Identifier: MIT
// The figures that ./dev bench shows and writes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace koshin::bench {

/// One figure. `name` is its member in the JSON object; a figure with a limit is shown beside it, nothing
/// fails on it.
struct Figure {
  std::string name;
  double value = 0;
  std::string unit = {};
  std::optional<double> at_most = {};
  std::optional<double> at_least = {};
  std::string words = {};
};

class Report {
 public:
  /// Shows it at once.
  void add(const Figure& figure);
  /// A remark between figures, for people only.
  void say(const std::string& line);
  /// One flat object: name → number.
  void save(const std::filesystem::path& file) const;

 private:
  std::vector<Figure> figures_;
};

/// The middle one (of an even number, the mean of the two in the middle).
double median(std::vector<double> values);

}  // namespace koshin::bench
