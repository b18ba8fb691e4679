// SPDX-License-Identifier: MIT
// Through a real proxy, however it asks who is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <fstream>

#include "http_fixture.hpp"
#include "kerberos.hpp"
#include "squid.hpp"

namespace koshin::enrollment {
namespace {

using koshin::test::KerberosRealm;
using koshin::test::Squid;
using Scheme = Squid::Scheme;
using testing::HasSubstr;
using testing::Not;

class SquidProxy : public test::HttpFixture {
 protected:
  void SetUp() override {
    if (!koshin::test::is_installed(Squid::program)) GTEST_SKIP() << "squid is not installed";
    serve(test::always(test::answer(200, "through")));
  }
  void TearDown() override {
    for (const auto& [name, value] : environment_) unsetenv(name.c_str());
  }
  void go_through(const Squid::Options& options) {
    squid_.reset();
    squid_ = std::make_unique<Squid>(options, directory_.path() / "squid");
    options_.proxy.url = squid_->url();
    if (options_.proxy_credential != nullptr) typed_.proxies = {squid_->url()};
  }
  void know_password(const char* password = "geheim") {
    password_ = SecureBuffer::copy_of(std::string_view(password));
    typed_ = {.user = "tanaka", .password = &password_, .proxies = {}};
    if (squid_) typed_.proxies = {squid_->url()};
    options_.proxy_credential = &typed_;
  }
  /// Kerberos in this process, as libcurl finds it.
  void join(const KerberosRealm& realm) {
    environment_ = realm.environment();
    for (const auto& [name, value] : environment_) setenv(name.c_str(), value.c_str(), 1);
  }
  std::string body() { return HttpClient(options_).exchange(get()).body; }
  /// An authority's certificate, or a server's, with its key in one file.
  std::filesystem::path write_with_key(const std::string& name, const Certificate& certificate,
                                       EVP_PKEY* key) {
    auto file = directory_.path() / name;
    test::write_pem(file, {certificate});
    const OpensslHandle<BIO, BIO_free_all> stream(BIO_new_file(file.c_str(), "a"));
    PEM_write_bio_PrivateKey(stream.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return file;
  }

  std::unique_ptr<Squid> squid_;
  SecureBuffer password_;
  ProxyCredential typed_;
  std::map<std::string, std::string> environment_;
};

TEST_F(SquidProxy, EachSchemeThatTakesAPasswordLetsUsIn) {
  know_password();
  for (const Scheme scheme : {Scheme::basic, Scheme::digest, Scheme::ntlm}) {
    go_through({.schemes = {scheme}});
    EXPECT_EQ(body(), "through") << static_cast<int>(scheme);
  }
}

TEST_F(SquidProxy, AWrongPasswordIsToldWithTheSchemesThatAreOffered) {
  know_password("falsch");
  go_through({.schemes = {Scheme::digest, Scheme::basic}});
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_authentication_failed);
  EXPECT_THAT(failed.detail, HasSubstr("it offers Digest, Basic"));
  EXPECT_THAT(failed.detail, HasSubstr("tried without success: Digest, Basic"));
  EXPECT_THAT(failed.detail, Not(HasSubstr("falsch")));
}

TEST_F(SquidProxy, ASettingFixesTheScheme) {
  know_password();
  options_.proxy.authentication = ProxyAuthentication::digest;
  go_through({.schemes = {Scheme::basic}});
  EXPECT_THAT(failure(get()).detail, HasSubstr("proxy.authentication allows one scheme only"));
  options_.proxy.authentication = ProxyAuthentication::basic;
  EXPECT_EQ(body(), "through");
}

TEST_F(SquidProxy, WithoutAUserTheSchemesAreNamed) {
  go_through({.schemes = {Scheme::ntlm}});
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_authentication_failed);
  EXPECT_THAT(failed.detail, HasSubstr("it offers NTLM"));
  EXPECT_THAT(failed.detail, HasSubstr("proxy.user"));
}

TEST_F(SquidProxy, ATicketLetsUsInByNegotiateAndWithoutOneThePasswordDoes) {
  if (!KerberosRealm::is_installed()) GTEST_SKIP() << "MIT's KDC is not installed";
  const KerberosRealm realm(directory_.path() / "realm");
  join(realm);
  const Squid::Options both{.schemes = {Scheme::negotiate, Scheme::basic},
                            .keytab = realm.keytab(),
                            .environment = realm.environment()};
  go_through(both);
  EXPECT_THAT(failure(get()).detail, HasSubstr("tried without success: Negotiate (no Kerberos ticket"));
  know_password();
  EXPECT_EQ(body(), "through") << "by Basic";
  options_.proxy_credential = nullptr;
  realm.log_on();
  EXPECT_EQ(body(), "through") << "by Negotiate";
  options_.proxy.authentication = ProxyAuthentication::negotiate;
  EXPECT_EQ(body(), "through");
}

TEST_F(SquidProxy, APortThatIsNotLetThroughIsToldSo) {
  go_through({.known_ports_only = true});
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable);
  EXPECT_THAT(failed.detail, HasSubstr("answered CONNECT with status 403"));
  EXPECT_THAT(failed.detail, HasSubstr("this port"));
}

TEST_F(SquidProxy, AProxyThatLooksIntoTlsIsNotTrustedAndNamed) {
  const auto key = test::make_ec_key();
  const test::Issuer inspector = test::Issuer::make_root("Inspector", test::clock_now());
  go_through({.inspects = write_with_key("inspector.pem", inspector.certificate(), inspector.key())});
  const auto failed = failure(post("secret"));
  EXPECT_EQ(failed.reason, Reason::authority_untrusted);
  EXPECT_THAT(failed.detail, HasSubstr("may be inspecting TLS"));
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(SquidProxy, AnHttpsProxyIsReachedOverTlsAndNeverSeesOurCertificate) {
  const auto proxy_key = test::make_ec_key();
  const test::Issuer company = test::Issuer::make_root("Company", test::clock_now());
  const Certificate named = company.issue(test::server_spec(proxy_key.get(), "DNS:localhost"));
  serve(test::always(test::answer(200, "through")),
        {.client = test::ScriptedServer::Options::Client::required});
  const auto key = test::make_ec_key();
  log_in_with(key.get());
  know_password();
  go_through({.schemes = {Scheme::basic}, .speaks_tls = write_with_key("proxy.pem", named, proxy_key.get())});
  auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::proxy_unusable) << "the system does not trust it";
  EXPECT_THAT(failed.detail, HasSubstr("proxy.trust_anchors"));
  options_.proxy.trust_anchors = directory_.path() / "company.pem";
  test::write_pem(options_.proxy.trust_anchors, {company.certificate()});
  HttpClient client(options_);
  EXPECT_EQ(client.exchange(get()).body, "through");
  EXPECT_EQ(client.tls().certificate_use(), CertificateUse::used);
}

}  // namespace
}  // namespace koshin::enrollment
