// SPDX-License-Identifier: MIT
// GENERAL AUTHENTICATE and GENERATE ASYMMETRIC KEY PAIR.
#include <algorithm>
#include <utility>

#include "piv_applet.hpp"
#include "piv_crypto.hpp"

namespace koshin::cards {
namespace {

constexpr Status not_allowed = 0x6982, unusable_data = 0x6A80, bad_parameters = 0x6A86, no_such_key = 0x6A88;
constexpr std::uint32_t dynamic_template = 0x7C, witness = 0x80, challenge = 0x81, response = 0x82;
constexpr std::uint8_t management_reference_of_87 = 0x9B, signature_slot = 0x9C, card_slot = 0x9E;

/// What a slot asks for where the command that made its key did not say.
PinPolicy standard_policy(unsigned slot) {
  return slot == signature_slot ? PinPolicy::always : slot == card_slot ? PinPolicy::never : PinPolicy::once;
}

bool is_random_as_wanted(ByteView given, const Bytes& wanted) {
  return !wanted.empty() && std::equal(given.begin(), given.end(), wanted.begin(), wanted.end());
}

}  // namespace

PivApplet::Answer PivApplet::general_authenticate(const Command& command) {
  const auto fields = find_tlv(command.data, dynamic_template);
  if (!fields) return {unusable_data};
  return command.p2 == management_reference_of_87 ? authenticate(command, *fields)
                                                  : use_key(command, *fields);
}

PivApplet::Answer PivApplet::use_key(const Command& command, ByteView fields) {
  const auto slot = state_.keys.find(command.p2);
  if (slot == state_.keys.end()) return {no_such_key};
  const KeySlot& key = slot->second;
  if (static_cast<Algorithm>(command.p1) != key.algorithm) return {bad_parameters};
  const bool may = key.pin_policy == PinPolicy::never ||
                   (key.pin_policy == PinPolicy::always ? pin_fresh_ : pin_verified_);
  if (!may) return {not_allowed};
  pin_fresh_ = false;
  if (!touched(key)) return {not_allowed};
  const auto data = find_tlv(fields, challenge);
  if (!data) return {unusable_data};
  const Bytes signature = sign(key, *data);
  if (signature.empty()) return {unusable_data};
  return {ok, tlv(dynamic_template, tlv(response, signature))};
}

bool PivApplet::touched(const KeySlot& key) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds good_for{15};
  if (key.touch_policy != TouchPolicy::always && key.touch_policy != TouchPolicy::cached) return true;
  const bool cached = key.touch_policy == TouchPolicy::cached;
  if (cached && last_touch_ && Clock::now() - *last_touch_ < good_for) return true;
  if (!finger_ || !finger_()) return false;
  if (cached) last_touch_ = Clock::now();
  return true;
}

/// Mutual: the card's witness first, then the host's challenge. Single: the card's challenge.
PivApplet::Answer PivApplet::authenticate(const Command& command, ByteView fields) {
  const Algorithm algorithm = state_.management_algorithm;
  const bool implied = command.p1 == 0 && algorithm == Algorithm::triple_des;
  if (!implied && static_cast<Algorithm>(command.p1) != algorithm) return {bad_parameters};
  const auto witnessed = find_tlv(fields, witness);
  const auto challenged = find_tlv(fields, challenge);
  const auto responded = find_tlv(fields, response);
  if (witnessed && witnessed->empty()) {
    witness_ = random_bytes(block_size(algorithm));
    const Bytes sealed = encrypt_block(algorithm, state_.management_key, witness_);
    return {ok, tlv(dynamic_template, tlv(witness, sealed))};
  }
  if (challenged && challenged->empty()) {
    challenge_ = random_bytes(block_size(algorithm));
    return {ok, tlv(dynamic_template, tlv(challenge, challenge_))};
  }
  if (witnessed && challenged) {
    if (!is_random_as_wanted(*witnessed, std::exchange(witness_, {}))) return {not_allowed};
    const Bytes sealed = encrypt_block(algorithm, state_.management_key, *challenged);
    if (sealed.empty()) return {unusable_data};
    management_authenticated_ = true;
    return {ok, tlv(dynamic_template, tlv(response, sealed))};
  }
  if (!responded) return {unusable_data};
  const Bytes asked = std::exchange(challenge_, {});
  const Bytes expected = asked.empty() ? Bytes{} : encrypt_block(algorithm, state_.management_key, asked);
  if (!is_random_as_wanted(*responded, expected)) return {not_allowed};
  management_authenticated_ = true;
  return {ok};
}

PivApplet::Answer PivApplet::generate(const Command& command) {
  if (!management_authenticated_) return {not_allowed};
  if (certificate_object_of(command.p2) == 0) return {bad_parameters};
  constexpr std::uint32_t control = 0xAC, algorithm_field = 0x80, pin_policy_field = 0xAA,
                          touch_policy_field = 0xAB;
  const auto fields = find_tlv(command.data, control);
  const auto algorithm = fields ? find_tlv(*fields, algorithm_field) : std::nullopt;
  if (!algorithm || algorithm->size() != 1) return {unusable_data};
  const auto policy = find_tlv(*fields, pin_policy_field);
  const auto touch = find_tlv(*fields, touch_policy_field);
  KeySlot slot;
  slot.algorithm = static_cast<Algorithm>((*algorithm)[0]);
  slot.pin_policy =
      policy && policy->size() == 1 ? static_cast<PinPolicy>((*policy)[0]) : PinPolicy::standard;
  if (slot.pin_policy == PinPolicy::standard) slot.pin_policy = standard_policy(command.p2);
  if (touch && touch->size() == 1) slot.touch_policy = static_cast<TouchPolicy>((*touch)[0]);
  if (slot.touch_policy == TouchPolicy::standard) slot.touch_policy = TouchPolicy::never;
  slot.private_key = generate_key(slot.algorithm);
  if (slot.private_key.empty()) return {unusable_data};
  const Bytes made = tlv(0x7F49, public_key_fields(slot.private_key));
  state_.keys[command.p2] = std::move(slot);
  changed_();
  return {ok, made};
}

/// P2: from where; P1: to where, FF for nowhere. The slot that it is moved to must be empty.
PivApplet::Answer PivApplet::move_key(const Command& command) {
  constexpr std::uint8_t nowhere = 0xFF;
  if (!state_.moves_keys) return {0x6D00};
  if (!management_authenticated_) return {not_allowed};
  const auto from = state_.keys.find(command.p2);
  if (from == state_.keys.end()) return {no_such_key};
  if (command.p1 != nowhere) {
    if (certificate_object_of(command.p1) == 0 || state_.keys.contains(command.p1)) return {bad_parameters};
    state_.keys[command.p1] = from->second;
  }
  state_.keys.erase(command.p2);
  changed_();
  return {ok};
}

}  // namespace koshin::cards
