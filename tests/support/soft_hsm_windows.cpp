// SPDX-License-Identifier: MIT
// Tokens are made by the module itself (C_InitToken, C_InitPIN); which folder holds which token is told by
// what appeared.
#include <windows.h>

#include <p11-kit/pkcs11.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>
#include <vector>

#include "pkcs11/shared_object.hpp"
#include "support/soft_hsm.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;

std::set<std::string> folders_of(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename().string());
  return names;
}

void require_ok(CK_RV rv, const char* what) {
  if (rv != CKR_OK) throw std::runtime_error(std::string(what) + ": " + std::to_string(rv));
}

CK_ULONG size_of(const std::string& text) {
  return static_cast<CK_ULONG>(text.size());
}

CK_UTF8CHAR* bytes_of(std::string& text) {
  return reinterpret_cast<CK_UTF8CHAR*>(text.data());
}

/// SoftHSM always has one slot more than tokens.
CK_SLOT_ID free_slot(const CK_FUNCTION_LIST& functions) {
  std::vector<CK_SLOT_ID> slots(256);
  auto count = static_cast<CK_ULONG>(slots.size());
  require_ok(functions.C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
  for (CK_ULONG i = 0; i < count; ++i) {
    CK_TOKEN_INFO info{};
    require_ok(functions.C_GetTokenInfo(slots[i], &info), "C_GetTokenInfo");
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) return slots[i];
  }
  throw std::runtime_error("SoftHSM has no free slot");
}

void make_token(std::string label, std::string pin, std::string so_pin) {
  const auto module = pkcs11::SharedObject::load(SoftHsm::module());
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(module->symbol("C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  require_ok(get(&functions), "C_GetFunctionList");
  require_ok(functions->C_Initialize(nullptr), "C_Initialize");
  std::string padded = label;
  padded.resize(sizeof CK_TOKEN_INFO{}.label, ' ');
  const CK_SLOT_ID slot = free_slot(*functions);
  require_ok(functions->C_InitToken(slot, bytes_of(so_pin), size_of(so_pin), bytes_of(padded)),
             "C_InitToken");
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  require_ok(functions->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session),
             "C_OpenSession");
  require_ok(functions->C_Login(session, CKU_SO, bytes_of(so_pin), size_of(so_pin)), "C_Login");
  require_ok(functions->C_InitPIN(session, bytes_of(pin), size_of(pin)), "C_InitPIN");
  require_ok(functions->C_Finalize(nullptr), "C_Finalize");
}

}  // namespace

SoftHsm::SoftHsm(const fs::path& directory) : directory_(directory) {
  fs::create_directories(directory_ / "tokens");
  fs::create_directories(directory_ / "removed");
  std::ofstream(configuration())
      << "directories.tokendir = " << (directory_ / "tokens").generic_string()
      << "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n";
  ::_wputenv_s(L"SOFTHSM2_CONF", configuration().c_str());
}

fs::path SoftHsm::configuration() const {
  return directory_ / "softhsm2.conf";
}

fs::path SoftHsm::module() {
  std::array<wchar_t, 32768> program{};
  ::GetModuleFileNameW(nullptr, program.data(), static_cast<DWORD>(program.size()));
  return fs::path(program.data()).parent_path() / "softhsm2.dll";
}

void SoftHsm::init_token(const std::string& label, const std::string& pin, const std::string& so_pin) {
  const auto before = folders_of(directory_ / "tokens");
  make_token(label, pin, so_pin);
  for (const auto& folder : folders_of(directory_ / "tokens")) {
    if (before.count(folder) == 0) tokens_[label] = {folder, pin};
  }
  if (tokens_.count(label) == 0) throw std::runtime_error("SoftHSM made no token for " + label);
}

void SoftHsm::remove_token(const std::string& label) {
  const auto& folder = tokens_.at(label).folder;
  fs::rename(directory_ / "tokens" / folder, directory_ / "removed" / folder);
}

void SoftHsm::reinsert_token(const std::string& label) {
  const auto& folder = tokens_.at(label).folder;
  fs::rename(directory_ / "removed" / folder, directory_ / "tokens" / folder);
}

fs::path SoftHsm::token_directory(const std::string& label) const {
  return directory_ / "tokens" / tokens_.at(label).folder;
}

const std::string& SoftHsm::pin(const std::string& label) const {
  return tokens_.at(label).pin;
}

}  // namespace koshin::test
