// SPDX-License-Identifier: MIT
#include "server_words.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "foundation/secrets/redaction.hpp"

namespace koshin::ui {
namespace {

SecureBuffer in_base64(const SecureBuffer& secret) {
  constexpr std::size_t zero_at_the_end = 1;
  SecureBuffer encoded((secret.size() + 2) / 3 * 4 + zero_at_the_end);
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.writable().data()),
                                     reinterpret_cast<const unsigned char*>(secret.view().data()),
                                     static_cast<int>(secret.size()));
  encoded.resize(static_cast<std::size_t>(length));
  return encoded;
}

/// RFC 4616 section 2, without an authorization identity.
SecureBuffer message_of_plain(const std::string& user, const SecureBuffer& password) {
  SecureBuffer message(user.size() + password.size() + 2);
  message.push_back('\0');
  for (const char c : user) message.push_back(c);
  message.push_back('\0');
  for (const char c : password.view()) message.push_back(c);
  return message;
}

}  // namespace

std::string without_password(std::string words, const std::string& user, const SecureBuffer& password) {
  if (password.empty()) return words;
  const SecureBuffer login = in_base64(password);
  const SecureBuffer plain = in_base64(message_of_plain(user, password));
  for (const SecureBuffer* form : {&password, &login, &plain})
    if (holds_secret(words, form->view())) return {};
  return words;
}

}  // namespace koshin::ui
