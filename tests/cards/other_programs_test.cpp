// SPDX-License-Identifier: MIT
// Whoever uses the token after a renewal: programs and modules that have no part of koshin in them see the
// renewed certificate and log in with it at the stand-in bank. koshin's own proof runs through the module
// that wrote the certificate, and cannot notice when others do not see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "renewed_token.hpp"
#include "support/environment.hpp"

namespace koshin::cards {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Place {
  View view;
  Algorithm algorithm;
};

std::string name_of(const Place& place) {
  return name_of(place.view) + (place.algorithm == Algorithm::ec_p256 ? "_ec" : "_rsa");
}

void PrintTo(const Place& place, std::ostream* out) {
  *out << name_of(place);
}

class OtherPrograms : public testing::TestWithParam<Place> {
 protected:
  void SetUp() override {
    if (const auto why = RenewedToken::missing(GetParam().view); !why.empty()) GTEST_SKIP() << why;
    token.emplace(GetParam().view, true, GetParam().algorithm);
    seen = token->seen_certificate();
    ASSERT_TRUE(seen) << "the renewed certificate does not show";
  }

  /// SP 800-73-4 means the slots for retired keys for decryption: OpenSC shows what is in them and does not
  /// let it sign.
  bool signs() { return GetParam().view != View::card_by_opensc || !is_for_retired_keys(token->slot()); }
  static bool is_rsa() { return GetParam().algorithm == Algorithm::rsa_2048; }
  /// Runs a program that asks for the bank's log-in page; the bank's books say with which certificate.
  void expect_log_in_where_it_signs(const std::vector<std::string>& command, const std::string& input = {}) {
    const auto before = token->logins();
    const auto run = run_program(command, input);
    const auto after = token->logins();
    if (!signs()) {
      EXPECT_EQ(after, before) << command[0] << " has logged in: " << run.output;
      return;
    }
    EXPECT_TRUE(run.says("<h1>")) << command[0] << " got no page: " << run.output;
    ASSERT_EQ(after.size(), before.size() + 1) << command[0] << " has not logged in: " << run.output;
    EXPECT_EQ(after.back(), token->certificate().serial) << command[0] << " with another certificate";
  }
  /// "pkcs11:…" with the token and the CKA_ID.
  std::string uri(const std::string& rest) const {
    std::string label;
    for (const char one : token->token_label()) {
      constexpr const char* digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(one);
      label += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return "pkcs11:token=" + label + ";id=" + seen->id_in_uri() + rest;
  }
  static std::string page_request() {
    return "GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  }
  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(token->path() / name) << text;
    return token->path() / name;
  }

  std::optional<RenewedToken> token;
  std::optional<SeenObject> seen;
};

TEST_P(OtherPrograms, pkcs11_tool_finds_the_key_beside_the_certificate_and_signs) {
  EXPECT_TRUE(token->shows_private_key());
  const auto digest = write("digest", std::string(32, 'd')), signature = token->path() / "signature";
  const auto key = token->path() / "key.pem", der = token->path() / "certificate.der";
  const std::string module = token->module().string();
  const auto signing =
      run_program({"pkcs11-tool", "--module", module, "--token-label", token->token_label(), "--login",
                   "--pin", token->pin(), "--sign", "--mechanism", is_rsa() ? "RSA-PKCS" : "ECDSA",
                   "--signature-format", is_rsa() ? "rs" : "openssl", "--id", seen->id, "--input-file",
                   digest.string(), "--output-file", signature.string()});
  if (!signs()) {
    EXPECT_THAT(signing.output, HasSubstr("CKR_KEY_TYPE_INCONSISTENT"));
    return;
  }
  EXPECT_EQ(signing.code, 0) << signing.output;
  run_program({"pkcs11-tool", "--module", module, "--token-label", token->token_label(), "--read-object",
               "--type", "cert", "--id", seen->id, "--output-file", der.string()});
  run_program(
      {"openssl", "x509", "-inform", "DER", "-in", der.string(), "-pubkey", "-noout", "-out", key.string()});
  const auto check = run_program({"openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key.string(),
                                  "-sigfile", signature.string(), "-in", digest.string()});
  EXPECT_THAT(check.output, HasSubstr("Signature Verified Successfully"));
}

TEST_P(OtherPrograms, gnutls_lists_the_key_signs_and_logs_in) {
  if (const auto why = missing_program({"p11tool", "gnutls-cli"}); !why.empty()) GTEST_SKIP() << why;
  const test::ScopedEnvironment pin({{"GNUTLS_PIN", token->pin()}});
  const std::string module = token->module().string();
  const auto listed = run_program({"p11tool", "--provider", module, "--login", "--list-all", uri("")});
  EXPECT_TRUE(listed.says("X.509 Certificate")) << listed.output;
  EXPECT_TRUE(listed.says("Private key")) << listed.output;
  // With ykcs11 p11tool then fails to read the public key object, whose curve has explicit parameters.
  const auto signing =
      run_program({"p11tool", "--provider", module, "--login", "--test-sign", uri(";type=private")});
  EXPECT_EQ(signing.says("Verifying against private key parameters... ok"), signs()) << signing.output;
  expect_log_in_where_it_signs(
      {"gnutls-cli", "--provider", module, "--x509cafile", token->bank().anchors().string(), "--x509certfile",
       uri(";type=cert"), "--x509keyfile", uri(";type=private"), "--port", token->port(), "localhost"},
      page_request());
}

TEST_P(OtherPrograms, curl_logs_in_through_openssls_engine) {
  const auto configuration = write(
      "openssl.cnf",
      "openssl_conf = all\n[all]\nengines = engines\n[engines]\npkcs11 = token\n[token]\nengine_id = pkcs11\n"
      "MODULE_PATH = " +
          token->module().string() + "\ninit = 0\n");
  const test::ScopedEnvironment openssl({{"OPENSSL_CONF", configuration.string()}});
  expect_log_in_where_it_signs(
      {"curl", "--silent", "--show-error", "--engine", "pkcs11", "--cacert", token->bank().anchors().string(),
       "--cert-type", "ENG", "--cert", uri(";type=cert"), "--key-type", "ENG", "--key",
       uri(";type=private?pin-value=" + token->pin()), token->bank().url() + "/login"});
}

/// As Firefox, Thunderbird and Chromium do: a database of one's own in which the module is named.
TEST_P(OtherPrograms, nss_lists_the_certificate_as_the_users_and_logs_in) {
  if (const auto why = missing_program({"certutil", "modutil", "tstclnt"}); !why.empty()) GTEST_SKIP() << why;
  const auto folder = token->path() / "nss";
  fs::create_directories(folder);
  const std::string database = "sql:" + folder.string();
  run_program({"certutil", "-N", "-d", database, "--empty-password"});
  run_program(
      {"modutil", "-force", "-dbdir", database, "-add", "token", "-libfile", token->module().string()});
  run_program(
      {"certutil", "-A", "-d", database, "-n", "root", "-t", "C,,", "-i", token->bank().anchors().string()});
  const auto password = write("password", token->pin() + "\n");
  const std::string name = token->token_label() + ":" + seen->label;
  const auto request = write("request", page_request());
  const auto listed = run_program({"certutil", "-L", "-d", database, "-h", "all", "-f", password.string()});
  EXPECT_THAT(listed.output, HasSubstr(name));
  EXPECT_THAT(listed.output, HasSubstr("u,u,u")) << "u: the key to the certificate is there";
  for (const std::string version : {"tls1.2", "tls1.3"})
    expect_log_in_where_it_signs({"tstclnt", "-4", "-h", "localhost", "-p", token->port(), "-d", database,
                                  "-n", name, "-w", token->pin(), "-V", version + ":" + version, "-A",
                                  request.string()});
}

/// Java's own provider, as applets and agents of tax offices and banks use it.
ProgramRun keytool(const RenewedToken& token, std::vector<std::string> command) {
  const auto configuration = token.path() / "java.cfg";
  std::ofstream(configuration) << "name = token\nlibrary = " << token.module().string()
                               << "\nslotListIndex = 0\n";
  command.insert(command.begin(), "keytool");
  for (const std::string& option :
       {std::string("-keystore"), std::string("NONE"), std::string("-storetype"), std::string("PKCS11"),
        std::string("-addprovider"), std::string("SunPKCS11"), std::string("-providerArg"),
        configuration.string(), std::string("-storepass"), token.pin()})
    command.push_back(option);
  return run_program(command);
}

constexpr const char* signed_request = "BEGIN NEW CERTIFICATE REQUEST";

/// An entry of Java's key store is a key with its certificate, under the certificate's label.
TEST_P(OtherPrograms, java_has_the_pair_as_one_entry_and_signs) {
  if (const auto why = missing_program({"keytool"}); !why.empty()) GTEST_SKIP() << why;
  EXPECT_THAT(keytool(*token, {"-list"}).output, HasSubstr(seen->label + ", PrivateKeyEntry"));
  const auto request = keytool(*token, {"-certreq", "-alias", seen->label});
  if (GetParam().view == View::card_by_ykcs11 && !is_rsa()) {
    EXPECT_THAT(request.output, HasSubstr("Unsupported parameters")) << "ykcs11 does not name the curve";
  } else {
    EXPECT_EQ(request.says(signed_request), signs()) << request.output;
  }
}

/// As a key for SSH the pair is of use to nobody, but ssh-agent shows what it finds.
TEST_P(OtherPrograms, ssh_keygen_lists_the_key) {
  if (const auto why = missing_program({"ssh-keygen"}); !why.empty()) GTEST_SKIP() << why;
  const auto listed = run_program({"ssh-keygen", "-D", token->module().string()});
  const auto der = token->path() / "certificate.der";
  run_program({"pkcs11-tool", "--module", token->module().string(), "--token-label", token->token_label(),
               "--read-object", "--type", "cert", "--id", seen->id, "--output-file", der.string()});
  const auto key =
      run_program({"openssl", "x509", "-inform", "DER", "-in", der.string(), "-pubkey", "-noout"});
  const auto converted =
      run_program({"ssh-keygen", "-i", "-m", "PKCS8", "-f", write("key.pem", key.output).string()});
  ASSERT_EQ(converted.code, 0) << converted.output;
  EXPECT_THAT(listed.output, HasSubstr(converted.output.substr(0, converted.output.find('\n'))));
}

INSTANTIATE_TEST_SUITE_P(Each, OtherPrograms,
                         testing::Values(Place{View::soft_hsm, Algorithm::ec_p256},
                                         Place{View::soft_hsm, Algorithm::rsa_2048},
                                         Place{View::card_by_ykcs11, Algorithm::ec_p256},
                                         Place{View::card_by_ykcs11, Algorithm::rsa_2048},
                                         Place{View::card_by_opensc, Algorithm::ec_p256},
                                         Place{View::card_by_opensc, Algorithm::rsa_2048}),
                         [](const auto& about) { return name_of(about.param); });

class OpenScOnTheCard : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = RenewedToken::missing(View::card_by_opensc); !why.empty()) GTEST_SKIP() << why;
  }
};

