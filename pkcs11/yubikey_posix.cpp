// SPDX-License-Identifier: MIT
// libykpiv (version 2 of its interface: yubico-piv-tool 2.0.0 and later), loaded when it is asked. Its header
// is not needed to build koshin: what is used of it is declared here.
#include "pkcs11/yubikey.hpp"

#include <dlfcn.h>

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "pkcs11/call_watch.hpp"

namespace koshin::pkcs11 {
namespace {

constexpr const char* library_name = "libykpiv.so.2";
constexpr int done = 0, no_such_object = -11;  // ykpiv_rc: YKPIV_OK, YKPIV_INVALID_OBJECT
constexpr int admin_data = 0x5FFF00;
constexpr unsigned char management_key = 0x9B;
constexpr std::size_t largest_object = 3072;
/// ykcs11's serial number of a card that does not tell one: a YubiKey 4 whose OTP application is off.
constexpr std::string_view untold_serial = "0";

struct State;  // ykpiv_state

struct Functions {
  int (*init)(State**, int verbose) = nullptr;
  int (*end)(State*) = nullptr;
  int (*list_readers)(State*, char*, std::size_t*) = nullptr;
  int (*connect)(State*, const char*) = nullptr;
  int (*disconnect)(State*) = nullptr;
  int (*get_serial)(State*, std::uint32_t*) = nullptr;
  int (*fetch_object)(State*, int, unsigned char*, unsigned long*) = nullptr;
  int (*get_metadata)(State*, unsigned char, unsigned char*, std::size_t*) = nullptr;
};

/// Loaded once and for the rest of the process: ykcs11 uses the same library.
const Functions* functions() {
  static const auto loaded = []() -> std::unique_ptr<Functions> {
    void* library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return nullptr;
    auto table = std::make_unique<Functions>();
    bool whole = true;
    const auto take = [&]<class Function>(Function& function, const char* name) {
      function = reinterpret_cast<Function>(dlsym(library, name));
      whole = whole && function != nullptr;
    };
    take(table->init, "ykpiv_init");
    take(table->end, "ykpiv_done");
    take(table->list_readers, "ykpiv_list_readers");
    take(table->connect, "ykpiv_connect");
    take(table->disconnect, "ykpiv_disconnect");
    take(table->get_serial, "ykpiv_get_serial");
    take(table->fetch_object, "ykpiv_fetch_object");
    take(table->get_metadata, "ykpiv_get_metadata");
    return whole ? std::move(table) : nullptr;
  }();
  return loaded.get();
}

class Card {
 public:
  explicit Card(const Functions& functions) : functions_(functions) {
    if (functions_.init(&state_, 0) != done) state_ = nullptr;
  }
  ~Card() {
    if (state_ != nullptr) functions_.end(state_);
  }
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  /// Connects to the card with this serial number; of several readers, all that begin with `reader` are
  /// tried.
  bool find(const std::string& serial, std::string_view reader) {
    for (const std::string& name : readers()) {
      if (!name.starts_with(reader)) continue;
      // With "@" the name is taken as a whole, and not as a part of one.
      if (functions_.connect(state_, ("@" + name).c_str()) != done) continue;
      std::uint32_t found = 0;
      const bool told = functions_.get_serial(state_, &found) == done;
      if (told ? std::to_string(found) == serial : serial == untold_serial) return true;
      functions_.disconnect(state_);
    }
    return false;
  }

  int administration(Bytes& object) {
    object.resize(largest_object);
    unsigned long size = object.size();
    const int result = functions_.fetch_object(state_, admin_data, object.data(), &size);
    object.resize(result == done && size <= object.size() ? size : 0);
    return result;
  }

  /// Stays empty where the card, or the library for it, has no such command.
  void metadata(Bytes& answer) {
    answer.resize(largest_object);
    std::size_t size = answer.size();
    const int result = functions_.get_metadata(state_, management_key, answer.data(), &size);
    answer.resize(result == done && size <= answer.size() ? size : 0);
  }

 private:
  std::vector<std::string> readers() {
    std::array<char, 2048> names{};
    std::size_t size = names.size();
    if (state_ == nullptr || functions_.list_readers(state_, names.data(), &size) != done) return {};
    std::vector<std::string> list;
    std::string_view rest(names.data(), std::min(size, names.size()));
    while (!rest.empty() && rest.front() != '\0') {
      const std::size_t end = std::min(rest.find('\0'), rest.size());
      list.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return list;
  }

  const Functions& functions_;
  State* state_ = nullptr;
};

}  // namespace

YubikeyAnswer ask_yubikey(const std::string& serial, const std::string& reader) {
  using Kind = YubikeyAnswer::Kind;
  const WatchedCall watched;  // it is a vendor's code, like a module
  const Functions* library = functions();
  YubikeyAnswer answer;
  if (library == nullptr) {
    answer.trouble = std::string(library_name) + " cannot be loaded";
    return answer;
  }
  Card card(*library);
  answer.kind = Kind::lost;
  answer.trouble = "the card did not answer beside its module";
  if (!card.find(serial, reader)) return answer;
  const int result = card.administration(answer.administration);
  if (result != done && result != no_such_object) return answer;
  card.metadata(answer.key_metadata);
  answer.kind = Kind::answered;
  answer.trouble.clear();
  return answer;
}

}  // namespace koshin::pkcs11
