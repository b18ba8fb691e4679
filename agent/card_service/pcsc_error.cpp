// SPDX-License-Identifier: MIT
// PC/SC return codes as errors that say which call failed and where.
#include "card_service/pcsc_error.hpp"

#include <filesystem>
#include <string>

namespace koshin::pcsc {
namespace {

class PcscCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "pcsc"; }
  std::string message(int code) const override { return pcsc_words(static_cast<std::uint32_t>(code)); }
};

}  // namespace

const std::error_category& pcsc_category() {
  static const PcscCategory category;
  return category;
}

void check_pcsc(long code, std::string_view function, const char* file, int line) {
  if (code == 0) return;  // SCARD_S_SUCCESS
  // The codes are 32 bits, which pcsc-lite keeps in a long.
  throw std::system_error(static_cast<int>(code), pcsc_category(),
                          std::string(function) + " (" + std::filesystem::path(file).filename().string() +
                              ":" + std::to_string(line) + ")");
}

}  // namespace koshin::pcsc
