// SPDX-License-Identifier: MIT
#include "renewal/policy/pin_change.hpp"

#include <string>
#include <variant>

namespace koshin::renewal {
namespace {

/// Whether a job may end so without the token's answer having been read.
bool is_cut_off(Reason reason) {
  switch (reason) {
    case Reason::module_crashed:
    case Reason::module_hung:
    case Reason::worker_failed:
    case Reason::deadline_exceeded:
    case Reason::interrupted:
    case Reason::internal_error:
      return true;
    default:
      return false;
  }
}

}  // namespace

void PinChangeWatch::on_event(const messages::Event& event) {
  const auto* notice = std::get_if<messages::NoticeEvent>(&event);
  if (notice != nullptr && notice->code == pin_change_begins) begun_ = true;
}

Failure PinChangeWatch::fate(Failure end) const {
  if (!begun_ || !is_cut_off(end.reason)) return end;
  const std::string why = std::string(info(end.reason).id) + (end.detail.empty() ? "" : ": " + end.detail);
  return {Reason::pin_change_unknown, why, {}};
}

}  // namespace koshin::renewal
