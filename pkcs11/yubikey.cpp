// SPDX-License-Identifier: MIT
// libykpiv (version 2 of its interface: yubico-piv-tool 2.0.0 and later), loaded when it is asked. Its header
// is not needed to build koshin: what is used of it is declared here.
#include "pkcs11/yubikey.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string_view>
#include <vector>

#include "pkcs11/call_watch.hpp"
#include "pkcs11/yubikey_library.hpp"

namespace koshin::pkcs11 {
namespace {

// ykpiv_rc: YKPIV_OK, YKPIV_INVALID_OBJECT, YKPIV_WRONG_PIN, YKPIV_PIN_LOCKED
constexpr int done = 0, no_such_object = -11, wrong_pin = -10, pin_locked = -13;
constexpr int admin_data = 0x5FFF00;
constexpr unsigned char reference_of_management_key = 0x9B;
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
  int (*unblock_pin)(State*, const char* puk, std::size_t, const char* pin, std::size_t,
                     int* tries) = nullptr;
  // From version 2.6 on; null before.
  int (*get_version)(State*, char*, std::size_t) = nullptr;
  int (*authenticate)(State*, const unsigned char* key, std::size_t size) = nullptr;
  int (*move_key)(State*, unsigned char from, unsigned char to) = nullptr;
  bool moves_keys() const { return get_version && authenticate && move_key; }
};

/// Loaded once and for the rest of the process: ykcs11 uses the same library.
const Functions* functions() {
  static const auto loaded = []() -> std::unique_ptr<Functions> {
    const auto library = load_yubikey_library();
    if (library == nullptr) return nullptr;
    library->keep();
    auto table = std::make_unique<Functions>();
    bool whole = true;
    const auto take = [&]<class Function>(Function& function, const char* name) {
      function = reinterpret_cast<Function>(library->symbol(name));
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
    const bool usable = whole;
    take(table->unblock_pin, "ykpiv_unblock_pin");
    take(table->get_version, "ykpiv_get_version");
    take(table->authenticate, "ykpiv_authenticate2");
    take(table->move_key, "ykpiv_move_key");
    return usable ? std::move(table) : nullptr;
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
    unsigned long size = largest_object;
    const int result = functions_.fetch_object(state_, admin_data, object.data(), &size);
    object.resize(result == done && size <= object.size() ? size : 0);
    return result;
  }

  /// Stays empty where the card, or the library for it, has no such command.
  void metadata(Bytes& answer) {
    answer.resize(largest_object);
    std::size_t size = answer.size();
    const int result = functions_.get_metadata(state_, reference_of_management_key, answer.data(), &size);
    answer.resize(result == done && size <= answer.size() ? size : 0);
  }

  /// Whether the firmware is 5.7 or later.
  bool moves_keys() {
    std::array<char, 16> version{};
    if (functions_.get_version(state_, version.data(), version.size() - 1) != done) return false;
    constexpr int first_major = 5, first_minor = 7;
    int major = 0, minor = 0;
    const char* const end = version.data() + version.size();
    const auto dot = std::from_chars(version.data(), end, major);
    if (dot.ec != std::errc() || dot.ptr == end) return false;
    std::from_chars(dot.ptr + 1, end, minor);
    return major > first_major || (major == first_major && minor >= first_minor);
  }

  bool authenticate(PinView key) {
    return !key.empty() && functions_.authenticate(state_, reinterpret_cast<const unsigned char*>(key.data()),
                                                   key.size()) == done;
  }

  int unblock_pin(PinView puk, PinView pin, int& tries) {
    return functions_.unblock_pin(state_, puk.data(), puk.size(), pin.data(), pin.size(), &tries);
  }

  bool delete_key(std::uint8_t slot) {
    constexpr unsigned char nowhere = 0xFF;
    return functions_.move_key(state_, slot, nowhere) == done;
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
    answer.trouble = std::string(yubikey_library_name) + " cannot be loaded";
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

std::string empty_yubikey_slot(const std::string& serial, const std::string& reader, std::uint8_t slot,
                               PinView management_key) {
  const WatchedCall watched(true);
  const Functions* library = functions();
  if (library == nullptr || !library->moves_keys()) return "libykpiv here cannot move keys";
  Card card(*library);
  if (!card.find(serial, reader)) return "the card did not answer beside its module";
  if (!card.moves_keys()) return "the card's firmware cannot move keys";
  if (!card.authenticate(management_key)) return "the card did not take the management key";
  return card.delete_key(slot) ? std::string() : "the card did not delete the key";
}

UnblockAnswer unblock_yubikey_pin(const std::string& serial, const std::string& reader, PinView puk,
                                  PinView new_pin) {
  using Kind = UnblockAnswer::Kind;
  const WatchedCall watched(true);
  const Functions* library = functions();
  if (library == nullptr || library->unblock_pin == nullptr)
    return {Kind::unsupported,
            std::string(yubikey_library_name) + " cannot be loaded, or does not unlock PINs"};
  Card card(*library);
  if (!card.find(serial, reader)) return {Kind::lost, "the card did not answer beside its module"};
  int tries = -1;
  switch (const int result = card.unblock_pin(puk, new_pin, tries)) {
    case done:
      return {Kind::set, {}};
    case wrong_pin:
      return {Kind::refused, "the card did not take the PUK", tries};
    case pin_locked:
      return {Kind::refused, "the card's PUK is locked", 0};
    default:
      return {Kind::unknown, "libykpiv's answer was " + std::to_string(result)};
  }
}

}  // namespace koshin::pkcs11
