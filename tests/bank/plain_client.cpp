// SPDX-License-Identifier: MIT
// A connect BIO.
#include "bank/plain_client.hpp"

#include <array>
#include <cstring>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

std::string plain_request(const std::string& url, const std::string& method, const std::string& path,
                          const std::string& body, const std::string& host) {
  const auto address = url.substr(std::strlen("http://"));
  const BioPtr bio(BIO_new_connect(address.c_str()));
  check(bio && BIO_do_connect(bio.get()) == 1, "connect to the control port");
  const auto wire = method + " " + path + " HTTP/1.1\r\nHost: " + (host.empty() ? address : host) +
                    "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                    body;
  check(BIO_write(bio.get(), wire.data(), static_cast<int>(wire.size())) == static_cast<int>(wire.size()),
        "send");
  std::string answer;
  std::array<char, 4096> chunk{};
  for (int count = 0; (count = BIO_read(bio.get(), chunk.data(), static_cast<int>(chunk.size()))) > 0;) {
    answer.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return answer;
}

}  // namespace koshin::bank
