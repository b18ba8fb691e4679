// SPDX-License-Identifier: MIT
// The table of quirks. Each row names its module and the source or reason.
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
    // YubiKey PIV: unmapping the module crashed programs that use libp11 (OpenSC/libp11 #123).
    // Deleted keys stay on the card (2.2.0 of Debian 12, tests/cards).
    {"libykcs11", {.keep_loaded = true, .keeps_deleted_keys = true}},
    // Versions before 0.24.1 leave a fork handler in unmapped memory (p11-glue/p11-kit #383).
    {"p11-kit-proxy", {.keep_loaded = true}},
    // Crashes in C_Finalize when sessions were refused or closed by C_CloseAllSessions before
    // (tpm2-software/tpm2-pkcs11 #612).
    {"libtpm2_pkcs11", {.skip_finalize = true}},
    // AKIS: takes no C_Initialize arguments at all (PeculiarVentures/pkcs11js #114).
    {"akisp11", {.no_os_locking = true}},
});

constexpr std::array by_manufacturer = std::to_array<Row>({
    // CKA_YUBICO_TOUCH_POLICY and CKA_YUBICO_PIN_POLICY came with ykcs11 2.3.0 (Yubico/yubico-piv-tool #345).
    // The PIN as SO PIN: since 2.0.1 (Yubico/yubico-piv-tool #110; 2.2.0 of Debian 12, tests/cards).
    {"yubico", {.keep_loaded = true, .may_take_policies = true, .officer_by_pin = true}},
    // A PIV card through OpenSC: it offers no C_GenerateKeyPair, and answers C_CreateObject with
    // CKR_FUNCTION_NOT_SUPPORTED (0.23 of Debian 12, tests/cards). OpenSC alone calls a token so.
    {"piv_ii", {.reads_only = true}},
    // C_WaitForSlotEvent always returns CKR_NO_EVENT (softhsm/SoftHSMv2 #500).
    {"softhsm", {.no_slot_events = true}},
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
          .keeps_deleted_keys = left.keeps_deleted_keys || right.keeps_deleted_keys,
          .no_slot_events = left.no_slot_events || right.no_slot_events,
          .may_take_policies = left.may_take_policies || right.may_take_policies,
          .officer_by_pin = left.officer_by_pin || right.officer_by_pin,
          .reads_only = left.reads_only || right.reads_only};
}

bool knows_triple_des_alone(const LibraryInfo& library) {
  if (lower(library.manufacturer).find("yubico") == std::string::npos) return false;
  // Version 2.3.0 calls itself 2.30.
  constexpr unsigned major = 2, minor = 30;
  return library.major < major || (library.major == major && library.minor < minor);
}

bool is_piv_of_ykcs11(const TokenIdentity& token) {
  return lower(token.manufacturer).find("yubico") != std::string::npos &&
         lower(token.model).starts_with("yubikey");
}

std::string serial_number_said(const TokenIdentity& token, std::string_view label) {
  const bool unsaid = token.serial.find_first_not_of('0') == std::string::npos;
  const auto mark = label.rfind('#');
  if (!unsaid || !is_piv_of_ykcs11(token) || mark == std::string_view::npos) return token.serial;
  const std::string_view number = label.substr(mark + 1);
  const bool is_number = !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number ? std::string(number) : token.serial;
}

Quirks quirks_of_file(const std::filesystem::path& module) {
  return look_up(by_file, module.filename().string());
}

Quirks quirks_of_manufacturer(std::string_view manufacturer) {
  return look_up(by_manufacturer, manufacturer);
}

}  // namespace koshin::pkcs11
