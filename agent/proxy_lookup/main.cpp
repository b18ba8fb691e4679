// SPDX-License-Identifier: MIT
// koshin-proxy-lookup: which proxies lead to a server. Reads three lines (the server's URL; a proxy script's
// URL, or nothing for the desktop's settings; milliseconds that it may take) and writes one: "answer SOURCE
// PROXIES", "nobody WHY" where this computer has nobody to ask, "failed WHY". It has no secrets and gets
// none.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/standard_streams.hpp"
#include "proxy_lookup/desktop_settings.hpp"
#include "proxy_lookup/proxy_script.hpp"
#include "proxy_lookup/script_environment.hpp"
#include "proxy_lookup/script_fetch.hpp"

namespace {

using namespace koshin;
using std::chrono::milliseconds;

constexpr std::size_t longest_question = 16 * 1024;
constexpr milliseconds longest_limit{60'000};
constexpr std::chrono::seconds spare{1};  // the parent has its own limit, and says more about it

/// Where the answer goes; what a library prints on standard output is none.
Handle answers;

void say(const std::string& line) {
  write_all(answers.get(), line + "\n");
}

struct Question {
  std::string url, script;
  milliseconds limit{0};
};

Question read_question() {
  std::string text;
  std::vector<char> piece(4096);
  for (;;) {
    const std::size_t count = std::fread(piece.data(), 1, piece.size(), stdin);
    if (count == 0) break;
    text.append(piece.data(), count);
    if (text.size() > longest_question) fail(Reason::job_invalid, "the question is too long");
  }
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  if (lines.size() != 3) fail(Reason::job_invalid, "a question has three lines");
  const milliseconds limit{std::strtol(lines[2].c_str(), nullptr, 10)};
  if (limit.count() <= 0 || limit > longest_limit) fail(Reason::job_invalid, "the limit is no such number");
  return {lines[0], lines[1], limit};
}

void answer(const Question& question) {
  using namespace proxy_lookup;
  if (!question.script.empty()) {
    const std::string script = fetch_script(question.script, question.limit);
    limit_processor(
        static_cast<unsigned long>(std::chrono::ceil<std::chrono::seconds>(question.limit).count()));
    return say("answer script " + printable(run_proxy_script(script, question.url)));
  }
  const auto found = ask_portal(question.url, question.limit);
  const DesktopAnswer told = found ? *found : ask_libproxy(question.url);
  say("answer " + told.source + ' ' + printable(told.proxies));
}

}  // namespace

int main() {
  begin_program();
  try {
    hardening::protect_process();
    answers = keep_own(StandardStream::output);
    lead_nowhere(StandardStream::output);
    const Question question = read_question();
    hardening::set_deadline(std::chrono::ceil<std::chrono::seconds>(question.limit) + spare, nullptr);
    answer(question);
    return 0;
  } catch (const FailureError& error) {
    const Reason reason = error.failure().reason;
    say((reason == Reason::proxy_unusable ? "nobody " : "failed ") + printable(error.failure().detail));
    return error.failure().exit_code();
  } catch (const std::exception& error) {
    say("failed " + printable(error.what()));
    return info(Reason::internal_error).exit_code;
  }
}
