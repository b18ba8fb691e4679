// SPDX-License-Identifier: MIT
// SELECT, PINs, data objects, and what is around all commands.
#include "piv_applet.hpp"

#include <algorithm>
#include <utility>

#include "piv_crypto.hpp"
#include "piv_pin_only.hpp"

namespace koshin::cards {
namespace {

constexpr std::uint8_t chaining = 0x10;
constexpr std::size_t header_size = 4;
constexpr Status wrong_length = 0x6700, security_not_satisfied = 0x6982, blocked = 0x6983,
                 wrong_data = 0x6A80, not_found = 0x6A82, wrong_p1p2 = 0x6A86, reference_not_found = 0x6A88,
                 instruction_unknown = 0x6D00, tries_left = 0x63C0, more_data = 0x6100;
constexpr std::size_t pin_size = 8;
constexpr std::uint8_t padding = 0xFF, pin_reference = 0x80, puk_reference = 0x81,
                       management_reference = 0x9B;
constexpr std::uint32_t discovery = 0x7E;
const Bytes application{0xA0, 0x00, 0x00, 0x03, 0x08};
/// SP 800-73-4 part 1, section 2.2: with the version, as the discovery object names it (section 3.3.2).
const Bytes whole_application{0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00};

/// Eight bytes, what is left of them filled up.
std::string text_of(ByteView padded) {
  std::string text;
  for (const std::uint8_t byte : padded) {
    if (byte == padding) break;
    text.push_back(static_cast<char>(byte));
  }
  return text;
}

Bytes metadata_of(const Secret& secret, bool is_default) {
  return {0x01,
          1,
          padding,
          0x05,
          1,
          static_cast<std::uint8_t>(is_default),
          0x06,
          2,
          static_cast<std::uint8_t>(secret.tries),
          static_cast<std::uint8_t>(secret.tries_left)};
}

}  // namespace

void PivApplet::reset() {
  selected_ = pin_verified_ = pin_fresh_ = management_authenticated_ = false;
  last_touch_.reset();
  for (Bytes* bytes : {&witness_, &challenge_, &chain_header_, &chained_, &remaining_}) bytes->clear();
}

Bytes PivApplet::leave(Answer answer, std::size_t most) {
  remaining_ = std::move(answer.data);
  const std::size_t now = std::min(remaining_.size(), most);
  Bytes part(remaining_.begin(), remaining_.begin() + static_cast<std::ptrdiff_t>(now));
  remaining_.erase(remaining_.begin(), remaining_.begin() + static_cast<std::ptrdiff_t>(now));
  const Status status = remaining_.empty()
                            ? answer.status
                            : static_cast<Status>(more_data | std::min<std::size_t>(remaining_.size(), 0xFF));
  part.push_back(static_cast<std::uint8_t>(status >> 8U));
  part.push_back(static_cast<std::uint8_t>(status));
  return part;
}

Bytes PivApplet::answer(ByteView bytes) {
  if (bytes.size() < header_size) return leave({wrong_length});
  // ISO 7816-4, section 5.3.3: the commands of a chain differ in the chaining bit alone. Any other command
  // ends the chain, and gets nothing of its data.
  Bytes header{static_cast<std::uint8_t>(bytes[0] & ~unsigned{chaining}), bytes[1], bytes[2], bytes[3]};
  if (header != chain_header_) chained_.clear();
  chain_header_ = std::move(header);
  constexpr std::uint8_t get_response = 0xC0;
  if (bytes[1] == get_response) {
    // OpenSC asks for as many bytes as 61xx has named, and loses any that come beyond them.
    const std::size_t wanted = bytes.size() > header_size ? bytes[header_size] : 0;
    return leave({ok, std::move(remaining_)}, wanted == 0 ? most_of_one_answer : wanted);
  }
  std::size_t size = 0;
  if (bytes.size() > header_size + 1) size = bytes[header_size];
  if (bytes.size() > header_size + 1 && bytes.size() < header_size + 1 + size) return leave({wrong_length});
  if (size != 0) append(chained_, bytes.subspan(header_size + 1, size));
  if ((bytes[0] & chaining) != 0) return leave({});
  const Command command{bytes[1], bytes[2], bytes[3], std::exchange(chained_, {})};
  return leave(run(command));
}

PivApplet::Answer PivApplet::run(const Command& command) {
  constexpr std::uint8_t select_instruction = 0xA4;
  if (command.instruction == select_instruction) return select(command);
  if (!selected_) return {instruction_unknown};
  switch (command.instruction) {
    case 0x20:
      return verify(command);
    case 0x24:
      return change_reference(command);
    case 0x2C:
      return reset_retry_counter(command);
    case 0x87:
      return general_authenticate(command);
    case 0x47:
      return generate(command);
    case 0xCB:
      return get_data(command);
    case 0xDB:
      return put_data(command);
    case 0xF6:
      return move_key(command);
    case 0xF7:
      return get_metadata(command);
    case 0xF9:
      return attest(command);
    case 0xF8:
      return {
          ok,
          {static_cast<std::uint8_t>(state_.serial >> 24U), static_cast<std::uint8_t>(state_.serial >> 16U),
           static_cast<std::uint8_t>(state_.serial >> 8U), static_cast<std::uint8_t>(state_.serial)}};
    case 0xFD:
      return {ok, state_.moves_keys ? Bytes{5, 7, 1} : state_.has_metadata ? Bytes{5, 4, 3} : Bytes{4, 3, 7}};
    case 0xFF:
      return set_management_key(command);
    default:
      return {instruction_unknown};
  }
}

PivApplet::Answer PivApplet::select(const Command& command) {
  const bool ours = command.data.size() >= application.size() &&
                    std::equal(application.begin(), application.end(), command.data.begin());
  if (!ours) return {not_found};
  reset();
  selected_ = true;
  Bytes properties = tlv(0x4F, Bytes{0x00, 0x00, 0x10, 0x00, 0x01, 0x00});
  append(properties, tlv(0x79, tlv(0x4F, application)));
  return {ok, tlv(0x61, properties)};
}

Status PivApplet::check(Secret& secret, ByteView given) {
  if (secret.tries_left == 0) return blocked;
  const bool right = given.size() == pin_size && text_of(given) == secret.value;
  const unsigned left = right ? secret.tries : secret.tries_left - 1;
  if (left != secret.tries_left) {
    secret.tries_left = left;
    changed_();
  }
  if (right) return ok;
  return left == 0 ? blocked : static_cast<Status>(tries_left | left);
}

PivApplet::Answer PivApplet::verify(const Command& command) {
  if (command.p2 != pin_reference) return {reference_not_found};
  if (command.data.empty()) {
    if (pin_verified_) return {ok};
    return {state_.pin.tries_left == 0 ? blocked : static_cast<Status>(tries_left | state_.pin.tries_left)};
  }
  const Status status = check(state_.pin, command.data);
  pin_verified_ = pin_fresh_ = status == ok;
  return {status};
}

PivApplet::Answer PivApplet::change_reference(const Command& command) {
  if (command.data.size() != 2 * pin_size) return {wrong_data};
  if (command.p2 != pin_reference && command.p2 != puk_reference) return {reference_not_found};
  Secret& secret = command.p2 == pin_reference ? state_.pin : state_.puk;
  const ByteView both(command.data);
  const Status status = check(secret, both.first(pin_size));
  if (status != ok) return {status};
  secret.value = text_of(both.subspan(pin_size));
  changed_();
  return {ok};
}

PivApplet::Answer PivApplet::reset_retry_counter(const Command& command) {
  if (command.data.size() != 2 * pin_size) return {wrong_data};
  if (command.p2 != pin_reference) return {reference_not_found};
  const ByteView both(command.data);
  const Status status = check(state_.puk, both.first(pin_size));
  if (status != ok) return {status};
  state_.pin.value = text_of(both.subspan(pin_size));
  state_.pin.tries_left = state_.pin.tries;
  changed_();
  return {ok};
}

PivApplet::Answer PivApplet::get_data(const Command& command) {
  const auto tag = find_tlv(command.data, 0x5C);
  if (!tag || tag->empty() || tag->size() > 3) return {wrong_data};
  std::uint32_t object = 0;
  for (const std::uint8_t byte : *tag) object = object << 8U | byte;
  if (object == printed_information && !pin_verified_) return {security_not_satisfied};
  if (object == discovery) {
    Bytes fields = tlv(0x4F, whole_application);
    append(fields, tlv(0x5F2F, Bytes{0x40, 0x00}));
    return {ok, tlv(discovery, fields)};
  }
  const auto found = state_.objects.find(object);
  if (found == state_.objects.end()) return {not_found};
  return {ok, tlv(0x53, found->second)};
}

PivApplet::Answer PivApplet::put_data(const Command& command) {
  if (!management_authenticated_) return {security_not_satisfied};
  const auto tag = find_tlv(command.data, 0x5C);
  const auto value = find_tlv(command.data, 0x53);
  if (!tag || tag->size() != 3 || !value) return {wrong_data};
  const std::uint32_t object = static_cast<std::uint32_t>((*tag)[0] << 16U | (*tag)[1] << 8U | (*tag)[2]);
  if (value->empty()) {
    state_.objects.erase(object);
  } else {
    state_.objects[object] = Bytes(value->begin(), value->end());
  }
  changed_();
  return {ok};
}

PivApplet::Answer PivApplet::get_metadata(const Command& command) {
  if (!state_.has_metadata) return {instruction_unknown};
  switch (command.p2) {
    case pin_reference:
      return {ok, metadata_of(state_.pin, state_.pin.value == "123456")};
    case puk_reference:
      return {ok, metadata_of(state_.puk, state_.puk.value == "12345678")};
    case management_reference:
      return {ok,
              {0x01, 1, static_cast<std::uint8_t>(state_.management_algorithm), 0x02, 2, 0, 1, 0x05, 1,
               static_cast<std::uint8_t>(state_.management_key == default_management_key())}};
    default:
      break;
  }
  const auto key = state_.keys.find(command.p2);
  if (key == state_.keys.end())
    return {certificate_object_of(command.p2) == 0 ? wrong_p1p2 : reference_not_found};
  const auto touch = static_cast<std::uint8_t>(key->second.touch_policy);
  const std::uint8_t origin = key->second.imported ? 2 : 1;
  Bytes fields = tlv(0x01, Bytes{static_cast<std::uint8_t>(key->second.algorithm)});
  append(fields, tlv(0x02, Bytes{static_cast<std::uint8_t>(key->second.pin_policy), touch}));
  append(fields, tlv(0x03, Bytes{origin}));
  append(fields, tlv(0x04, public_key_fields(key->second.private_key)));
  return {ok, fields};
}

PivApplet::Answer PivApplet::set_management_key(const Command& command) {
  if (!management_authenticated_) return {security_not_satisfied};
  const ByteView data(command.data);
  if (data.size() < 3 || data[1] != management_reference || data[2] != data.size() - 3) return {wrong_data};
  const auto algorithm = static_cast<Algorithm>(data[0]);
  const ByteView key = data.subspan(3);
  if (key.empty() || key.size() != management_key_size(algorithm)) return {wrong_data};
  state_.management_algorithm = algorithm;
  state_.management_key.assign(key.begin(), key.end());
  changed_();
  return {ok};
}

}  // namespace koshin::cards
