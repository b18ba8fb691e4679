// SPDX-License-Identifier: MIT
// Every way in which the way to a server ends, provoked for real.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <future>

#include "http_fixture.hpp"
#include "sockets.hpp"

namespace koshin::enrollment {
namespace {

using namespace std::chrono_literals;
using test::always;
using test::answer;
using testing::HasSubstr;

class HttpFailure : public test::HttpFixture {};

TEST_F(HttpFailure, NobodyListens) {
  options_.url = "https://localhost:" + std::to_string(test::closed_port());
  EXPECT_EQ(reason(get()), "authority_unreachable");
}

TEST_F(HttpFailure, NoSuchName) {
  options_.url = "https://authority.invalid";
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::authority_unreachable);
  EXPECT_THAT(failed.detail, HasSubstr("authority.invalid"));
}

TEST_F(HttpFailure, TheConnectionIsClosedBeforeTls) {
  serve(always(""), {.close_at_once = true});
  options_.attempts = 2;
  EXPECT_EQ(reason(get()), "authority_unreachable");
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(HttpFailure, ASilentServerIsGivenUpAfterTheConnectTimeout) {
  serve(always(""), {.silent = true});
  options_.connect_timeout = 50ms;
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::authority_timeout);
  EXPECT_THAT(failed.detail, HasSubstr("no TLS connection"));
}

TEST_F(HttpFailure, AServerThatDoesNotAnswerIsGivenUpAfterTheRequestTimeout) {
  std::promise<void> over;
  serve([done = over.get_future().share()](const auto&) {
    done.wait();
    return std::string();
  });
  options_.request_timeout = 300ms;
  const auto failed = failure(get());
  over.set_value();
  EXPECT_EQ(failed.reason, Reason::authority_timeout);
  EXPECT_THAT(failed.detail, HasSubstr("no complete answer"));
}

TEST_F(HttpFailure, AStopRequestAbandonsTheExchangeUnderWay) {
  std::promise<void> over;
  std::stop_source stop;
  serve([&stop, done = over.get_future().share()](const auto&) {
    stop.request_stop();
    done.wait();
    return std::string();
  });
  options_.stop = stop.get_token();
  EXPECT_EQ(reason(get()), "interrupted");
  over.set_value();
}

TEST_F(HttpFailure, AStopRequestAbandonsTheWaitBetweenAttempts) {
  std::stop_source stop;
  serve([&stop](const auto&) {
    stop.request_stop();
    return std::string();
  });
  options_.stop = stop.get_token();
  options_.attempts = 100;
  EXPECT_EQ(reason(get()), "interrupted");
}

TEST_F(HttpFailure, HalfABodyIsNotAnAnswer) {
  serve(always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf"));
  options_.attempts = 2;
  const auto failed = failure(post("x"));
  EXPECT_EQ(failed.reason, Reason::authority_response_invalid);
  EXPECT_THAT(failed.detail, HasSubstr("the answer ended after 4 of 100 bytes"));
  EXPECT_EQ(server_->requests().size(), 1U) << "whoever answered has had the request";
  serve(always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nhalf\r\n"));
  EXPECT_THAT(failure(post("x")).detail, HasSubstr("the answer ended after 4 bytes, before its end"));
}

/// libcurl takes it for the whole answer: a log-in page would have let the certificate in.
TEST_F(HttpFailure, HalfOfTheHeadersIsNotAnAnswer) {
  for (const char* half :
       {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Le",
        "HTTP/1.1 204 No Content\r\nConnection: close\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nConnection: close\r\nRetry-Af"}) {
    serve(always(half));
    const auto failed = failure(post("x"));
    EXPECT_EQ(failed.reason, Reason::authority_response_invalid) << half;
    EXPECT_THAT(failed.detail, HasSubstr("the connection was closed within the headers")) << half;
    EXPECT_EQ(server_->requests().size(), 1U);
  }
}

/// As a CGI program writes it whose output is in text mode.
TEST_F(HttpFailure, HeadersEndAtAnyLineThatBeginsWithTheEndOfOne) {
  for (const char* end : {"\r\n", "\n", "\r\r\n"}) {
    serve(always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n" + std::string(end) + "ok"));
    EXPECT_EQ(HttpClient(options_).exchange(post("x")).body, "ok");
  }
}

TEST_F(HttpFailure, APortThatSpeaksPlainHttpIsNamedForWhatItIs) {
  const test::LoopbackListener plain([](int descriptor, int /*number*/) {
    const std::string page = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    std::array<char, 1024> hello{};
    if (recv(descriptor, hello.data(), hello.size(), 0) > 0)
      send(descriptor, page.data(), page.size(), MSG_NOSIGNAL);
  });
  options_.url = "https://localhost:" + std::to_string(plain.port());
  EXPECT_THAT(failure(get()).detail, HasSubstr("does not speak TLS"));
}

TEST_F(HttpFailure, WhatIsNotHttpIsInvalid) {
  serve(always("SSH-2.0-OpenSSH\r\nConnection: close\r\n\r\n"));
  EXPECT_EQ(reason(get()), "authority_response_invalid");
}

TEST_F(HttpFailure, BodiesAndHeadersAreBounded) {
  serve(always(answer(200, std::string(max_response_body + 1, 'x'))));
  EXPECT_EQ(reason(get()), "authority_response_too_large");
  serve(always(answer(200, std::string(max_response_body, 'x'))));
  EXPECT_EQ(HttpClient(options_).exchange(get()).body.size(), max_response_body);
  std::string headers;
  for (int i = 0; i < 5000; ++i)
    headers += "X-Header-" + std::to_string(i) + ": " + std::string(80, 'x') + "\r\n";
  serve(always(answer(200, "", headers)));
  EXPECT_EQ(reason(get()), "authority_response_too_large");
}

TEST_F(HttpFailure, AHeaderLineWithoutEndIsTooLarge) {
  serve(always("HTTP/1.1 200 OK\r\nX-Endless: " + std::string(std::size_t{2} * 1024 * 1024, 'x')));
  EXPECT_EQ(reason(get()), "authority_response_too_large");
}

TEST_F(HttpFailure, AnUntrustedChain) {
  const auto stranger = test::Issuer::make_root("Stranger", test::clock_now());
  serve_with(stranger.issue(test::server_spec(server_key_.get(), "DNS:localhost")), always(answer(200, "")));
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::authority_untrusted);
  EXPECT_THAT(failed.detail, HasSubstr("CN=Stranger"));
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(HttpFailure, AnExpiredServerCertificate) {
  auto spec = test::server_spec(server_key_.get(), "DNS:localhost");
  spec.not_before = test::clock_now() - std::chrono::days(10);
  spec.not_after = test::clock_now() - std::chrono::days(1);
  serve_with(root_.issue(spec), always(answer(200, "")));
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::authority_certificate_expired);
  EXPECT_THAT(failed.detail, HasSubstr(to_rfc3339(spec.not_after)));
}

TEST_F(HttpFailure, AServerCertificateFromTheFuture) {
  auto spec = test::server_spec(server_key_.get(), "DNS:localhost");
  spec.not_before = test::clock_now() + std::chrono::days(1);
  serve_with(root_.issue(spec), always(answer(200, "")));
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::clock_wrong);
  EXPECT_THAT(failed.detail, HasSubstr("this computer's clock says 20"));
}

TEST_F(HttpFailure, AServerCertificateForAnotherName) {
  serve(always(answer(200, "")), {}, "DNS:other.test");
  const auto failed = failure(get());
  EXPECT_EQ(failed.reason, Reason::authority_name_mismatch);
  EXPECT_THAT(failed.detail, HasSubstr("localhost"));
}

TEST_F(HttpFailure, AUsersCertificateDoesNotMakeAServer) {
  auto spec = test::server_spec(server_key_.get(), "DNS:localhost");
  spec.extensions[1].second = "clientAuth";
  serve_with(root_.issue(spec), always(answer(200, "")));
  EXPECT_EQ(reason(get()), "authority_untrusted");
}

TEST_F(HttpFailure, TheServerRefusesOurCertificateOnEitherVersionOfTls) {
  const auto key = test::make_ec_key();
  for (const int version : {0x0303, 0x0304}) {
    serve(always(answer(200, "")),
          {.tls_max = version, .client = test::ScriptedServer::Options::Client::refused});
    log_in_with(key.get());
    options_.attempts = 3;
    const auto failed = failure(get());
    EXPECT_EQ(failed.reason, Reason::authority_authentication_failed) << version;
    EXPECT_THAT(failed.detail, HasSubstr("certificate revoked"));
    EXPECT_EQ(server_->connections(), 1) << "a refusal is not repeated";
  }
}

TEST_F(HttpFailure, AKeyThatIsNotTheCertificatesIsFoundBeforeTheHandshake) {
  const auto key = test::make_ec_key();
  const auto other = test::make_ec_key();
  serve(always(answer(200, "")), {.client = test::ScriptedServer::Options::Client::required});
  log_in_with(key.get());
  options_.credential->key = other.get();
  EXPECT_EQ(reason(get()), "key_pair_mismatch");
}

TEST_F(HttpFailure, SettingsThatCannotBeUsed) {
  options_.url = "http://localhost";
  EXPECT_EQ(reason(get()), "settings_invalid");
  options_.url = "https://localhost";
  options_.trust_anchors = directory_.path() / "missing.pem";
  EXPECT_EQ(reason(get()), "settings_invalid");
}

}  // namespace
}  // namespace koshin::enrollment
