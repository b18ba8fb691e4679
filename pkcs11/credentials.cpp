// SPDX-License-Identifier: MIT
// Grouping the objects of a token.
#include "pkcs11/credentials.hpp"

#include <utility>

namespace koshin::pkcs11 {
namespace {

/// A key on its way into a group.
struct Key {
  const TokenObject* object;
  Bytes public_key;  ///< as the object tells it, or as its public key object does
  bool used = false;
};

/// An EC private key does not tell its public key. The public key object under its CKA_ID does, if all under
/// that CKA_ID tell the same.
Bytes public_key_of(const TokenObject& key, const std::vector<TokenObject>& objects) {
  Bytes told = key.public_key;
  if (!told.empty() || key.id.empty()) return told;
  for (const TokenObject& other : objects) {
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

/// How well a key fits. The public key decides whenever both sides have one: two keys under one CKA_ID exist,
/// and so do certificates written with somebody else's.
enum class Fit { none, by_id, by_key };

Fit fit(const Bytes& public_key, const Bytes& id, const Key& key) {
  if (!public_key.empty() && !key.public_key.empty())
    return public_key == key.public_key ? Fit::by_key : Fit::none;
  return !id.empty() && id == key.object->id ? Fit::by_id : Fit::none;
}

/// The best fitting key of a class; of equally good ones the one with that CKA_ID, then the first. A key that
/// fits by its public key may belong to several certificates (the same key certified again); one that only
/// shares a CKA_ID belongs to the first that asks.
std::optional<TokenObject> take(std::vector<Key>& keys, ObjectClass object_class, const Bytes& public_key,
                                const Bytes& id) {
  Key* best = nullptr;
  std::pair<Fit, bool> best_rank{Fit::none, false};
  for (Key& key : keys) {
    if (key.object->object_class != object_class) continue;
    const Fit how = fit(public_key, id, key);
    const std::pair<Fit, bool> rank{how, key.object->id == id};
    if (how == Fit::none || (how == Fit::by_id && key.used) || rank <= best_rank) continue;
    best = &key;
    best_rank = rank;
  }
  if (best == nullptr) return std::nullopt;
  best->used = true;
  return *best->object;
}

bool ids_disagree(const Bytes& id, const std::optional<TokenObject>& key) {
  return key && key->id != id;
}

Credential group_of_certificate(const TokenObject& certificate, std::vector<Key>& keys) {
  Credential group;
  group.certificate = certificate;
  group.public_key = take(keys, ObjectClass::public_key, certificate.public_key, certificate.id);
  group.private_key = take(keys, ObjectClass::private_key, certificate.public_key, certificate.id);
  group.id_mismatch =
      ids_disagree(certificate.id, group.public_key) || ids_disagree(certificate.id, group.private_key);
  return group;
}

/// A key no certificate has asked for, with its other half if that is free too.
Credential group_of_key(Key& key, std::vector<Key>& keys) {
  Credential group;
  key.used = true;
  const bool is_private = key.object->object_class == ObjectClass::private_key;
  (is_private ? group.private_key : group.public_key) = *key.object;
  auto& partner = is_private ? group.public_key : group.private_key;
  partner = take(keys, is_private ? ObjectClass::public_key : ObjectClass::private_key, key.public_key,
                 key.object->id);
  group.id_mismatch = ids_disagree(key.object->id, partner);
  return group;
}

}  // namespace

std::vector<Credential> match_credentials(const std::vector<TokenObject>& objects) {
  std::vector<Credential> groups;
  std::vector<Key> keys = keys_among(objects);
  for (const TokenObject& object : objects) {
    if (object.object_class == ObjectClass::certificate) groups.push_back(group_of_certificate(object, keys));
  }
  for (Key& key : keys) {
    if (!key.used) groups.push_back(group_of_key(key, keys));
  }
  return groups;
}

}  // namespace koshin::pkcs11
