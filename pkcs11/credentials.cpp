// SPDX-License-Identifier: MIT
// Grouping the objects of a token.
#include "pkcs11/credentials.hpp"

#include <algorithm>

namespace koshin::pkcs11 {
namespace {

using Objects = std::vector<const TokenObject*>;

/// How well a key fits to what a group is about. The public key decides whenever both sides have one: two
/// keys under one CKA_ID exist, and so do certificates written with somebody else's.
enum class Fit { none, by_id, by_key };

Fit fit(const TokenObject& leader, const TokenObject& key) {
  if (!leader.public_key.empty() && !key.public_key.empty()) {
    return leader.public_key == key.public_key ? Fit::by_key : Fit::none;
  }
  return !leader.id.empty() && leader.id == key.id ? Fit::by_id : Fit::none;
}

/// Takes the best fitting object of a class out of `rest`; of equally good ones that with the leader's
/// CKA_ID, then the first.
std::optional<TokenObject> take(Objects& rest, ObjectClass object_class, const TokenObject& leader) {
  auto best = rest.end();
  auto best_rank = std::pair(Fit::none, false);
  for (auto candidate = rest.begin(); candidate != rest.end(); ++candidate) {
    if ((*candidate)->object_class != object_class) continue;
    const auto rank = std::pair(fit(leader, **candidate), (*candidate)->id == leader.id);
    if (rank.first != Fit::none && rank > best_rank) {
      best = candidate;
      best_rank = rank;
    }
  }
  if (best == rest.end()) return std::nullopt;
  std::optional<TokenObject> taken = **best;
  rest.erase(best);
  return taken;
}

bool ids_disagree(const TokenObject& leader, const std::optional<TokenObject>& key) {
  return key && key->id != leader.id;
}

/// An EC private key does not tell its public key, so it is matched by CKA_ID; then the public key object,
/// which does, has the last word on whether that CKA_ID means what it says.
std::optional<TokenObject> take_private_key(Objects& rest, const TokenObject& leader,
                                            const std::optional<TokenObject>& public_key) {
  std::optional<TokenObject> found = take(rest, ObjectClass::private_key, leader);
  if (found || !public_key || public_key->id == leader.id) return found;
  TokenObject by_public_key = *public_key;
  return take(rest, ObjectClass::private_key, by_public_key);
}

Credential group_of_certificate(const TokenObject& certificate, Objects& rest) {
  Credential group;
  group.certificate = certificate;
  group.public_key = take(rest, ObjectClass::public_key, certificate);
  group.private_key = take_private_key(rest, certificate, group.public_key);
  group.id_mismatch =
      ids_disagree(certificate, group.public_key) || ids_disagree(certificate, group.private_key);
  return group;
}

}  // namespace

std::vector<Credential> match_credentials(const std::vector<TokenObject>& objects) {
  std::vector<Credential> groups;
  Objects rest;
  for (const TokenObject& object : objects) {
    if (object.object_class != ObjectClass::certificate && object.object_class != ObjectClass::other) {
      rest.push_back(&object);
    }
  }
  for (const TokenObject& object : objects) {
    if (object.object_class == ObjectClass::certificate) groups.push_back(group_of_certificate(object, rest));
  }
  while (!rest.empty()) {
    const TokenObject& leader = *rest.front();
    rest.erase(rest.begin());
    Credential group;
    const bool is_private = leader.object_class == ObjectClass::private_key;
    (is_private ? group.private_key : group.public_key) = leader;
    auto& partner = is_private ? group.public_key : group.private_key;
    partner = take(rest, is_private ? ObjectClass::public_key : ObjectClass::private_key, leader);
    group.id_mismatch = ids_disagree(leader, partner);
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace koshin::pkcs11
