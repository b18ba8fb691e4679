// SPDX-License-Identifier: MIT
// The table of quirks. A row says which module it is for and why; a row without a reason does not belong
// here.
#include "pkcs11/quirks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace koshin::pkcs11 {
namespace {

struct Row {
  std::string_view fragment;  ///< lower case; of the file name or the manufacturer
  Quirks quirks;
};

constexpr std::array by_file = std::to_array<Row>({
    // SafeNet/Thales Authentication Client starts threads that are still running when C_Finalize returns.
    {"libetpkcs11", {.keep_loaded = true}},
    {"libetoken", {.keep_loaded = true}},
    {"libidprimepkcs11", {.keep_loaded = true}},
    // Feitian ePass2003 and its rebrandings: C_WaitForSlotEvent ignores CKF_DONT_BLOCK.
    {"libcastle", {.no_slot_events = true}},
    {"libes_p11_csp11", {.no_slot_events = true}},
    {"libshuttle_p11v220", {.no_slot_events = true}},
    // Gemalto Classic Client crashes in C_Finalize once a reader has been unplugged.
    {"libgclib", {.skip_finalize = true, .keep_loaded = true}},
    // p11-kit's proxy finalizes the modules of others, and its RPC children, from its own exit handlers.
    {"p11-kit-proxy", {.keep_loaded = true}},
    // Bit4id: unloading leaves PC/SC worker threads behind that return into unmapped code.
    {"libbit4xpki", {.keep_loaded = true}},
    {"libbit4ipki", {.keep_loaded = true}},
});

constexpr std::array by_manufacturer = std::to_array<Row>({
    {"feitian", {.no_slot_events = true}},
    {"safenet", {.keep_loaded = true}},
    {"bit4id", {.keep_loaded = true}},
});

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char character) { return static_cast<char>(std::tolower(character)); });
  return result;
}

template <std::size_t size>
Quirks look_up(const std::array<Row, size>& table, std::string_view text) {
  const std::string name = lower(text);
  Quirks result;
  for (const Row& row : table) {
    if (name.find(row.fragment) != std::string::npos) result = result | row.quirks;
  }
  return result;
}

}  // namespace

Quirks operator|(const Quirks& left, const Quirks& right) {
  return {.skip_finalize = left.skip_finalize || right.skip_finalize,
          .keep_loaded = left.keep_loaded || right.keep_loaded,
          .no_os_locking = left.no_os_locking || right.no_os_locking,
          .no_slot_events = left.no_slot_events || right.no_slot_events};
}

Quirks quirks_of_file(const std::filesystem::path& module) {
  return look_up(by_file, module.filename().string());
}

Quirks quirks_of_manufacturer(std::string_view manufacturer) {
  return look_up(by_manufacturer, manufacturer);
}

}  // namespace koshin::pkcs11
