// SPDX-License-Identifier: MIT
// Grouping the objects of a token.
#include "pkcs11/credentials.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pkcs11/parsed_x509.hpp"

namespace koshin::pkcs11 {
namespace {

/// A key that is not yet assigned to a group.
struct Key {
  const TokenObject* object;
  Bytes public_key;  ///< from the object, or from its public key object; empty: unreadable ("blind")
  bool used = false;

  bool is_private() const { return object->object_class == ObjectClass::private_key; }
  bool is_blind() const { return public_key.empty(); }
};

bool is_blind_sibling(const TokenObject& key, const TokenObject& other) {
  return other.object_class == key.object_class && other.id == key.id && other.public_key.empty() &&
         other.handle != key.handle;
}

/// An EC private key object does not contain its public key. Its public key is that of the public key objects
/// with its CKA_ID, if these agree and no other private key has the CKA_ID. An unreadable public key object
/// cannot be assigned by other objects.
Bytes public_key_of(const TokenObject& key, const std::vector<TokenObject>& objects) {
  Bytes told = key.public_key;
  if (!told.empty() || key.id.empty() || key.object_class != ObjectClass::private_key) return told;
  for (const TokenObject& other : objects) {
    if (is_blind_sibling(key, other)) return {};
    if (other.object_class != ObjectClass::public_key || other.id != key.id || other.public_key.empty())
      continue;
    if (!told.empty() && told != other.public_key) return {};
    told = other.public_key;
  }
  return told;
}

std::vector<Key> keys_among(const std::vector<TokenObject>& objects) {
  std::vector<Key> keys;
  for (const TokenObject& object : objects) {
    if (object.object_class == ObjectClass::public_key || object.object_class == ObjectClass::private_key) {
      keys.push_back({&object, public_key_of(object, objects)});
    }
  }
  return keys;
}

/// The key of a class with this public key; of several the one with the CKA_ID, else the first. The key may
/// belong to several certificates (a key that was certified again).
Key* find_by_key(std::vector<Key>& keys, ObjectClass object_class, const Bytes& public_key, const Bytes& id) {
  Key* best = nullptr;
  for (Key& key : keys) {
    if (key.object->object_class != object_class || public_key.empty() || key.public_key != public_key)
      continue;
    if (best == nullptr || (key.object->id == id && best->object->id != id)) best = &key;
  }
  return best;
}

/// The only blind key of a class with this CKA_ID; null when there is none, or more than one.
Key* find_by_id(std::vector<Key>& keys, ObjectClass object_class, const Bytes& id, bool also_seeing) {
  Key* found = nullptr;
  for (Key& key : keys) {
    if (id.empty() || key.object->object_class != object_class || key.object->id != id) continue;
    if (key.used || (!also_seeing && !key.is_blind())) continue;
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

std::optional<TokenObject>& part(Credential& group, ObjectClass object_class) {
  return object_class == ObjectClass::private_key ? group.private_key : group.public_key;
}

constexpr std::array halves{ObjectClass::public_key, ObjectClass::private_key};

void match_by_key(std::vector<Credential>& groups, std::vector<Key>& keys) {
  for (Credential& group : groups) {
    const TokenObject& certificate = *group.certificate;
    for (const ObjectClass half : halves) {
      Key* const key = find_by_key(keys, half, certificate.public_key, certificate.id);
      if (key == nullptr) continue;
      part(group, half) = *key->object;
      key->used = true;
    }
  }
}

/// True when certificates for different public keys have this CKA_ID and none of them has its own key here.
bool is_claimed_twice(const std::vector<Credential>& groups, const TokenObject& certificate) {
  return std::any_of(groups.begin(), groups.end(), [&](const Credential& other) {
    const TokenObject& rival = *other.certificate;
    return !other.private_key && rival.id == certificate.id && !rival.public_key.empty() &&
           rival.public_key != certificate.public_key;
  });
}

/// Private keys only: a public key object is assigned by its content, never by CKA_ID.
void match_by_id(std::vector<Credential>& groups, std::vector<Key>& keys) {
  std::vector<std::pair<Credential*, Key*>> matches;
  for (Credential& group : groups) {
    const TokenObject& certificate = *group.certificate;
    if (certificate.public_key.empty() || group.private_key) continue;
    Key* const key = find_by_id(keys, ObjectClass::private_key, certificate.id, false);
    if (key != nullptr && !is_claimed_twice(groups, certificate)) matches.emplace_back(&group, key);
  }
  for (const auto& [group, key] : matches) {
    group->private_key = *key->object;
    key->used = true;
  }
}

/// Unreadable certificates take keys that no other certificate has taken.
void match_unreadable(std::vector<Credential>& groups, std::vector<Key>& keys) {
  for (Credential& group : groups) {
    if (!group.certificate->public_key.empty()) continue;
    for (const ObjectClass half : halves) {
      Key* const key = find_by_id(keys, half, group.certificate->id, true);
      if (key == nullptr) continue;
      part(group, half) = *key->object;
      key->used = true;
    }
  }
}

bool could_be_for(const Key& key, const TokenObject& certificate) {
  const EvpPkey certified = parse_public_key(certificate.public_key);
  if (!certified || key.object->key_type == KeyType::other) return true;
  return (EVP_PKEY_is_a(certified.get(), "RSA") == 1) == (key.object->key_type == KeyType::rsa);
}

void finish(Credential& group, const std::vector<Key>& keys) {
  const TokenObject& certificate = *group.certificate;
  const auto disagrees = [&](const auto& key) { return key && key->id != certificate.id; };
  group.id_mismatch = disagrees(group.public_key) || disagrees(group.private_key);
  if (group.private_key || certificate.public_key.empty()) return;
  group.key_uncertain = std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
    return key.is_private() && key.is_blind() && !key.used && could_be_for(key, certificate);
  });
}

/// A key without a certificate, with its other half if that is unassigned too.
Credential group_of_key(Key& key, std::vector<Key>& keys) {
  Credential group;
  key.used = true;
  const ObjectClass own = key.object->object_class;
  const ObjectClass other =
      own == ObjectClass::private_key ? ObjectClass::public_key : ObjectClass::private_key;
  part(group, own) = *key.object;
  Key* partner = find_by_key(keys, other, key.public_key, key.object->id);
  if (partner == nullptr || partner->used) partner = find_by_id(keys, other, key.object->id, key.is_blind());
  if (partner == nullptr) return group;
  partner->used = true;
  part(group, other) = *partner->object;
  group.id_mismatch = partner->object->id != key.object->id;
  return group;
}

}  // namespace

std::vector<Credential> match_credentials(const std::vector<TokenObject>& objects) {
  std::vector<Credential> groups;
  std::vector<Key> keys = keys_among(objects);
  for (const TokenObject& object : objects) {
    if (object.object_class != ObjectClass::certificate) continue;
    groups.emplace_back().certificate = object;
  }
  match_by_key(groups, keys);
  match_by_id(groups, keys);
  match_unreadable(groups, keys);
  for (Credential& group : groups) finish(group, keys);
  for (Key& key : keys) {
    if (!key.used) groups.push_back(group_of_key(key, keys));
  }
  return groups;
}

}  // namespace koshin::pkcs11
