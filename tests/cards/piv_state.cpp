// SPDX-License-Identifier: MIT
#include "piv_state.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "foundation/base/text.hpp"

namespace koshin::cards {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t chuid = 0x5FC102, capability_container = 0x5FC107;
constexpr unsigned first_retired = 0x82, last_retired = 0x95;
constexpr std::uint32_t first_retired_object = 0x5FC10D;

std::string hex(std::uint32_t number) {
  std::ostringstream out;
  out << std::hex << number;
  return out.str();
}

std::uint32_t number(const std::string& hexadecimal) {
  return static_cast<std::uint32_t>(std::stoul(hexadecimal, nullptr, 16));
}

Bytes bytes_of(const std::string& hexadecimal) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(number(hexadecimal.substr(i, 2))));
  return bytes;
}

void write(std::ostream& out, const char* name, const Secret& secret) {
  out << name << ' ' << secret.value << ' ' << secret.tries << ' ' << secret.tries_left << '\n';
}

void read(std::istream& in, Secret& secret) {
  in >> secret.value >> secret.tries >> secret.tries_left;
}

/// One line of the file.
void read_line(const std::string& line, CardState& state) {
  std::istringstream in(line);
  std::string what, first, second, third;
  in >> what;
  if (what == "pin") return read(in, state.pin);
  if (what == "puk") return read(in, state.puk);
  in >> first >> second >> third;
  if (what == "serial") {
    state.serial = number(first);
  } else if (what == "metadata") {
    state.has_metadata = number(first) != 0;
    state.moves_keys = number(second) != 0;
  } else if (what == "management") {
    state.management_algorithm = static_cast<Algorithm>(number(first));
    state.management_key = bytes_of(second);
  } else if (what == "key") {
    std::string key, touch, imported;
    in >> key >> touch >> imported;
    state.keys[number(first)] = {static_cast<Algorithm>(number(second)),
                                 static_cast<PinPolicy>(number(third)), bytes_of(key),
                                 static_cast<TouchPolicy>(number(touch)), number(imported) != 0};
  } else if (what == "attestation") {
    state.attestation_key = bytes_of(first);
  } else if (what == "object") {
    state.objects[number(first)] = bytes_of(second);
  }
}

}  // namespace

Bytes default_management_key() {
  Bytes key;
  for (int third = 0; third < 3; ++third) append(key, Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  return key;
}

CardState fresh_card(std::uint32_t serial) {
  CardState state;
  state.serial = serial;
  state.management_key = default_management_key();
  // FASC-N, a GUID that ends in the serial number, expiry, an empty signature (SP 800-73-4 part 1, table 9).
  Bytes guid(12, 0x4B);
  for (const unsigned shift : {24U, 16U, 8U, 0U}) guid.push_back(static_cast<std::uint8_t>(serial >> shift));
  const std::string expiry = "20400101";
  Bytes card = tlv(0x30, Bytes(25, 0xD4));
  append(card, tlv(0x34, guid));
  append(card, tlv(0x35, Bytes(expiry.begin(), expiry.end())));
  append(card, Bytes{0x3E, 0, 0xFE, 0});
  state.objects[chuid] = card;
  state.objects[capability_container] = tlv(0xF0, Bytes(21, 0xA0));
  return state;
}

std::uint32_t certificate_object_of(unsigned slot) {
  switch (slot) {
    case 0x9A:
      return 0x5FC105;
    case 0x9C:
      return 0x5FC10A;
    case 0x9D:
      return 0x5FC10B;
    case 0x9E:
      return 0x5FC101;
    default:
      return slot >= first_retired && slot <= last_retired ? first_retired_object + slot - first_retired : 0;
  }
}

Bytes certificate_in(const CardState& state, unsigned slot) {
  const auto object = state.objects.find(certificate_object_of(slot));
  if (object == state.objects.end()) return {};
  const auto value = find_tlv(object->second, 0x70);
  return value ? Bytes(value->begin(), value->end()) : Bytes{};
}

Bytes certificate_object(ByteView der) {
  Bytes object = tlv(0x70, der);
  append(object, Bytes{0x71, 1, 0, 0xFE, 0});
  return object;
}

void save(const CardState& state, const fs::path& file) {
  const fs::path next = file.string() + ".new";
  {
    std::ofstream out(next, std::ios::trunc);
    out << "serial " << hex(state.serial) << '\n';
    out << "metadata " << (state.has_metadata ? 1 : 0) << ' ' << (state.moves_keys ? 1 : 0) << '\n';
    write(out, "pin", state.pin);
    write(out, "puk", state.puk);
    out << "management " << hex(static_cast<std::uint32_t>(state.management_algorithm)) << ' '
        << to_hex(state.management_key) << '\n';
    for (const auto& [slot, key] : state.keys)
      out << "key " << hex(slot) << ' ' << hex(static_cast<std::uint32_t>(key.algorithm)) << ' '
          << hex(static_cast<std::uint32_t>(key.pin_policy)) << ' ' << to_hex(key.private_key) << ' '
          << hex(static_cast<std::uint32_t>(key.touch_policy)) << ' ' << (key.imported ? 1 : 0) << '\n';
    if (!state.attestation_key.empty()) out << "attestation " << to_hex(state.attestation_key) << '\n';
    for (const auto& [tag, value] : state.objects)
      out << "object " << hex(tag) << ' ' << to_hex(value) << '\n';
    if (!out.flush()) throw std::runtime_error("cannot write " + next.string());
  }
  fs::rename(next, file);
}

CardState load(const fs::path& file) {
  std::ifstream in(file);
  CardState state;
  for (std::string line; std::getline(in, line);) read_line(line, state);
  if (state.management_key.empty()) throw std::runtime_error("no card in " + file.string());
  return state;
}

}  // namespace koshin::cards
