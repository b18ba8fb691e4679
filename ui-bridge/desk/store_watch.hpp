// SPDX-License-Identifier: MIT
// Waits a moment for a renewed certificate to appear in the system's store: there a service, or the vendor's
// program, copies what it finds on the token, and takes its time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "foundation/system/certificate_store.hpp"
#include "renewal/policy/browsers.hpp"
#include "renewal/policy/store_check.hpp"

namespace koshin::ui {

class StoreWatch {
 public:
  using Read = std::function<std::vector<StoredCertificate>()>;
  using Told = std::function<void(const std::optional<renewal::StoreFinding>&)>;
  struct Times {
    std::chrono::milliseconds longest = renewal::store_longest;  ///< for the certificate to appear
    std::chrono::milliseconds between_looks = renewal::store_between_looks;  ///< for the next look
    std::chrono::milliseconds reading_hangs =
        renewal::store_reading_hangs;  ///< beyond `longest`: then nothing is known
    /// After an answer that no browser can offer it: the person may be inserting the token anew.
    std::chrono::milliseconds longest_later{1'800'000};
    std::chrono::milliseconds between_later_looks{2'000};
  };

  explicit StoreWatch(boost::asio::io_context& context) : StoreWatch(context, read_certificate_store, {}) {}
  StoreWatch(boost::asio::io_context& context, Read read, Times times)
      : context_(context), read_(std::move(read)), times_(times) {}
  /// Waits for nothing: a look that goes on tells nobody.
  ~StoreWatch();
  StoreWatch(const StoreWatch&) = delete;
  StoreWatch& operator=(const StoreWatch&) = delete;

  /// Returns at once. `told` is called by the context: as soon as a browser can offer the certificate, else
  /// when the time is over, with what the store has then, and once more when the certificate can be offered
  /// later; empty where the store could not be read.
  void look(renewal::StoreQuery query, Told told);

 private:
  struct Look;

  boost::asio::io_context& context_;
  Read read_;
  Times times_;
  std::vector<std::shared_ptr<Look>> looks_;
  std::list<boost::asio::steady_timer> limits_;
};

}  // namespace koshin::ui
