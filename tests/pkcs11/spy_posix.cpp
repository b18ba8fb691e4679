// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "spy.hpp"

#ifdef KOSHIN_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace koshin::pkcs11 {

std::filesystem::path spy_module() {
  for (const char* path :
       {"/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so", "/usr/lib/aarch64-linux-gnu/pkcs11/pkcs11-spy.so",
        "/usr/lib/pkcs11/pkcs11-spy.so", "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

Spy::Spy(const std::filesystem::path& module, const std::filesystem::path& directory)
    : log_(directory / "spy.log") {
#ifdef KOSHIN_ADDRESS_SANITIZER
  __lsan_disable();  // the spy leaks its function table and every name it prints
#endif
  ::setenv("PKCS11SPY", module.c_str(), 1);
  ::setenv("PKCS11SPY_OUTPUT", log_.c_str(), 1);
}

Spy::~Spy() {
#ifdef KOSHIN_ADDRESS_SANITIZER
  __lsan_enable();
#endif
  ::unsetenv("PKCS11SPY");
  ::unsetenv("PKCS11SPY_OUTPUT");
}

std::string Spy::log() const {
  std::ifstream stream(log_);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::shared_ptr<Module> Spy::load() {
  return Module::load(spy_module());
}

/// A call begins with a line like "12: C_OpenSession".
std::map<std::string, int> Spy::calls() const {
  std::map<std::string, int> counts;
  std::istringstream lines(log());
  for (std::string line; std::getline(lines, line);) {
    const auto digits = line.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || line.compare(digits, 4, ": C_") != 0) continue;
    ++counts[line.substr(digits + 2)];
  }
  return counts;
}

int Spy::total() const {
  int sum = 0;
  for (const auto& [name, count] : calls()) sum += count;
  return sum;
}

std::string Spy::table() const {
  std::string text;
  for (const auto& [name, count] : calls()) text += "  " + std::to_string(count) + " " + name + "\n";
  return text;
}

}  // namespace koshin::pkcs11
