// SPDX-License-Identifier: MIT
// Asks koshin-proxy-lookup: a process of its own, since a proxy script comes from the network, and the
// libraries that know the desktop's settings load what they find.
#include <algorithm>
#include <memory>

#include "enrollment/http/seconds_text.hpp"
#include "enrollment/http/system_proxy.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::enrollment {
namespace {

constexpr std::size_t longest_line = 8192;
constexpr const char* program = "koshin-proxy-lookup";

/// Its answer is a word, a blank, and what belongs to it; for "answer" that is the source, a blank, and the
/// proxies.
ProxyAnswer understood(const std::string& line, const std::string& who) {
  const auto gap = line.find(' ');
  const std::string word = line.substr(0, gap);
  const std::string rest = gap == std::string::npos ? "" : line.substr(gap + 1);
  if (word == "nobody") fail(Reason::proxy_unusable, who + ": " + printable(rest));
  if (word != "answer") fail(Reason::proxy_failed, who + ": " + printable(rest));
  const auto second = rest.find(' ');
  ProxyAnswer answer{.in_order = {}, .source = printable(rest.substr(0, second), 100)};
  const std::string proxies = second == std::string::npos ? "" : rest.substr(second + 1);
  answer.in_order = proxies_of_answer(proxies);
  if (answer.in_order.empty())  // the answer itself may hold a password
    fail(Reason::proxy_failed, who + ": the answer names no proxy that can be used");
  return answer;
}

/// The program takes no longer limit; a connection may be given more time (authority.connect_timeout).
constexpr std::chrono::milliseconds longest_limit{60'000};

/// The program's line. Throws FailureError{worker_failed} also where `child` was ended from outside.
std::string asked(ChildProcess& child, const ProxyQuestion& question, const std::string& who) {
  const auto limit = std::min(question.limit, longest_limit);
  const auto until = std::chrono::steady_clock::now() + limit;
  child.write(question.url + "\n" + question.script + "\n" + std::to_string(limit.count()) + "\n");
  child.close_stdin();
  std::string line;
  const auto read = child.read_line(line, until, longest_line);
  if (read == ChildProcess::Read::timeout)
    fail(Reason::proxy_failed, who + ": no answer within " + seconds_text(limit));
  if (read == ChildProcess::Read::end)
    fail(Reason::proxy_failed, who + ": " + program + " ended without an answer; " + child.errors());
  return line;
}

}  // namespace

ProxyAnswer ask_system_for_proxies(const ProxyQuestion& question) {
  const std::string who = question.script.empty() ? std::string("the desktop's proxy settings")
                                                  : "the proxy script " + printable(question.script, 300);
  const auto child = ChildProcess::start(paths::program(program), {}, {.keep_errors = true});
  const std::stop_callback end_it(question.stop, [&] { child->kill(); });
  try {
    return understood(asked(*child, question, who), who);
  } catch (const FailureError&) {
    if (question.stop.stop_requested()) fail(Reason::interrupted, who + ": the answer was not waited for");
    throw;
  }
}

}  // namespace koshin::enrollment
