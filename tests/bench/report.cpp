// SPDX-License-Identifier: MIT
// A line per figure on stdout, a flat JSON object in a file.
#include "bench/report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace koshin::bench {
namespace {

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

std::string limit_of(const Figure& figure) {
  if (figure.at_most)
    return fmt::format("at most {:g}: {}", *figure.at_most, figure.value <= *figure.at_most ? "yes" : "NO");
  if (figure.at_least) {
    return fmt::format("at least {:g}: {}", *figure.at_least,
                       figure.value >= *figure.at_least ? "yes" : "NO");
  }
  return {};
}

}  // namespace

void Report::add(const Figure& figure) {
  figures_.push_back(figure);
  fmt::print("{:<28} {:>10g} {:<6} {:<18} {}\n", figure.name, rounded(figure.value), figure.unit,
             limit_of(figure), figure.words);
  std::fflush(stdout);
}

void Report::say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void Report::save(const std::filesystem::path& file) const {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& figure : figures_) {
    const double value = rounded(figure.value);
    if (value == std::floor(value)) {
      object[figure.name] = static_cast<long long>(value);
    } else {
      object[figure.name] = value;
    }
  }
  std::ofstream out(file);
  out << object.dump(2) << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

double median(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument("no values");
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace koshin::bench
