// SPDX-License-Identifier: MIT
#include "hooks/hook_run.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/user.hpp"
#include "renewal/token/certificate_purpose.hpp"

namespace koshin::hooks {
namespace {

using std::chrono::steady_clock;

/// Not the user's: a hook is written by the administrator, who does not know it.
constexpr std::string_view search_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr std::size_t longest_value = 1000;

class Variables {
 public:
  void add(std::string_view name, std::string_view value) {
    made_.push_back(std::string(name) + '=' + printable(value, longest_value));
  }
  /// As this process has it; nothing when it has none.
  void pass_on(const char* name) {
    if (const char* value = std::getenv(name)) add(name, value);
  }
  std::vector<std::string> take() { return std::move(made_); }

 private:
  std::vector<std::string> made_;
};

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
  return status.crashed ? "was ended by signal " + std::to_string(status.code)
                        : "ended with " + std::to_string(status.code);
}

}  // namespace

std::vector<std::string> hook_environment(const NewCertificate& one) {
  Variables variables;
  variables.add("PATH", search_path);
  if (const auto user = current_user()) {
    variables.add("HOME", user->home.string());
    variables.add("USER", user->name);
  } else {  // a directory service that does not answer
    for (const char* name : {"HOME", "USER"}) variables.pass_on(name);
  }
  for (const char* name : {"LANG", "XDG_RUNTIME_DIR"}) variables.pass_on(name);
  const auto& [record, certificate, sha256] = one;
  variables.add("KOSHIN_EVENT", record.enrollment ? "enrolled" : "renewed");
  variables.add("KOSHIN_BANK", record.bank);
  variables.add("KOSHIN_TOKEN_LABEL", record.token_label);
  variables.add("KOSHIN_TOKEN_SERIAL", renewal::serial_number(record.token));
  variables.add("KOSHIN_SERIAL", certificate.serial());
  variables.add("KOSHIN_SUBJECT", certificate.subject());
  variables.add("KOSHIN_NOT_AFTER", to_rfc3339(certificate.not_after()));
  variables.add("KOSHIN_PURPOSE", messages::to_string(renewal::purpose_of(certificate, true)));
  return variables.take();
}

std::string as_pem(const enrollment::Certificate& certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  if (!memory || PEM_write_bio_X509(memory.get(), certificate.native()) != 1)
    fail(Reason::internal_error, "PEM_write_bio_X509");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

HookEnd run_hook(const Hook& hook, const NewCertificate& one, std::chrono::seconds limit) {
  const auto until = steady_clock::now() + limit;
  HookEnd end;
  try {
    const auto child = ChildProcess::start(
        hook.path, {},
        {.errors_with_output = true, .environment = hook_environment(one), .working_directory = "/"});
    hand_over(*child, as_pem(one.certificate));
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
