// SPDX-License-Identifier: MIT
// SMTP by libcurl.
#include "smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "foundation/failure.hpp"

namespace koshin::ui {

namespace {

constexpr long timeout_seconds = 30;

struct Close {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Close>;
using List = std::unique_ptr<curl_slist, Close>;

struct Upload {
  const std::string& text;
  std::size_t offset = 0;
};

std::size_t read_upload(char* buffer, std::size_t size, std::size_t count, void* data) {
  auto* upload = static_cast<Upload*>(data);
  const std::size_t length = std::min(size * count, upload->text.size() - upload->offset);
  std::memcpy(buffer, upload->text.data() + upload->offset, length);
  upload->offset += length;
  return length;
}

void set_tls(CURL* handle, const Settings::Mail& settings) {
  const bool smtps = settings.url.rfind("smtps://", 0) == 0;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, smtps || settings.starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!settings.trust_anchors.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, settings.trust_anchors.c_str());
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  }
}

bool may_send_password(const Settings::Mail& settings) {
  return settings.starttls || settings.url.rfind("smtps://", 0) == 0;
}

void set_credentials(CURL* handle, const Settings::Mail& settings, const SecureBuffer& password) {
  if (settings.user.empty()) return;
  curl_easy_setopt(handle, CURLOPT_USERNAME, settings.user.c_str());
  std::string text(password.view().begin(), password.view().end());
  curl_easy_setopt(handle, CURLOPT_PASSWORD,
                   text.c_str());  // libcurl keeps a copy for as long as the handle lives
  wipe({text.data(), text.size()});
}

Delivery judge(CURL* handle, CURLcode code, const char* error) {
  if (code == CURLE_OK) return {.sent = true};
  long answer = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
  const bool wrong_for_good = code == CURLE_LOGIN_DENIED || code == CURLE_PEER_FAILED_VERIFICATION ||
                              code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
                              code == CURLE_SSL_CACERT_BADFILE || answer >= 500;
  std::string detail = *error != '\0' ? error : curl_easy_strerror(code);
  if (answer != 0) detail += " (answer " + std::to_string(answer) + ")";
  return {.try_again = !wrong_for_good, .detail = printable(detail, 300)};
}

}  // namespace

Delivery deliver(const Settings::Mail& settings, const SecureBuffer& password, const std::string& message) {
  if (!settings.user.empty() && !may_send_password(settings))
    return {.detail = "mail.user needs TLS: a password is not sent in clear (mail.starttls is off)"};
  const Handle handle(curl_easy_init());
  if (!handle) return {.try_again = true, .detail = "libcurl has no memory"};
  CURL* curl = handle.get();
  char error[CURL_ERROR_SIZE] = "";
  Upload upload{message};
  const std::string from = "<" + settings.from + ">";
  const List recipients(curl_slist_append(nullptr, ("<" + settings.to + ">").c_str()));
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(curl, CURLOPT_URL, settings.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_upload);
  curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  set_tls(curl, settings);
  set_credentials(curl, settings, password);
  return judge(curl, curl_easy_perform(curl), error);
}

}  // namespace koshin::ui
