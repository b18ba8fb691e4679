// SPDX-License-Identifier: MIT
// Values that checks and steps derive from the examination.
#include "renewal/steps/examination.hpp"

#include <algorithm>

#include "pkcs11/credentials.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/token/authorities_at_hand.hpp"

namespace koshin::renewal {
namespace {

using enrollment::Certificate;

/// The key type of the settings, or the person's choice among renewal.key_choices.
const std::string& key_policy(const JobContext& context) {
  const auto& policy = context.settings.renewal;
  const std::string& wanted = context.job.key;
  if (wanted.empty()) return policy.key;
  if (std::find(policy.key_choices.begin(), policy.key_choices.end(), wanted) != policy.key_choices.end())
    return wanted;
  fail(Reason::key_algorithm_not_allowed, "renewal.key_choices does not offer " + printable(wanted, 40));
}

Certificate certificate_on(const OpenToken& token, const messages::CertificateReport& report) {
  for (const auto& object : token.objects()) {
    if (object.object_class != pkcs11::ObjectClass::certificate) continue;
    if (enrollment::sha256_of(pkcs11::ByteView(object.certificate)) == report.sha256)
      return Certificate::from_der(object.certificate);
  }
  fail(Reason::certificate_not_found, "the certificate is not on the token any more");
}

}  // namespace

KeyWish key_wish(const Examination& exam) {
  const auto& wanted = exam.authority->wishes();
  KeyWish wish{.policy = key_policy(exam.context),
               .old_algorithm = {},
               .authority = wanted.key_algorithms,
               .may_keep_key = !exam.enrolling(),
               .authority_told = wanted.told};
  if (exam.old_certificate) wish.old_algorithm = exam.old_certificate->key_algorithm();
  return wish;
}

enrollment::AuthorityOptions connection_options(const JobContext& context) {
  enrollment::AuthorityOptions options;
  options.stop = context.stop;
  options.now = context.now;
  options.proxy_credential = context.proxy_credential;
  options.notice = [&context](const std::string& code, const std::string& text) {
    context.emit(messages::NoticeEvent{code, text});
  };
  return options;
}

enrollment::AuthorityOptions authority_options(const Examination& exam) {
  const auto& context = exam.context;
  enrollment::AuthorityOptions options = connection_options(context);
  if (exam.enrolling()) {
    if (context.reissue_code == nullptr || context.reissue_code->empty()) {
      fail(Reason::reissue_needed, "an enrolment needs the one-time code that the administrator hands out");
    }
    options.credentials.secret = context.reissue_code;
    options.credentials.user =
        !context.job.subject_user.empty() ? context.job.subject_user : exam.old_certificate->common_name();
    return options;
  }
  if (exam.client_key && !exam.too_weak)
    options.credential = log_in_credential(exam, *exam.client_certificate, exam.client_key.get());
  options.credentials.secret = context.passphrase;
  return options;
}

enrollment::ClientCredential log_in_credential(const Examination& exam, const Certificate& certificate,
                                               EVP_PKEY* key) {
  auto authorities = authorities_at_hand(*exam.opened, exam.context.settings);
  if (exam.authority) {
    const auto& published = exam.authority->ca_certificates();
    authorities.insert(authorities.end(), published.begin(), published.end());
  }
  return {certificate, key, exam.rsa_pss, std::move(authorities)};
}

pkcs11::TokenObject key_of_certificate(const OpenToken& token, const Certificate& certificate) {
  for (const auto& credential : pkcs11::match_credentials(token.objects())) {
    if (!credential.certificate || !credential.private_key) continue;
    if (credential.certificate->public_key == certificate.public_key_der()) return *credential.private_key;
  }
  fail(Reason::key_not_found, "the certificate's private key is not on the token");
}

enrollment::OtherServer other_server(const Examination& exam) {
  return exam.authority ? enrollment::OtherServer::answers : enrollment::OtherServer::unknown;
}

void load_old_certificate(Examination& exam, const messages::CertificateReport& report) {
  exam.old_certificate = certificate_on(*exam.opened, report);
  exam.old_report = report;
}

void load_client_certificate(Examination& exam) {
  const auto& context = exam.context;
  const auto* const client = authenticator_of(exam.old_report, exam.report, context.settings, context.now());
  if (client == nullptr)
    fail(Reason::certificate_not_found,
         "no log-in certificate in force is on the token to authenticate the request");
  exam.client_certificate = certificate_on(*exam.opened, *client);
  exam.client_report = *client;
}

}  // namespace koshin::renewal
