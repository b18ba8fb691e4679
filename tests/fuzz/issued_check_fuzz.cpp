// SPDX-License-Identifier: MIT
// The check of what an authority has issued, with all that it says of certificates that others made. The
// input is DER, one certificate after the other: the old one, the issued one, an anchor, and what else was
// sent.
#include "enrollment/authority/issued_check.hpp"

#include <openssl/err.h>

#include "enrollment/x509/name_difference.hpp"
#include "harness.hpp"
#include "pkcs11/parsed_x509.hpp"
#include "renewal/token/certificate_purpose.hpp"

using namespace koshin::enrollment;  // NOLINT(google-build-using-namespace): a program of one page
using koshin::Reason;

namespace {

constexpr std::size_t most_certificates = 8;

std::vector<Certificate> certificates_in(ByteView rest) {
  std::vector<Certificate> all;
  while (!rest.empty() && all.size() < most_certificates) {
    const std::size_t size = koshin::pkcs11::parse_certificate(rest).size;
    ERR_clear_error();
    if (size == 0) break;
    try {
      all.push_back(Certificate::from_der(rest.first(size)));
    } catch (const koshin::FailureError&) {
      break;
    }
    rest = rest.subspan(size);
  }
  return all;
}

void what_is_said_is_printable(const Certificate& one, const Certificate& other) {
  const auto require_words = [](const std::string& words) {
    koshin::fuzz::require(koshin::printable(words, 4000) == words, "what is said of names is printable");
  };
  require_words(subject_difference(one.subject_der(), other.subject_der()));
  if (one.san_der() && other.san_der())
    require_words(alternative_name_difference(*one.san_der(), *other.san_der()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto certificates = certificates_in({data, size});
  if (certificates.size() < 2) {
    ++koshin::fuzz::tally.refused;
    return 0;
  }
  const Certificate &old = certificates[0], &issued = certificates[1];
  IssuedCheck check;
  check.old_certificate = old;
  check.requested_public_key = issued.public_key_der();
  check.requested_subject = old.subject_der();
  check.requested_san = old.san_der();
  check.chain.anchors.assign(certificates.begin() + 2,
                             certificates.begin() + std::min<std::ptrdiff_t>(3, std::ssize(certificates)));
  check.chain.intermediates.assign(certificates.begin() + 2, certificates.end());
  check.now = koshin::TimePoint(std::chrono::seconds{1'800'000'000});
  what_is_said_is_printable(old, issued);
  (void)koshin::renewal::purpose_of(issued, true);
  (void)koshin::renewal::decrypts(issued);
  (void)is_authority(issued);
  koshin::fuzz::taken_or_refused(
      {Reason::issued_subject_changed, Reason::issued_san_changed, Reason::issued_policy_mismatch,
       Reason::issued_validity_invalid, Reason::issued_usage_changed, Reason::issued_too_weak,
       Reason::issued_chain_untrusted},
      [&] {
        check_issued(issued, check);
        koshin::fuzz::require(issued.subject_der() == old.subject_der() &&
                                  issued.san_der() == old.san_der() && issued.not_after() > old.not_after(),
                              "what is taken names the same user, for longer");
      });
  return 0;
}
