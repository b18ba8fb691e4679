// SPDX-License-Identifier: MIT
// Reading and writing the plan.
#include "faults/fault_plan.hpp"

#include <fstream>
#include <map>
#include <stdexcept>

namespace koshin::faults {

void save(const Plan& plan, const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::trunc);
  out << "module=" << plan.module.string() << "\nlog=" << plan.log.string()
      << "\nremoved=" << plan.removed.string() << "\nfunction=" << plan.function << "\nat=" << plan.at
      << "\nafter=" << plan.after << "\nfrom_then_on=" << plan.from_then_on
      << "\naction=" << static_cast<int>(plan.action) << "\nrv=" << plan.rv
      << "\ntoken_flags=" << plan.token_flags << "\ntoken_flags_off=" << plan.token_flags_off
      << "\nfree_memory=" << (plan.free_memory ? std::to_string(*plan.free_memory) : "")
      << "\nkeypad_pin=" << plan.keypad_pin << "\nonly_pkcs1=" << plan.only_pkcs1
      << "\nstrict=" << plan.strict << "\nimported_keys=" << plan.imported_keys << "\nalike=" << plan.alike
      << "\nserial=" << plan.serial << "\nwithin_us=" << plan.within_us << "\npin_max=" << plan.pin_max
      << "\nkeypad_new_pin=" << plan.keypad_new_pin
      << "\nto_be_changed_until=" << plan.to_be_changed_until.string() << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

bool wants_pin_changed(const Plan& plan) {
  return !plan.to_be_changed_until.empty() && !std::filesystem::exists(plan.to_be_changed_until);
}

void pin_was_set(const Plan& plan) {
  if (!plan.to_be_changed_until.empty()) std::ofstream(plan.to_be_changed_until) << '\n';
}

Plan load_plan(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::map<std::string, std::string> values;
  for (std::string line; std::getline(in, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) values[line.substr(0, equals)] = line.substr(equals + 1);
  }
  if (values.count("pin_max") == 0) throw std::runtime_error("no fault plan in " + file.string());
  Plan plan;
  plan.module = values["module"];
  plan.log = values["log"];
  plan.removed = values["removed"];
  plan.function = values["function"];
  plan.at = static_cast<unsigned>(std::stoul(values["at"]));
  plan.after = values["after"] == "1";
  plan.from_then_on = values["from_then_on"] == "1";
  plan.action = static_cast<Action>(std::stoi(values["action"]));
  plan.rv = std::stoul(values["rv"]);
  plan.within_us = std::stoul(values["within_us"]);
  plan.token_flags = std::stoul(values["token_flags"]);
  plan.token_flags_off = std::stoul(values["token_flags_off"]);
  plan.keypad_pin = values["keypad_pin"];
  plan.keypad_new_pin = values["keypad_new_pin"];
  plan.to_be_changed_until = values["to_be_changed_until"];
  plan.only_pkcs1 = values["only_pkcs1"] == "1";
  plan.strict = values["strict"] == "1";
  plan.imported_keys = values["imported_keys"] == "1";
  plan.alike = values["alike"] == "1";
  plan.serial = values["serial"];
  if (!values["free_memory"].empty()) plan.free_memory = std::stoul(values["free_memory"]);
  plan.pin_max = std::stoul(values["pin_max"]);
  return plan;
}

}  // namespace koshin::faults
