// SPDX-License-Identifier: MIT
#include "hooks/hook_run.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "enrollment/x509/pem.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/process_tree.hpp"
#include "hooks/hook_surroundings.hpp"
#include "renewal/token/certificate_purpose.hpp"

namespace koshin::hooks {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t longest_value = 1000;

/// What the hook writes, until it has ended or the time is over. False: the time is over.
bool read_output(ChildProcess& child, steady_clock::time_point until, std::string& output) {
  std::array<char, 4096> chunk{};
  std::size_t count = 0;
  auto read = ChildProcess::Read::line;
  while ((read = child.read_some(chunk, count, until)) == ChildProcess::Read::line) {
    output.append(chunk.data(), std::min(count, largest_output - output.size()));
    if (steady_clock::now() >= until) return false;  // one that writes without end is never waited for
  }
  return read == ChildProcess::Read::end;
}

void hand_over(ChildProcess& child, const std::string& pem) {
  try {
    child.write(pem);
  } catch (const FailureError&) {  // a hook need not read it
  }
  child.close_stdin();
}

std::string in_words(const ExitStatus& status) {
  return status.crashed
             ? "crashed or was ended from outside (signal or code " + std::to_string(status.code) + ")"
             : "ended with " + std::to_string(status.code);
}

}  // namespace

std::vector<std::string> hook_environment(const NewCertificate& one) {
  const auto& [record, certificate, sha256] = one;
  Variables variables = system_variables();
  const auto add = [&](const char* name, std::string_view value) { variables.emplace_back(name, value); };
  add("KOSHIN_EVENT", record.enrollment ? "enrolled" : "renewed");
  add("KOSHIN_BANK", record.bank);
  add("KOSHIN_TOKEN_LABEL", record.token_label);
  add("KOSHIN_TOKEN_SERIAL", renewal::serial_number(record.token));
  add("KOSHIN_SERIAL", certificate.serial());
  add("KOSHIN_SUBJECT", certificate.subject());
  add("KOSHIN_NOT_AFTER", to_rfc3339(certificate.not_after()));
  add("KOSHIN_PURPOSE", messages::to_string(renewal::purpose_of(certificate, true)));
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables)
    environment.push_back(name + '=' + printable(value, longest_value));
  return environment;
}

HookEnd run_hook(const Hook& hook, const NewCertificate& one, std::chrono::seconds limit) {
  const auto until = steady_clock::now() + limit;
  HookEnd end;
  try {
    const auto child = ChildProcess::start(hook.path, {},
                                           {.errors_with_output = true,
                                            .environment = hook_environment(one),
                                            .working_directory = hook_folder()});
    hand_over(*child, enrollment::to_pem(std::span(&one.certificate, 1)));
    const bool in_time = read_output(*child, until, end.output);
    // Output that was closed is no end yet.
    const auto status = in_time ? child->wait_until(until) : std::nullopt;
    end.done = status && !status->crashed && status->code == 0;
    end.how = status ? in_words(*status) : "was ended after " + std::to_string(limit.count()) + " s";
  } catch (const FailureError& error) {
    end.how = error.failure().detail;
  }
  process_tree::end_children();
  return end;
}

}  // namespace koshin::hooks
