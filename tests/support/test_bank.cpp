// SPDX-License-Identifier: MIT
// The bank as a library, with its folder.
#include "support/test_bank.hpp"

#include <algorithm>

#include "bank/bank.hpp"
#include "bank/ca.hpp"
#include "bank/openssl_handles.hpp"

namespace koshin::test {
namespace {

std::filesystem::path with_authority(const std::filesystem::path& directory,
                                     const TestBank::Options& options) {
  if (!std::filesystem::exists(directory / "anchors.pem"))
    bank::CertificateAuthority::create(directory, options.key_type, options.name);
  return directory;
}

bank::Bank::Options translate(const TestBank::Options& options) {
  bank::Bank::Options translated;
  translated.key_type = options.key_type;
  translated.tls_max = options.tls_max;
  translated.switches = options.switches;
  return translated;
}

}  // namespace

struct TestBank::Parts {
  Parts(const std::filesystem::path& folder, const Options& options)
      : directory(with_authority(folder, options)), bank(directory, translate(options)) {}
  std::filesystem::path directory;
  bank::Bank bank;
};

TestBank::TestBank(const std::filesystem::path& directory, const Options& options)
    : parts_(std::make_unique<Parts>(directory, options)) {}
TestBank::TestBank(const std::filesystem::path& directory) : TestBank(directory, Options{}) {}
TestBank::~TestBank() = default;

std::string TestBank::url() const {
  return parts_->bank.url();
}
std::string TestBank::control_url() const {
  return parts_->bank.control_url();
}
unsigned short TestBank::front_port() const {
  return parts_->bank.front_port();
}
std::filesystem::path TestBank::anchors() const {
  return parts_->directory / "anchors.pem";
}
std::filesystem::path TestBank::issuing() const {
  return parts_->directory / "issuing.pem";
}
void TestBank::set(const std::string& name, const std::string& value) {
  parts_->bank.set(name, value);
}
std::size_t TestBank::issued() const {
  return parts_->bank.issued();
}
std::size_t TestBank::logins() const {
  return parts_->bank.logins();
}
bool TestBank::has_logged_in(ByteView certificate) const {
  const auto serials = parts_->bank.logged_in();
  const std::string serial = bank::serial_of(bank::parse_certificate(certificate).get());
  return std::find(serials.begin(), serials.end(), serial) != serials.end();
}
std::size_t TestBank::requests(const std::string& operation) const {
  return parts_->bank.requests(operation);
}

Bytes TestBank::issue(ByteView spki, const std::string& cn, int days_left, int age_days,
                      const std::string& san) {
  return bank::issue_certificate(
      parts_->directory, spki,
      {.common_name = cn, .days = days_left, .not_before_days = -age_days, .san = san});
}

Bytes TestBank::issue_for(const std::string& extended_usage, ByteView spki, const std::string& cn,
                          int days_left) {
  return bank::issue_certificate(parts_->directory, spki,
                                 {.common_name = cn, .days = days_left, .extended_usage = extended_usage});
}

Bytes TestBank::issue_as(const Order& order, ByteView spki, const std::string& cn, int days_left) {
  return bank::issue_certificate(parts_->directory, spki,
                                 {.common_name = cn,
                                  .days = days_left,
                                  .san = order.san,
                                  .extended_usage = order.extended_usage,
                                  .usage = order.usage,
                                  .weak = order.weak});
}

std::string TestBank::reissue_code(const std::string& cn) {
  return parts_->bank.reissue_code(cn);
}

}  // namespace koshin::test
