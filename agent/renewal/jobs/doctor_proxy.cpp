// SPDX-License-Identifier: MIT
// The doctor's look at the way out: which proxy the authority is reached by, who has named it, and whether it
// is there.
#include "enrollment/http/proxy_check.hpp"
#include "foundation/base/text.hpp"
#include "renewal/jobs/doctor.hpp"

namespace koshin::renewal {
namespace {

Finding finding_of_source(const enrollment::ProxyInUse& proxy) {
  switch (proxy.source) {
    case enrollment::ProxySource::settings:
      return Finding::proxy_of_settings;
    case enrollment::ProxySource::environment:
      return Finding::proxy_of_environment;
    case enrollment::ProxySource::answer:
      break;
  }
  return Finding::proxy_of_answer;
}

/// The first of several ways that can be gone, as a renewal takes it. `blocked`: those before it.
void tell_of_way(Doctor& exam, const enrollment::ProxyInUse& way, const std::vector<std::string>& blocked) {
  const bool answered = way.source == enrollment::ProxySource::answer;
  if (way.is_direct() && !answered) return exam.add(Examined::proxy, "ok", Finding::proxy_none);
  if (way.is_direct() && blocked.empty())
    return exam.add(Examined::proxy, "ok", Finding::proxy_none_by_answer, {way.answered_by});
  const std::string there =
      way.is_direct() ? exam.context.settings.authority.url : printable(way.endpoint(), 300);
  if (!blocked.empty()) {
    return exam.add(Examined::proxy, "warning", Finding::proxy_next_in_list,
                    {there, way.answered_by, joined(blocked)});
  }
  if (way.password_in_clear)
    return exam.add(Examined::proxy, "warning", Finding::proxy_password_in_clear, {there});
  std::vector<std::string> values{there};
  if (answered) values.push_back(way.answered_by);
  exam.add(Examined::proxy, "ok", finding_of_source(way), std::move(values));
}

}  // namespace

void check_proxy(Doctor& exam) {
  const auto& settings = exam.context.settings;
  const auto limit = settings.authority.connect_timeout;
  const auto ways = enrollment::proxies_in_use(settings.proxy, settings.authority.url, limit,
                                               exam.context.stop, exam.context.proxy_credential);
  std::vector<std::string> blocked;
  for (const auto& way : ways) {
    try {
      if (!way.is_direct()) enrollment::reach_proxy(way, limit, exam.context.stop);
      return tell_of_way(exam, way, blocked);
    } catch (const FailureError& error) {
      if (&way == &ways.back() || error.failure().reason == Reason::interrupted) throw;
      blocked.push_back(printable(way.endpoint(), 300));
    }
  }
}

}  // namespace koshin::renewal
