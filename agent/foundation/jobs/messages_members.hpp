// SPDX-License-Identifier: MIT
// The members of every message, for writing and reading alike: members(visitor, message) calls visitor(name,
// member) for each. Included by the messages' sources only; a test compares docs/messages.md with it.
#pragma once

#include "foundation/jobs/messages.hpp"

namespace koshin::messages {

// `M` is const when a message is written, and not const when it is read.
template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, Job>
void members(V& v, M& m) {
  v("job", m.kind);
  v("settings_file", m.settings_file);
  v("bank", m.bank);
  v("module", m.module);
  v("token_uri", m.token_uri);
  v("certificate_sha256", m.certificate_sha256);
  v("also_not_renewed", m.also_not_renewed);
  v("also_decrypting", m.also_decrypting);
  v("dry_run", m.dry_run);
  v("keep_key", m.keep_key);
  v("record_number", m.record_number);
  v("await_go", m.await_go);
  v("force", m.force);
  v("insist_count_low", m.insist_count_low);
  v("insist_final_try", m.insist_final_try);
  v("unattended", m.unattended);
  v("protected_path", m.protected_path);
  v("tell_readers", m.tell_readers);
  v("subject_user", m.subject_user);
  v("key", m.key);
  v("proxy_user", m.proxy_user);
  v("proxies", m.proxies);
  v("secrets", m.secrets);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, ReadyEvent>
void members(V& /*visitor*/, M& /*message*/) {}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, KeyPolicies>
void members(V& v, M& m) {
  v("pin", m.pin);
  v("touch", m.touch);
  v("attested", m.attested);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, TouchEvent>
void members(V& v, M& m) {
  v("certain", m.certain);
  v("over", m.over);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, CertificateReport>
void members(V& v, M& m) {
  v("sha256", m.sha256);
  v("key_id", m.key_id);
  v("label", m.label);
  v("subject", m.subject);
  v("issuer", m.issuer);
  v("serial", m.serial);
  v("organization", m.organization);
  v("organizational_unit", m.organizational_unit);
  v("common_name", m.common_name);
  v("email", m.email);
  v("not_before", m.not_before);
  v("not_after", m.not_after);
  v("key_algorithm", m.key_algorithm);
  v("has_public_key", m.has_public_key);
  v("is_private", m.is_private);
  v("purpose", m.purpose);
  v("key_state", m.key_state);
  v("decrypts", m.decrypts);
  v("commits_content", m.commits_content);
  v("holder", m.holder);
  v("issuer_key", m.issuer_key);
  v("issuer_vouched", m.issuer_vouched);
  v("bank", m.bank);
  v("unclaimed", m.unclaimed);
  v("disputed", m.disputed);
  v("lineage", m.lineage);
  v("replaced_by", m.replaced_by);
  v("weakness", m.weakness);
  v("renewed", m.renewed);
  v("key_policies", m.key_policies);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, KeyReport>
void members(V& v, M& m) {
  v("key_id", m.key_id);
  v("label", m.label);
  v("key_algorithm", m.key_algorithm);
  v("is_private", m.is_private);
  v("ours", m.ours);
  v("made_on", m.made_on);
  v("key_policies", m.key_policies);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, TokenReport>
void members(V& v, M& m) {
  v("module", m.module);
  v("uri", m.uri);
  v("label", m.label);
  v("manufacturer", m.manufacturer);
  v("model", m.model);
  v("serial", m.serial);
  v("slot_description", m.slot_description);
  v("initialized", m.initialized);
  v("write_protected", m.write_protected);
  v("login_required", m.login_required);
  v("protected_path", m.protected_path);
  v("pin_set", m.pin_set);
  v("pin_count_low", m.pin_count_low);
  v("pin_final_try", m.pin_final_try);
  v("pin_locked", m.pin_locked);
  v("pin_to_be_changed", m.pin_to_be_changed);
  v("pin_change_unknown", m.pin_change_unknown);
  v("pin_min", m.pin_min);
  v("pin_max", m.pin_max);
  v("free_memory", m.free_memory);
  v("certificates", m.certificates);
  v("keys_without_certificate", m.keys_without_certificate);
  v("private_objects_hidden", m.private_objects_hidden);
  v("management_key", m.management_key);
  v("trouble", m.trouble);
  v("other_modules", m.other_modules);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, StepEvent>
void members(V& v, M& m) {
  v("step", m.step);
  v("finished", m.finished);
  v("resumed", m.resumed);
  v("note", m.note);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, NoticeEvent>
void members(V& v, M& m) {
  v("code", m.code);
  v("text", m.text);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, InspectResult::ModuleTrouble>
void members(V& v, M& m) {
  v("module", m.module);
  v("failure", m.failure);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, InspectResult>
void members(V& v, M& m) {
  v("tokens", m.tokens);
  v("modules_in_trouble", m.modules_in_trouble);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, RenewResult>
void members(V& v, M& m) {
  v("dry_run", m.dry_run);
  v("token", m.token);
  v("old_certificate", m.old_certificate);
  v("new_certificate", m.new_certificate);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, PendingResult>
void members(V& v, M& m) {
  v("ask_again", m.ask_again);
  v("message", m.message);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, PruneResult>
void members(V& v, M& m) {
  v("deleted", m.deleted);
  v("kept", m.kept);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, CancelResult>
void members(V& v, M& m) {
  v("state", m.state);
  v("started", m.started);
  v("enrollment", m.enrollment);
  v("removed", m.removed);
  v("kept", m.kept);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, PinResult>
void members(V& v, M& m) {
  v("token", m.token);
  v("pin_file", m.pin_file);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, DoctorResult::Check>
void members(V& v, M& m) {
  v("name", m.name);
  v("status", m.status);
  v("text", m.text);
  v("advice", m.advice);
  v("id", m.id);
  v("subject", m.subject);
  v("finding", m.finding);
  v("reason", m.reason);
  v("values", m.values);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, DoctorResult>
void members(V& v, M& m) {
  v("checks", m.checks);
}

template <class V, class M>
requires std::is_same_v<std::remove_const_t<M>, Failure>
void members(V& v, M& m) {
  v("reason", m.reason);
  v("detail", m.detail);
  v("retry_after", m.retry_after);
  v("proxy", m.proxy);
}

}  // namespace koshin::messages
