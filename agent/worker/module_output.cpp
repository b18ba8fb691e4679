// SPDX-License-Identifier: MIT
// What is kept of modules' output, and when it is told.
#include "worker/module_output.hpp"

#include <array>
#include <exception>

#include "foundation/log/log.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "pkcs11/call_watch.hpp"
#include "worker/guard.hpp"
#include "worker/kept_output.hpp"
#include "worker/module_output_system.hpp"

namespace koshin::worker {
namespace {

// Read while the process crashes: set before a module is loaded.
Handle kept;
std::array<char, ModuleOutput::most_bytes> text;
KeptOutput shown;

/// Calls `show` with each kept line that may be shown. True when more lines were kept than are shown.
template <typename Show>
bool each_line(const Show& show) noexcept {
  const std::string_view all = read_bounded_file(kept.get(), text);
  const bool more = shown.each_line(all, all.size() == text.size(), show);
  wipe(text);
  return more;
}

/// A module that closes 0, 1 or 2 and continues printing (as one that daemonizes does) must not write to
/// journal, lock or the authority's connection, with the PIN in its output.
void call_ended(bool with_secret) noexcept {
  leave_module();
  open_standard_streams();
  if (with_secret && shown.in_stretch()) shown.end_stretch(module_output::written_so_far(kept.get()));
}

void call_begins(bool with_secret) noexcept {
  if (with_secret && kept) shown.begin_stretch(module_output::written_so_far(kept.get()));
  enter_module();
}

}  // namespace

namespace module_output {

void watch_module_calls() {
  pkcs11::watch_calls({.begins = call_begins, .ended = call_ended});
}

void tell_of_crash(void (*write)(std::string_view line) noexcept) noexcept {
  if (kept) (void)each_line(write);
  process_tree::end_children();
}

}  // namespace module_output

void ModuleOutput::keep(const std::vector<std::span<const char>>& job_secrets) {
  shown.know(job_secrets);
  kept = make_bounded_file(most_bytes);
  lead_to(kept.get(), StandardStream::output);
  lead_to(kept.get(), StandardStream::error);
}

void ModuleOutput::tell() noexcept {
  if (!kept) return;
  try {
    lead_nowhere(StandardStream::output);
    lead_nowhere(StandardStream::error);
    const bool more = each_line([](std::string_view line) {
      log::info(log::Event::none, "The token software printed something.", {{"KOSHIN_MODULE_OUTPUT", line}});
    });
    if (more) log::info(log::Event::none, "The token software printed more lines than are kept.");
  } catch (const std::exception&) {  // output of a module is no reason for a failure
  }
  kept.close();
  shown.forget();
}

}  // namespace koshin::worker
