// SPDX-License-Identifier: MIT
// SMTP by libcurl.
#include "smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "server_words.hpp"

namespace koshin::ui {

namespace {

constexpr long timeout_seconds = 30;

struct Close {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Close>;
using List = std::unique_ptr<curl_slist, Close>;

struct Conversation {
  const std::string& text;
  std::size_t offset = 0;
  int refusal = 0;      ///< the refusal, followed by nothing but QUIT
  std::string words{};  ///< what the server said with it, as it came
};

std::size_t read_text(char* buffer, std::size_t size, std::size_t count, void* data) {
  auto* conversation = static_cast<Conversation*>(data);
  const std::size_t length = std::min(size * count, conversation->text.size() - conversation->offset);
  std::copy_n(conversation->text.data() + conversation->offset, length, buffer);
  conversation->offset += length;
  return length;
}

constexpr std::size_t most_words = 500;

/// Of a refusal in several lines ("550-", "550 ") the lines follow each other.
void note_refusal(Conversation& conversation, std::string_view answer) {
  int code = 0;
  std::from_chars(answer.data(), answer.data() + 3, code);
  if (code != conversation.refusal) conversation.words.clear();
  conversation.refusal = code;
  if (!conversation.words.empty()) conversation.words += ' ';
  conversation.words += trimmed(answer.substr(4, most_words));
  if (conversation.words.size() > most_words) conversation.words.resize(most_words);
}

/// Records refusals. CURLINFO_RESPONSE_CODE is the answer to QUIT (221). Any other positive answer means that
/// the dialogue continued after a refusal, for example of EHLO, which HELO follows.
std::size_t note_answer(char* line, std::size_t size, std::size_t count, void* data) {
  const std::string_view answer(line, size * count);
  auto& conversation = *static_cast<Conversation*>(data);
  if (answer.size() <= 3) return answer.size();
  if (answer[0] == '4' || answer[0] == '5') note_refusal(conversation, answer);
  if ((answer[0] == '2' || answer[0] == '3') && !answer.starts_with("221")) conversation.refusal = 0;
  return answer.size();
}

void set_tls(CURL* handle, const Settings::Mail& settings) {
  const bool smtps = settings.url.rfind("smtps://", 0) == 0;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, smtps || settings.starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!settings.trust_anchors.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, settings.trust_anchors.string().c_str());
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
                   text.c_str());  // libcurl keeps a copy during the handle's lifetime
  wipe({text.data(), text.size()});
}

Delivery judge(CURLcode code, const Conversation& conversation, const char* error) {
  const int refusal = conversation.refusal;
  if (code == CURLE_OK) return {.sent = true};
  const bool wrong_for_good = code == CURLE_LOGIN_DENIED || code == CURLE_PEER_FAILED_VERIFICATION ||
                              code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
                              code == CURLE_SSL_CACERT_BADFILE || code == CURLE_USE_SSL_FAILED ||
                              refusal >= 500;
  std::string detail = *error != '\0' ? error : curl_easy_strerror(code);
  if (refusal != 0)
    detail += " (answer " + std::to_string(refusal) + (conversation.words.empty() ? "" : ": ") +
              conversation.words + ")";
  return {.try_again = !wrong_for_good, .detail = printable(detail, 700)};
}

void set_conversation(CURL* curl, const Settings::Mail& settings, Conversation& conversation) {
  curl_easy_setopt(curl, CURLOPT_URL, settings.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, timeout_seconds);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, note_answer);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &conversation);
}

void set_message(CURL* curl, const std::string& from, const curl_slist* recipients,
                 Conversation& conversation) {
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_text);
  curl_easy_setopt(curl, CURLOPT_READDATA, &conversation);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
}

struct Attempt {
  Delivery delivery;
  bool not_offered = false;  ///< the server does not offer this mechanism; no password was sent
};

/// Without a recipient nothing is sent: the conversation ends after the authentication.
Attempt attempt(const Settings::Mail& settings, const SecureBuffer& password, const std::string& message,
                const std::string& to, const char* mechanism) {
  const Handle handle(curl_easy_init());
  if (!handle) return {{.try_again = true, .detail = "libcurl has no memory"}};
  CURL* curl = handle.get();
  char error[CURL_ERROR_SIZE] = "";
  Conversation conversation{message};
  const std::string from = "<" + settings.from + ">";
  const List recipients(curl_slist_append(nullptr, ("<" + to + ">").c_str()));
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, mechanism);
  set_conversation(curl, settings, conversation);
  if (to.empty())
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
  else
    set_message(curl, from, recipients.get(), conversation);
  set_tls(curl, settings);
  set_credentials(curl, settings, password);
  const CURLcode code = curl_easy_perform(curl);
  conversation.words = without_password(std::move(conversation.words), settings.user, password);
  return {judge(code, conversation, error), code == CURLE_LOGIN_DENIED && conversation.refusal == 0};
}

Delivery deliver_to(const Settings::Mail& settings, const SecureBuffer& password, const std::string& message,
                    const std::string& to) {
  // One mechanism after the other: libcurl by itself repeats a refused password with the next mechanism,
  // which counts as two attempts at some servers.
  Attempt last;
  for (const char* mechanism : {"AUTH=PLAIN", "AUTH=LOGIN", "AUTH=CRAM-MD5"}) {
    last = attempt(settings, password, message, to, mechanism);
    if (!last.not_offered) break;
  }
  return last.delivery;
}

Delivery password_in_clear() {
  return {.detail = "mail.user needs TLS: a password is not sent in clear (mail.starttls is off)"};
}

}  // namespace

Delivery try_server(const Settings::Mail& settings, const SecureBuffer& password) {
  if (!settings.user.empty() && !may_send_password(settings)) return password_in_clear();
  return deliver_to(settings, password, {}, {});
}

Delivery deliver(const Settings::Mail& settings, const SecureBuffer& password, const std::string& message) {
  if (!settings.user.empty() && !may_send_password(settings)) return password_in_clear();
  // Two deliveries: with both recipients in one, a server that takes the copy alone has taken the mail, and
  // the person would never be told.
  Delivery delivery = deliver_to(settings, password, message, settings.to);
  if (!delivery.sent || settings.cc.empty()) return delivery;
  const Delivery copy = deliver_to(settings, password, message, settings.cc);
  if (!copy.sent) delivery.detail = "mail.cc: " + copy.detail;
  return delivery;
}

}  // namespace koshin::ui
