// SPDX-License-Identifier: MIT
#include "renewal/policy/proxy_login.hpp"

#include <algorithm>

namespace koshin::renewal {

bool TypedProxyLogin::asked_by(const Failure& failure, const Settings::Proxy& settings) {
  if (failure.reason != Reason::proxy_authentication_failed) return false;
  if (std::ranges::find(proxies_, failure.proxy) != proxies_.end()) forget();
  asking_ = failure.proxy;
  return !asking_.empty() && answers_ < most_proxy_logins &&
         settings.authentication != ProxyAuthentication::negotiate;
}

void TypedProxyLogin::answer(std::string user, SecureBuffer password) {
  ++answers_;
  if (user != user_ || !std::ranges::equal(password.view(), password_.view())) forget();
  user_ = std::move(user);
  password_ = std::move(password);
  proxies_.push_back(asking_);
}

void TypedProxyLogin::forget() noexcept {
  user_.clear();
  password_.clear();
  proxies_.clear();
}

void TypedProxyLogin::put_into(messages::Job& job) const {
  job.proxy_user = user_;
  job.proxies = proxies_;
}

}  // namespace koshin::renewal