/// OpenSC believes the card's Key History object about how many slots for retired keys are in use, and shows
/// none where there is no such object. A slot that everybody looks at needs none.
TEST_F(OpenScOnTheCard, shows_a_retired_slot_only_where_the_key_history_tells_of_it) {
  RenewedToken token(View::card_by_opensc, false);
  EXPECT_EQ(token.seen_certificate().has_value(), !is_for_retired_keys(token.slot()));
  EXPECT_FALSE(token.token_label().empty()) << "OpenSC does not see the card at all";
}

/// Who would write that object through PKCS#11 is refused by ykcs11, whatever the role.
TEST(YkcsOnTheCard, writes_no_key_history) {
  if (const auto why = RenewedToken::missing(View::card_by_ykcs11); !why.empty()) GTEST_SKIP() << why;
  RenewedToken token(View::card_by_ykcs11, false);
  const auto object = token.path() / "history";
  std::ofstream(object) << "\xC1\x01\x01\xC2\x01";
  const auto writing =
      run_program({"pkcs11-tool", "--module", token.module().string(), "--login", "--login-type", "so",
                   "--so-pin", management_key_in_hexadecimal(), "--write-object", object.string(), "--type",
                   "data", "--application-id", "2.16.840.1.101.3.7.2.96.96"});
  EXPECT_NE(writing.code, 0);
  EXPECT_TRUE(writing.says("C_CreateObject")) << writing.output;
  EXPECT_TRUE(writing.says("CKR_ATTRIBUTE_VALUE_INVALID")) << writing.output;
}

/// It is the slot that OpenSC does not sign with, and neither the card nor the way to the bank.
TEST_F(OpenScOnTheCard, signs_with_the_slot_for_authentication) {
  RenewedToken token(View::card_by_opensc);
  const auto digest = token.path() / "digest";
  std::ofstream(digest) << std::string(32, 'd');
  const auto signing =
      run_program({"pkcs11-tool", "--module", token.module().string(), "--login", "--pin", token.pin(),
                   "--sign", "--mechanism", "ECDSA", "--id", "01", "--input-file", digest.string(),
                   "--output-file", (token.path() / "signature").string()});
  EXPECT_EQ(signing.code, 0) << signing.output;
}

}  // namespace
}  // namespace koshin::cards
