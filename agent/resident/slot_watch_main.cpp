// SPDX-License-Identifier: MIT
// koshin-slot-watch: loads one module and says, a line each, "watching" when the module has slot events
// (C_WaitForSlotEvent), and "changed" for each. Ends at once when it has none. A process of its own, so that
// a module's faults stay in it; like every process that loads a module, it takes its path from the settings
// alone.
#include <algorithm>
#include <string>
#include <vector>

#include "foundation/base/path_text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "pkcs11/module.hpp"

namespace {

using namespace koshin;

constexpr const char* usage =
    "usage: koshin-slot-watch --module MODULE [--settings FILE]\n"
    "Says \"watching\" when the module has slot events, and \"changed\" for each. Started by koshin-agent.\n"
    "\n"
    "  --module MODULE   one of token.modules: a path, or p11-kit:NAME\n"
    "  --settings FILE   use this settings file in place of your own";

/// Empty for an option that is not there.
std::string value_of(const std::vector<std::string>& words, const std::string& option) {
  const auto found = std::find(words.begin(), words.end(), option);
  if (found == words.end()) return {};
  if (found + 1 == words.end() || (found + 1)->empty())
    fail(Reason::usage_error, option + " wants a value; --help tells more");
  return *(found + 1);
}

pkcs11::RegisteredModule found_by(const std::string& module) {
  constexpr std::string_view registered = "p11-kit:";
  if (!module.starts_with(registered)) return {.name = {}, .path = path_of(module), .reserved = {}};
  return pkcs11::Module::resolve_registered(module.substr(registered.size()));
}

/// Where the words go, and where the log does: the standard streams are the module's, and lead nowhere.
Handle words_end, log_end;

void say(const char* word) {
  write_all(words_end ? words_end.get() : standard_handle(StandardStream::output), std::string(word) + "\n");
}

/// What the module prints is no business of the log or of whoever counts our words.
void keep_module_quiet() {
  words_end = keep_own(StandardStream::output);
  log_end = keep_own(StandardStream::error);
  log::use_handle(log_end.get());
  lead_nowhere(StandardStream::output);
  lead_nowhere(StandardStream::error);
}

int watch(const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), "--help") != words.end()) {
    say(usage);
    return 0;
  }
  SettingsSources sources = SettingsSources::standard();
  const std::string file = value_of(words, "--settings");
  if (!file.empty()) sources.only = path_of(file);
  const std::vector<std::string> configured = load_settings(sources).token.modules;
  const std::string name = value_of(words, "--module");
  if (name.empty()) fail(Reason::usage_error, "--module is missing; --help tells more");
  if (std::find(configured.begin(), configured.end(), name) == configured.end()) {
    fail(Reason::module_not_configured, name + " is not among token.modules");
  }
  const pkcs11::RegisteredModule found = found_by(name);
  check_nobody_else_writes(found.path);  // the worker says why it is not used
  keep_module_quiet();
  const auto module = pkcs11::Module::load(found.path, found.reserved);
  constexpr std::chrono::hours long_time{1};
  if (!module->wait_for_slot_event(std::chrono::milliseconds{0})) return 0;
  say("watching");
  while (const auto event = module->wait_for_slot_event(long_time)) {
    if (*event) say("changed");
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  begin_program();
  try {
    hardening::protect_process();
    process_tree::adopt_orphans();
    log::configure("koshin-slot-watch", LogLevel::info);
    return watch({argv + 1, argv + argc});
  } catch (const FailureError& error) {
    log::error(log::Event::none, "koshin-slot-watch: " + error.failure().detail);
    return error.failure().exit_code();
  } catch (const std::exception& error) {
    log::error(log::Event::none, std::string("koshin-slot-watch: ") + error.what());
    return info(Reason::module_not_loadable).exit_code;
  }
}
