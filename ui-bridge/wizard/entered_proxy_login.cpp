// SPDX-License-Identifier: MIT
#include "entered_proxy_login.hpp"

#include <utility>

namespace koshin::ui {

using messages::JobKind;

void EnteredProxyLogin::take_password(SecureBuffer password) {
  password_ = std::move(password);
  shown_.has_proxy_password = true;
}

void EnteredProxyLogin::drop_password() {
  password_.clear();
  shown_.has_proxy_password = false;
}

bool EnteredProxyLogin::answer(const std::string& user) {
  if (!shown_.has_proxy_password || user.empty()) return false;
  login_.answer(user, std::move(password_));
  drop_password();
  return true;
}

void EnteredProxyLogin::give_to(messages::Job& job, std::vector<SecureBuffer>& frames) const {
  const bool meets_proxy =
      job.kind == JobKind::renew || job.kind == JobKind::enroll || job.kind == JobKind::doctor;
  if (!meets_proxy || login_.empty()) return;
  login_.put_into(job);
  job.secrets.push_back(messages::SecretKind::proxy_password);
  frames.push_back(SecureBuffer::copy_of(login_.password().view()));
}

void EnteredProxyLogin::forget() {
  login_.forget();
  drop_password();
}

}  // namespace koshin::ui
