// SPDX-License-Identifier: MIT
// WinHTTP: the settings of the user (Internet Options, group policy), in the order in which Windows' own
// programs take them: what the network announces (WPAD), the script, the named proxy; else the computer's
// (netsh winhttp). A script is run by the service WinHttpAutoProxySvc, not in this process.
#include "enrollment/http/system_proxy.hpp"

#include <windows.h>
// After windows.h, which it needs.
#include <winhttp.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "enrollment/http/url.hpp"
#include "enrollment/http/windows_proxy_list.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::enrollment {
namespace {

struct CloseInternet {
  void operator()(void* handle) const { WinHttpCloseHandle(handle); }
};
using Internet = std::unique_ptr<void, CloseInternet>;

/// What WinHTTP gives out as global memory.
struct FreeGlobal {
  void operator()(wchar_t* text) const { GlobalFree(text); }
};
using GlobalText = std::unique_ptr<wchar_t, FreeGlobal>;

std::string text_of(const GlobalText& text) {
  return text ? narrow(text.get()) : std::string();
}

/// What a script has answered.
struct Resolved {
  DWORD error = ERROR_SUCCESS;
  std::string proxies;  ///< as Windows' settings write them; empty: the direct way
};

/// What the thread that asks shares with whoever waits for it, and may give it up.
struct Asked {
  std::mutex mutex;
  std::condition_variable_any answered;
  std::optional<Resolved> result;
};

/// `script`: its address; empty: what the network announces.
Resolved resolve(const std::wstring& url, const std::wstring& script, std::chrono::milliseconds limit) {
  const Internet session(WinHttpOpen(L"koshin", WINHTTP_ACCESS_TYPE_NO_PROXY, nullptr, nullptr, 0));
  if (!session) return {GetLastError(), {}};
  const auto each = static_cast<int>(limit.count());
  WinHttpSetTimeouts(session.get(), each, each, each, each);
  WINHTTP_AUTOPROXY_OPTIONS options{};
  options.dwFlags = script.empty() ? WINHTTP_AUTOPROXY_AUTO_DETECT : WINHTTP_AUTOPROXY_CONFIG_URL;
  if (script.empty())
    options.dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
  if (!script.empty()) options.lpszAutoConfigUrl = script.c_str();
  WINHTTP_PROXY_INFO found{};
  if (WinHttpGetProxyForUrl(session.get(), url.c_str(), &options, &found) == 0) return {GetLastError(), {}};
  const GlobalText proxies(found.lpszProxy), none(found.lpszProxyBypass);
  if (found.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY) return {};
  return {ERROR_SUCCESS, text_of(proxies)};
}

/// WinHTTP's call has no end of its own: a thread makes it, and is left behind when the time is over.
Resolved resolve_within(const ProxyQuestion& question, const std::string& script,
                        std::chrono::milliseconds limit) {
  const auto asked = std::make_shared<Asked>();
  start_detached_thread([asked, url = wide(question.url), script = wide(script), limit] {
    const Resolved result = resolve(url, script, limit);
    const std::lock_guard lock(asked->mutex);
    asked->result = result;
    asked->answered.notify_all();
  });
  std::unique_lock lock(asked->mutex);
  asked->answered.wait_for(lock, question.stop, limit, [&] { return asked->result.has_value(); });
  if (asked->result) return *asked->result;
  if (question.stop.stop_requested()) fail(Reason::interrupted, "the proxy settings were not waited for");
  return {ERROR_WINHTTP_TIMEOUT, {}};
}

[[noreturn]] void fail_at_script(const std::string& script, DWORD error, std::chrono::milliseconds limit) {
  const auto origin = origin_of(script);  // without a user and password that the address may hold
  const std::string where =
      "the proxy script of " + printable(origin ? origin->to_string() : "(no URL)", 300);
  switch (error) {
    case ERROR_WINHTTP_UNRECOGNIZED_SCHEME:
    case ERROR_WINHTTP_INVALID_URL:
      fail(Reason::proxy_unusable, where + ": WinHTTP takes scripts from http and https addresses only");
    case ERROR_WINHTTP_TIMEOUT:
      fail(Reason::proxy_failed,
           where + ": no answer within " + std::to_string((limit.count() + 999) / 1000) + " s");
    case ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT:
      fail(Reason::proxy_failed, where + " could not be fetched");
    default:
      fail(Reason::proxy_failed, where + " gave no answer: error " + std::to_string(error) + " of WinHTTP");
  }
}

/// A named proxy and its exceptions.
struct Named {
  std::string proxies, exceptions;
};

struct UserSettings {
  bool detects = false;
  std::string script;
  Named named;
};

UserSettings settings_of_user() {
  WINHTTP_CURRENT_USER_IE_PROXY_CONFIG found{};
  if (WinHttpGetIEProxyConfigForCurrentUser(&found) == 0) return {};  // a user without any
  const GlobalText script(found.lpszAutoConfigUrl), proxies(found.lpszProxy), except(found.lpszProxyBypass);
  return {found.fAutoDetect != 0, text_of(script), {text_of(proxies), text_of(except)}};
}

Named named_for_computer() {
  WINHTTP_PROXY_INFO found{};
  if (WinHttpGetDefaultProxyConfiguration(&found) == 0) return {};
  const GlobalText proxies(found.lpszProxy), except(found.lpszProxyBypass);
  if (found.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY) return {};
  return {text_of(proxies), text_of(except)};
}

/// In a script's words.
std::string or_direct(const std::string& proxies) {
  const std::string said = proxies_for_https(proxies);
  return said.empty() ? "DIRECT" : said;
}

std::string by_name(const Named& named, const std::string& url) {
  const auto server = origin_of(url);
  if (!server || is_excepted(named.exceptions, server->host, server->port)) return "DIRECT";
  return or_direct(named.proxies);
}

std::string by_script(const ProxyQuestion& question, const std::string& script,
                      std::chrono::milliseconds limit) {
  const Resolved resolved = resolve_within(question, script, limit);
  if (resolved.error != ERROR_SUCCESS) fail_at_script(script, resolved.error, limit);
  return or_direct(resolved.proxies);
}

/// What the network announces has half of the time: most networks announce nothing, and the settings go on
/// with the script or the named proxy then.
std::string ask_settings(const ProxyQuestion& question) {
  const UserSettings user = settings_of_user();
  auto limit = question.limit;
  if (user.detects) {
    limit /= 2;
    const Resolved announced = resolve_within(question, {}, limit);
    if (announced.error == ERROR_SUCCESS) return or_direct(announced.proxies);
  }
  if (!user.script.empty()) return by_script(question, user.script, limit);
  return by_name(user.named.proxies.empty() ? named_for_computer() : user.named, question.url);
}

}  // namespace

ProxyAnswer ask_system_for_proxies(const ProxyQuestion& question) {
  const std::string said =
      question.script.empty() ? ask_settings(question) : by_script(question, question.script, question.limit);
  ProxyAnswer answer{proxies_of_answer(said), "WinHTTP"};
  if (answer.in_order.empty())
    fail(Reason::proxy_unusable, "WinHTTP names no proxy that can be used: " + printable(said, 300));
  return answer;
}

}  // namespace koshin::enrollment
