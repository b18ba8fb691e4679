// SPDX-License-Identifier: MIT
// libproxy, in this process.
#include <proxy.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "proxy_lookup/desktop_settings.hpp"

namespace koshin::proxy_lookup {
namespace {

struct FactoryFreer {
  void operator()(pxProxyFactory* factory) const noexcept { px_proxy_factory_free(factory); }
  void operator()(char** proxies) const noexcept { px_proxy_factory_free_proxies(proxies); }
};

}  // namespace

DesktopAnswer ask_libproxy(const std::string& url) {
  // libproxy's plugin for scripts is JavaScriptCore, and koshin-agent's unit permits no memory that is
  // written and run.
  setenv("JSC_useJIT", "false", 1);
  const std::unique_ptr<pxProxyFactory, FactoryFreer> factory(px_proxy_factory_new());
  if (!factory) fail(Reason::proxy_unusable, "there is no portal, and libproxy does not start");
  const std::unique_ptr<char*, FactoryFreer> found(px_proxy_factory_get_proxies(factory.get(), url.c_str()));
  std::vector<std::string> proxies;
  for (char** proxy = found.get(); proxy != nullptr && *proxy != nullptr; ++proxy)
    proxies.emplace_back(*proxy);
  return {"libproxy", joined(proxies, ";")};
}

}  // namespace koshin::proxy_lookup
