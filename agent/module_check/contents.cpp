// SPDX-License-Identifier: MIT
#include "module_check/contents.hpp"

#include <algorithm>

#include "renewal/policy/token_profile.hpp"

namespace koshin::module_check {
namespace {

using messages::SecretKind;

/// All objects on the token, with the PIN.
std::vector<ObjectFacts> objects_of(CheckContext& context) {
  const auto& secrets = context.access.secrets;
  const auto kinds = secrets.kinds();
  const auto at = std::find(kinds.begin(), kinds.end(), SecretKind::pin);
  const messages::Job job = job_of(context, messages::JobKind::inspect);
  Opening opening{.pin = nullptr,
                  .on_reader = job.protected_path,
                  .count_low = job.insist_count_low,
                  .final_try = job.insist_final_try};
  if (at != kinds.end()) opening.pin = secrets.views().at(static_cast<std::size_t>(at - kinds.begin()));
  return look_at(context.arguments.module, context.token.uri, opening, context.session.interrupt.token())
      .objects;
}

/// Takes each of `wanted` out of `objects`, once; returns those that are not there.
std::vector<ObjectFacts> take_out(std::vector<ObjectFacts>& objects, const std::vector<ObjectFacts>& wanted) {
  std::vector<ObjectFacts> missing;
  for (const ObjectFacts& one : wanted) {
    const auto found = std::find_if(objects.begin(), objects.end(), [&](const ObjectFacts& other) {
      return other.kind == one.kind && other.digest == one.digest;
    });
    if (found == objects.end()) {
      missing.push_back(one);
    } else {
      objects.erase(found);
    }
  }
  return missing;
}

std::string names_of(const std::vector<ObjectFacts>& objects) {
  std::string names;
  for (const ObjectFacts& object : objects)
    names += (names.empty() ? "" : ", ") + object.kind + " " + (object.id.empty() ? "(no ID)" : object.id);
  return names;
}

}  // namespace

bool may_stay(const ObjectFacts& object, const std::vector<std::string>& issued, bool keeps_pairs,
              const std::set<std::string>& kept_keys) {
  if (std::find(issued.begin(), issued.end(), object.certificate_sha256) != issued.end()) return false;
  return keeps_pairs || kept_keys.contains(object.id);
}

std::vector<std::string> see_before(CheckContext& context, std::vector<ObjectFacts>& before) {
  const auto first = objects_of(context);
  auto second = objects_of(context);
  const auto unsteady = take_out(second, first);
  before = first;
  (void)take_out(before, unsteady);
  std::vector<std::string> notes{"objects: " + std::to_string(first.size())};
  if (!unsteady.empty()) notes.push_back("different at each reading: " + names_of(unsteady));
  return notes;
}

std::vector<std::string> compare_with(CheckContext& context, const std::vector<ObjectFacts>& before) {
  auto now = objects_of(context);
  const auto missing = take_out(now, before);
  if (!missing.empty())
    fail(Reason::token_error, "changed or gone since the check began: " + names_of(missing));
  const bool keeps_pairs = !renewal::profile_of(context.session.settings).deletes_pairs();
  const auto ours = context.stage.all_issued();
  std::vector<ObjectFacts> unexplained;
  for (const ObjectFacts& object : now) {
    context.report.add_left(object);
    if (!may_stay(object, ours, keeps_pairs, context.kept_keys)) unexplained.push_back(object);
  }
  if (!unexplained.empty()) fail(Reason::token_error, "deleted and still there: " + names_of(unexplained));
  if (now.empty()) return {};
  return {"the module keeps what it has deleted: " + names_of(now)};
}

}  // namespace koshin::module_check
