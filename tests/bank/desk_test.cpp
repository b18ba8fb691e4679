// SPDX-License-Identifier: MIT
// Log-in, re-issue desk, one-time codes, and the program itself.
#include <array>
#include <cstdio>

#include "bank/bank_fixture.hpp"
#include "bank/base64.hpp"
#include "bank/plain_client.hpp"
#include "bank/reissue_codes.hpp"
#include "bank/request_check.hpp"

namespace koshin::bank {
namespace {

using testing::HasSubstr;
using testing::Not;

class Desk : public BankTest {
 protected:
  Answer enroll(const std::string& name, const std::string& code, const std::string& request) {
    const auto credentials = name + ":" + code;
    const auto header =
        "Basic " +
        base64_encode({reinterpret_cast<const std::uint8_t*>(credentials.data()), credentials.size()}, false);
    return post("simpleenroll", request, {{"Authorization", header}}, false);
  }
};

TEST_F(Desk, a_code_gives_one_key_a_certificate_and_revokes_the_old_one) {
  const auto code = bank_->reissue_code(user);
  EXPECT_EQ(connect().send("GET", "/login").status, 200) << "handing out a code revokes nothing yet";
  const auto answer = enroll("user0001", code, request_for(new_key_.get()));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(to_der(X509_get_subject_name(certificate_of(answer).get()), i2d_X509_NAME), subject_);
  EXPECT_EQ(connect().send("GET", "/login").status, 403);
  key_ = std::move(new_key_);
  certificate_ = certificate_of(answer);
  EXPECT_EQ(connect().send("GET", "/login").status, 200);
}

TEST_F(Desk, a_code_works_again_for_the_same_key_only) {
  const auto code = bank_->reissue_code(user);
  const auto first = enroll(user, code, request_for(new_key_.get()));
  const auto again = enroll(user, code, request_for(new_key_.get()));
  EXPECT_EQ(again.body, first.body);
  const auto other = make_key("ec");
  EXPECT_EQ(enroll(user, code, request_for(other.get())).status, 401);
  EXPECT_EQ(bank_->issued(), 1U);
}

TEST_F(Desk, a_wrong_code_or_user_is_401) {
  const auto code = bank_->reissue_code(user);
  EXPECT_EQ(enroll("user0001", "AAAA-BBBB-CCCC", request_for(new_key_.get())).status, 401);
  EXPECT_EQ(enroll("user0002", code, request_for(new_key_.get())).status, 401);
  const auto nobody = post("simpleenroll", request_for(new_key_.get()), {}, false);
  EXPECT_EQ(nobody.status, 401);
  EXPECT_THAT(nobody.header("WWW-Authenticate"), HasSubstr("Basic"));
}

TEST_F(Desk, a_code_is_for_its_own_user) {
  const auto code = bank_->reissue_code(user);
  const auto other = make_name(organization, organizational_unit, "12345678901234 user0002");
  EXPECT_EQ(enroll("user0001", code, make_request(new_key_.get(), other)).status, 403);
}

TEST_F(Desk, a_user_id_alone_becomes_the_registered_name) {
  const auto code = bank_->reissue_code(user);
  const auto brief = make_name("x", "y", "user0001");
  const auto answer = enroll("user0001", code, make_request(new_key_.get(), brief));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(to_der(X509_get_subject_name(certificate_of(answer).get()), i2d_X509_NAME), subject_);
}

TEST_F(Desk, codes_expire) {
  bank_->set("code_hours", "-1");
  EXPECT_EQ(enroll("user0001", bank_->reissue_code(user), request_for(new_key_.get())).status, 401);
}

TEST_F(Desk, a_new_code_replaces_the_old_one) {
  const auto old = bank_->reissue_code(user);
  bank_->reissue_code(user);
  EXPECT_EQ(enroll("user0001", old, request_for(new_key_.get())).status, 401);
}

TEST_F(Desk, the_desk_page_hands_out_a_code_that_works) {
  const auto page = plain_request(bank_->control_url(), "POST", "/desk", "cn=12345678901234+user0001");
  EXPECT_THAT(page, HasSubstr("200 OK"));
  const auto at = page.find("id=\"code\">") + 10;
  EXPECT_EQ(enroll("user0001", page.substr(at, 14), request_for(new_key_.get())).status, 200);
}

TEST_F(Desk, the_desk_escapes_what_it_repeats) {
  const auto page = plain_request(bank_->control_url(), "POST", "/desk", "cn=%3Cscript%3E");
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
}

TEST_F(Desk, the_control_port_answers_to_local_names_only) {
  EXPECT_THAT(plain_request(bank_->control_url(), "GET", "/state", "", "rebind.example"), HasSubstr("421"));
  EXPECT_THAT(plain_request(bank_->control_url(), "GET", "/state", ""), HasSubstr("\"issued\":0"));
}

TEST_F(Desk, switches_can_be_set_over_the_control_port) {
  EXPECT_THAT(
      plain_request(bank_->control_url(), "POST", "/switch", R"({"name":"status","value":"418:tea"})"),
      HasSubstr("200"));
  EXPECT_EQ(post("simplereenroll", request_for(new_key_.get())).status, 418);
  EXPECT_THAT(plain_request(bank_->control_url(), "POST", "/switch", R"({"name":"x","value":"1"})"),
              HasSubstr("400"));
  EXPECT_THAT(plain_request(bank_->control_url(), "POST", "/switch", "{"), HasSubstr("400"));
}

TEST_F(Desk, logging_in_needs_certificate_then_passphrase_and_tells_of_a_near_expiry) {
  auto connection = connect();
  EXPECT_THAT(connection.send("GET", "/login?lang=ja").body, HasSubstr("半角英数字"));
  EXPECT_EQ(connection.send("POST", "/login?lang=en", "passphrase=wrong").status, 403);
  const auto inside = connection.send("POST", "/login?lang=en", "passphrase=sakura2026");
  EXPECT_EQ(inside.status, 200);
  EXPECT_THAT(inside.body, HasSubstr("Your certificate expires on"));
  EXPECT_EQ(connect("", false).send("GET", "/login").status, 401);
  EXPECT_EQ(bank_->logins(), 1U);
}

TEST_F(Desk, a_certificate_that_is_good_for_long_is_not_worth_a_notice) {
  certificate_ = certify(key_.get(), {.days = 300});
  const auto inside = connect().send("POST", "/login?lang=en", "passphrase=sakura2026");
  EXPECT_THAT(inside.body, Not(HasSubstr("renewal-notice")));
}

std::string output_of(const std::string& command) {
  std::string output;
  // NOLINTNEXTLINE(cert-env33-c): fixed programs and a folder of our own
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 512> chunk{};
  while (std::fgets(chunk.data(), chunk.size(), pipe) != nullptr) output += chunk.data();
  const int status = ::pclose(pipe);
  return output + "status " + std::to_string(WEXITSTATUS(status));
}

TEST(Program, makes_an_authority_certifies_a_key_and_says_when_it_is_ready) {
  const test::TemporaryDirectory temporary;
  const auto folder = temporary.path().string();
  const std::string program = KOSHIN_BANK_PROGRAM;
  EXPECT_EQ(output_of(program + " init " + folder), "status 0");
  const auto key = make_key("rsa");
  {
    const BioPtr out(BIO_new_file((folder + "/spki.der").c_str(), "w"));
    ASSERT_EQ(i2d_PUBKEY_bio(out.get(), key.get()), 1);
  }
  EXPECT_EQ(output_of(program + " issue " + folder + " --spki " + folder +
                      "/spki.der --cn 'Corp user' --days 12 --out " + folder + "/out.der"),
            "status 0");
  const BioPtr in(BIO_new_file((folder + "/out.der").c_str(), "r"));
  const X509Ptr certificate(d2i_X509_bio(in.get(), nullptr));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(name_entry(X509_get_subject_name(certificate.get()), NID_commonName), "Corp user");
  const auto served = output_of(program + " serve " + folder + " --switch status=503 </dev/null");
  EXPECT_THAT(
      served,
      testing::MatchesRegex(
          "ready \\{\"url\":\"https://localhost:[0-9]+\",\"control\":\"http://127.0.0.1:[0-9]+\"\\}\nstatus "
          "0"));
  EXPECT_THAT(output_of(program + " serve " + folder + " --switch nonsense=1 </dev/null"),
              HasSubstr("no switch \"nonsense\""));
}

}  // namespace
}  // namespace koshin::bank
