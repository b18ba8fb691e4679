// SPDX-License-Identifier: MIT
// The answer of one transfer, with bounded sizes. Internal to this module.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "enrollment/http/curl_handle.hpp"
#include "enrollment/http/http_client.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

class CurlAnswer {
 public:
  /// `arrives` is called for each piece of an answer. Both arguments must outlive the handle's transfers.
  CurlAnswer(CurlHandle& handle, std::function<void()> arrives);
  CurlAnswer(const CurlAnswer&) = delete;
  CurlAnswer& operator=(const CurlAnswer&) = delete;

  void forget();
  bool began() const { return header_bytes_ > 0; }
  /// Whether the headers are complete: libcurl takes the end of a connection within them for their end.
  bool headers_ended() const { return headers_ended_; }
  bool too_large() const { return too_large_; }  ///< the transfer was aborted because of its size
  /// The body's Content-Length, printable; empty without one.
  std::string declared_length() const { return printable(field("Content-Length"), 40); }
  std::string encoding() const { return printable(field("Content-Encoding"), 100); }
  std::uint64_t arrived() const { return body_bytes_; }
  /// The reason phrase of the latest status line, printable: that of the proxy when no other answer came.
  const std::string& connect_phrase() const { return phrase_; }
  HttpResponse take();
  /// All values of a header field of the answer, or of a proxy's answer to CONNECT.
  std::vector<std::string> fields(const char* name, unsigned origin = CURLH_HEADER) const;

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  void note_line(std::string_view line);
  std::string field(const char* name) const;
  bool closes_connection() const;

  CurlHandle& handle_;
  std::function<void()> arrives_;
  std::string body_, phrase_;
  std::size_t header_bytes_ = 0, body_bytes_ = 0;
  bool headers_ended_ = false, too_large_ = false;
};

}  // namespace koshin::enrollment
