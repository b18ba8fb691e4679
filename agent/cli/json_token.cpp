// SPDX-License-Identifier: MIT
// Certificates, keys and tokens as JSON.
#include "cli/json_token.hpp"

#include "cli/bank_choice.hpp"
#include "renewal/policy/policy.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

std::string_view validity_text(renewal::Validity validity) {
  switch (validity) {
    case renewal::Validity::not_yet_valid:
      return "not_yet_valid";
    case renewal::Validity::current:
      return "current";
    case renewal::Validity::due:
      return "due";
    case renewal::Validity::expired_in_grace:
      return "expired_in_grace";
    case renewal::Validity::expired:
      return "expired";
  }
  return "expired";
}

/// The member has_private_key of docs/json.md, derived from the key's state.
Json has_private_key(messages::KeyState state) {
  return state == messages::KeyState::unknown ? Json(nullptr) : Json(has_key(state));
}

void add_dates(Json& json, const Session& session, const CertificateReport& certificate) {
  const Settings::Renewal& policy = settings_of(session, certificate.bank).renewal;
  json["not_before"] = to_rfc3339(certificate.not_before);
  json["not_after"] = to_rfc3339(certificate.not_after);
  json["days_left"] = renewal::days_left(certificate.not_after, session.now);
  json["validity"] =
      validity_text(renewal::validity(certificate.not_before, certificate.not_after, policy, session.now));
  json["due_from"] = to_rfc3339(renewal::due_from(certificate.not_after, policy));
}

/// What the token attests of the key; null where it attests nothing.
Json policies_json(const messages::KeyPolicies& policies) {
  if (policies.touch.empty() && policies.pin.empty()) return nullptr;
  return {{"pin", text_or_null(policies.pin)},
          {"touch", text_or_null(policies.touch)},
          {"attested", policies.attested}};
}

Json pin_json(const TokenReport& token) {
  return {{"set", token.pin_set},
          {"count_low", token.pin_count_low},
          {"final_try", token.pin_final_try},
          {"locked", token.pin_locked},
          {"to_be_changed", token.pin_to_be_changed},
          {"change_unknown", token.pin_change_unknown},
          {"on_reader", token.protected_path},
          {"min_length", token.pin_min},
          {"max_length", token.pin_max == 0 ? Json(nullptr) : Json(token.pin_max)}};
}

/// The reason with which a renewal of the certificate would fail now.
Json renewal_refused(const Session& session, const TokenReport& token, const CertificateReport& certificate) {
  const auto why = renewal::why_not_renewed(token, certificate, settings_of_certificate(session, certificate),
                                            session.now);
  return why ? Json(info(why->reason).id) : Json(nullptr);
}

}  // namespace

Json certificate_json(const Session& session, const CertificateReport& certificate) {
  Json json{{"sha256", certificate.sha256},
            {"subject", certificate.subject},
            {"issuer", certificate.issuer},
            {"serial", certificate.serial},
            {"organization", certificate.organization},
            {"organizational_unit", certificate.organizational_unit},
            {"common_name", certificate.common_name},
            {"email", text_or_null(certificate.email)},
            {"not_before", nullptr},
            {"not_after", nullptr},
            {"days_left", nullptr},
            {"validity", nullptr},
            {"due_from", nullptr},
            {"purpose", to_string(certificate.purpose)},
            {"issuer_key", text_or_null(certificate.issuer_key)},
            {"issuer_vouched", certificate.issuer_vouched},
            {"bank", text_or_null(certificate.bank)},
            {"disputed", certificate.disputed},
            {"lineage", text_or_null(certificate.lineage)},
            {"replaced_by", text_or_null(certificate.replaced_by)},
            {"superseded", !certificate.replaced_by.empty()},
            {"renewed", certificate.renewed},
            {"key_policies", policies_json(certificate.key_policies)},
            {"decrypts", certificate.decrypts},
            {"for_client_authentication", certificate.purpose == messages::Purpose::log_in},
            {"key_algorithm", certificate.key_algorithm},
            {"key_id", certificate.key_id},
            {"label", certificate.label},
            {"has_public_key", certificate.has_public_key},
            {"key_state", to_string(certificate.key_state)},
            {"has_private_key", has_private_key(certificate.key_state)}};
  if (certificate.purpose != messages::Purpose::unreadable) add_dates(json, session, certificate);
  return json;
}

Json key_json(const messages::KeyReport& key) {
  return {{"key_id", key.key_id},
          {"label", key.label},
          {"key_algorithm", key.key_algorithm},
          {"private", key.is_private},
          {"made_by_koshin", key.ours},
          {"key_policies", policies_json(key.key_policies)},
          {"made_on", key.made_on.empty() ? Json(nullptr) : Json(key.made_on)}};
}

Json token_json(const Session& session, const TokenReport& token) {
  Json json{{"uri", token.uri},
            {"label", token.label},
            {"manufacturer", token.manufacturer},
            {"model", token.model},
            {"serial", token.serial},
            {"reader", token.slot_description},
            {"module", token.module},
            {"other_modules", token.other_modules},
            {"initialized", token.initialized},
            {"write_protected", token.write_protected},
            {"free_memory", or_null(token.free_memory)},
            {"pin", pin_json(token)},
            {"trouble", token.trouble.empty() ? Json(nullptr) : Json(token.trouble)},
            {"private_objects_hidden", token.private_objects_hidden},
            {"management_key", to_string(token.management_key)},
            {"certificates", Json::array()},
            {"keys_without_certificate", array_of(token.keys_without_certificate, key_json)}};
  json["certificates"] = array_of(token.certificates, [&](const CertificateReport& one) {
    Json certificate = certificate_json(session, one);
    certificate["renewal_refused"] = renewal_refused(session, token, one);
    return certificate;
  });
  return json;
}

}  // namespace koshin::cli
