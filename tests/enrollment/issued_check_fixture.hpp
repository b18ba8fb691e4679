// SPDX-License-Identifier: MIT
// A certificate and what its renewal is checked against.
#pragma once

#include <gtest/gtest.h>

#include "enrollment/authority/issued_check.hpp"
#include "failure_matcher.hpp"
#include "pki.hpp"

namespace koshin::enrollment::test {

class IssuedCheckTest : public testing::Test {
 protected:
  IssuedCheckTest() : old_(make_old(user_spec(old_key_.get(), now_))) { apply_old_certificate(); }

  Certificate make_old(CertificateSpec spec) const {
    spec.not_before = now_ - std::chrono::days(353);
    spec.not_after = now_ + std::chrono::days(12);
    spec.extensions.emplace_back(NID_subject_alt_name, "email:user@bank.test");
    return issuing_.issue(spec);
  }
  /// What a renewal of old_ is checked against.
  void apply_old_certificate() {
    check_.old_certificate = old_;
    check_.requested_subject = old_.subject_der();
    check_.requested_san = old_.san_der();
    check_.requested_public_key = public_key(new_key_.get());
    check_.chain.anchors = {root_.certificate()};
    check_.chain.intermediates = {issuing_.certificate()};
    check_.now = now_;
  }
  CertificateSpec good() const {
    auto spec = user_spec(new_key_.get(), now_);
    spec.extensions.emplace_back(NID_subject_alt_name, "email:user@bank.test");
    return spec;
  }
  std::string reason(const Certificate& issued) const {
    return reason_of([&] { check_issued(issued, check_); });
  }
  std::string reason(const CertificateSpec& spec) const { return reason(issuing_.issue(spec)); }

  TimePoint now_ = test_now();
  Issuer root_ = Issuer::make_root("Root", now_);
  Issuer issuing_ = root_.make_intermediate("Issuing", now_);
  EvpPkey old_key_ = make_ec_key(), new_key_ = make_ec_key();
  Certificate old_;
  IssuedCheck check_;
};

}  // namespace koshin::enrollment::test
