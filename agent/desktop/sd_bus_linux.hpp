// SPDX-License-Identifier: MIT
// What sd-bus gives out, with an owner; and how long the session bus is asked.
#pragma once

#include <systemd/sd-bus.h>

#include <cstdint>
#include <memory>

namespace koshin::desktop {

struct SdBusCloser {
  void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Bus = std::unique_ptr<sd_bus, SdBusCloser>;
using BusMessage = std::unique_ptr<sd_bus_message, SdBusCloser>;

/// Filled by sd_bus_call_method() and its like, and freed with this.
struct BusError {
  sd_bus_error raw{};
  BusError() = default;
  ~BusError() { sd_bus_error_free(&raw); }
  BusError(const BusError&) = delete;
  BusError& operator=(const BusError&) = delete;
};

/// Microseconds that a service on the session bus may take to answer: the first call starts it, at a log-in
/// together with everything else.
inline constexpr std::uint64_t bus_answer_within_us = 10'000'000;

}  // namespace koshin::desktop
