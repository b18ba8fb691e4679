// SPDX-License-Identifier: MIT
// HTTP as the bank's services see it: plain values, no network library.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

struct Request {
  std::string method;
  std::string path;                            ///< without the query
  std::string query;                           ///< without the question mark
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body = {};
  std::string header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// Who is at the other end of the connection.
struct Peer {
  X509Ptr certificate;  ///< whatever the client presented and proved to own; unchecked otherwise; may be null
  bool tls = false;
  /// tls-unique (RFC 5929) on TLS 1.2, tls-exporter (RFC 9266) on TLS 1.3.
  Bytes channel_binding;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  /// What happens to the connection: an ordinary answer, none at all, or half of one.
  enum class Ending { answer, drop, truncate } ending = Ending::answer;
  bool closes = false;         ///< the connection ends with this answer, as it says
  bool in_two_writes = false;  ///< the header first, the body when that was acknowledged (Nagle's algorithm)
};

using Handler = std::function<Response(const Request&, const Peer&)>;

/// The value of `name` in "a=1&b=2+3%21", decoded; empty when it is not there.
std::string form_value(const std::string& form, const std::string& name);
/// Text made safe inside HTML elements and quoted attributes.
std::string html_escape(const std::string& text);

}  // namespace koshin::bank
