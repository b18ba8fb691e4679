// SPDX-License-Identifier: MIT
#include "worker/kept_output.hpp"

#include <algorithm>

namespace koshin::worker {

void KeptOutput::know(const std::vector<std::span<const char>>& secrets) noexcept {
  secret_count_ = std::min(secrets.size(), secrets_.size());
  std::copy_n(secrets.begin(), secret_count_, secrets_.begin());
}

void KeptOutput::begin_stretch(std::size_t written) noexcept {
  if (stretch_count_ < stretches_.size()) stretches_.at(stretch_count_++) = {written, without_end};
  in_stretch_ = true;
}

void KeptOutput::end_stretch(std::size_t written) noexcept {
  in_stretch_ = false;
  Stretch& last = stretches_.at(stretch_count_ - 1);
  // No end: the module has moved back in the file.
  if (written < last.from || stretch_count_ == stretches_.size()) return;
  last.to = written;
  if (last.from == written) --stretch_count_;
}

}  // namespace koshin::worker
