// SPDX-License-Identifier: MIT
// Storage of request bytes: locked, wiped memory, from the socket to the wizard. A PIN is in no other memory.
#pragma once

#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstring>

#include "foundation/secrets/secure_buffer.hpp"
#include "page_request.hpp"

namespace koshin::ui {

struct SecureReadMemory {
  SecureBuffer memory;
};

/// The buffer a connection is read into.
class SecureReadBuffer : private SecureReadMemory, public boost::beast::flat_static_buffer_base {
 public:
  static constexpr std::size_t size_limit = 12UL * 1024;
  SecureReadBuffer()
      : SecureReadMemory{SecureBuffer(size_limit)},
        flat_static_buffer_base(memory.writable().data(), size_limit) {}
  /// Clears and overwrites everything, consumed bytes included.
  void wipe_all() {
    consume(size());
    wipe(memory.writable());
  }
};

/// A Beast body that goes straight into a SecureBuffer, of at most max_body bytes.
struct SecretBody {
  using value_type = SecureBuffer;

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>&, value_type& body) : body_(body) {}

    void init(const boost::optional<std::uint64_t>&, boost::system::error_code& error) {
      body_ = SecureBuffer(max_body);
      error = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
      std::size_t taken = 0;
      for (auto it = boost::asio::buffer_sequence_begin(buffers);
           it != boost::asio::buffer_sequence_end(buffers); ++it) {
        const boost::asio::const_buffer piece = *it;
        const std::size_t before = body_.size();
        if (piece.size() > body_.capacity() - before) {
          error = boost::beast::http::error::body_limit;
          return taken;
        }
        std::memcpy(body_.writable().data() + before, piece.data(), piece.size());
        body_.resize(before + piece.size());
        taken += piece.size();
      }
      error = {};
      return taken;
    }
    void finish(boost::system::error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

}  // namespace koshin::ui
