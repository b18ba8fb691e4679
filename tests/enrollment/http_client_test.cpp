// SPDX-License-Identifier: MIT
// What goes over the wire: requests, kept connections, redirects, credentials.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enrollment/http/base64.hpp"
#include "http_fixture.hpp"

namespace koshin::enrollment {
namespace {

using test::always;
using test::answer;
using testing::HasSubstr;
using testing::Not;
using Request = test::ScriptedServer::Request;

class HttpClientTest : public test::HttpFixture {
 protected:
  void authenticate(HttpAuthentication::Scheme scheme) {
    options_.authentication = {.scheme = scheme, .user = "user", .password = &password_};
  }
  SecureBuffer password_ = SecureBuffer::copy_of(std::string_view("p:a ss"));
};

TEST_F(HttpClientTest, E1_APostHasALengthIsNotChunkedAndComesInOneWrite) {
  serve(always(answer(200, "done")));
  const std::string body = to_wrapped_base64(Bytes(900, 7));
  EXPECT_EQ(HttpClient(options_).exchange(post(body)).body, "done");
  const auto request = server_->requests().at(0);
  EXPECT_EQ(request.body, body);
  EXPECT_TRUE(request.one_record);
  EXPECT_THAT(request.head, HasSubstr("POST /x HTTP/1.1\r\n"));
  EXPECT_THAT(request.head, HasSubstr("\r\nContent-Type: application/pkcs10\r\n"));
  EXPECT_THAT(request.head, HasSubstr("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"));
  EXPECT_THAT(request.head, Not(HasSubstr("Transfer-Encoding: chunked")));
  EXPECT_THAT(request.head, Not(HasSubstr("Expect:")));
}

TEST_F(HttpClientTest, KeepsOneConnectionForEverythingAndSignsOnce) {
  const auto plain = test::make_ec_key();
  const auto key = test::make_token_like_key(plain.get());
  serve(always(answer(200, "done")), {.client = test::ScriptedServer::Options::Client::required});
  log_in_with(key.get());
  const int before = test::signature_count();
  HttpClient client(options_);
  for (int i = 0; i < 3; ++i) client.exchange(get());
  client.exchange(post("x"));
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_EQ(client.tls().handshakes, 1U);
  EXPECT_EQ(test::signature_count() - before, 1);
}

TEST_F(HttpClientTest, OpensAnotherConnectionOnlyWhenTheServerClosedTheFirst) {
  serve([](const Request& request) {
    return answer(200, "done", request.connection == 1 ? "Connection: close\r\n" : "");
  });
  HttpClient client(options_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.exchange(get()).status, 200);
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(HttpClientTest, ALostAnswerIsAskedForWithTheSameRequest) {
  serve([](const Request& request) { return request.connection < 3 ? std::string() : answer(200, "done"); });
  options_.attempts = 3;
  HttpClient client(options_);
  EXPECT_EQ(client.exchange(post("same")).body, "done");
  for (const auto& request : server_->requests()) EXPECT_EQ(request.body, "same");
  EXPECT_EQ(server_->requests().size(), 3U);
}

TEST_F(HttpClientTest, E13_ARefusalIsNotRepeated) {
  options_.attempts = 5;
  serve(always(answer(503, "busy", "Retry-After: 5\r\n")));
  const auto response = HttpClient(options_).exchange(post("x"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.retry_after, "5");
  EXPECT_EQ(server_->requests().size(), 1U);
}

TEST_F(HttpClientTest, E9_FollowsARedirectWithinTheOriginWithMethodAndBody) {
  for (const int status : {301, 302, 307, 308}) {
    serve([status](const Request& request) {
      return request.head.starts_with("POST /x ") ? answer(status, "", "Location: /moved?a=b\r\n")
                                                  : answer(200, request.body);
    });
    EXPECT_EQ(HttpClient(options_).exchange(post("kept")).body, "kept") << status;
    EXPECT_THAT(server_->requests().at(1).head, HasSubstr("POST /moved?a=b "));
    EXPECT_EQ(server_->connections(), 1);
  }
}

TEST_F(HttpClientTest, E9_SeeOtherIsFollowedWithAGet) {
  serve([](const Request& request) {
    return request.head.starts_with("POST") ? answer(303, "", "Location: /result\r\n") : answer(200, "there");
  });
  EXPECT_EQ(HttpClient(options_).exchange(post("x")).body, "there");
  EXPECT_THAT(server_->requests().at(1).head, HasSubstr("GET /result "));
}

TEST_F(HttpClientTest, E9_RefusesARedirectToAnotherOriginAndNamesBoth) {
  serve(always(answer(307, "", "Location: https://elsewhere.test/x\r\n")));
  const auto refused = failure(post("secret"));
  EXPECT_EQ(refused.reason, Reason::authority_redirect_refused);
  EXPECT_THAT(refused.detail, HasSubstr(server_->url()));
  EXPECT_THAT(refused.detail, HasSubstr("https://elsewhere.test:443"));
  EXPECT_EQ(server_->requests().size(), 1U);
}

TEST_F(HttpClientTest, E9_AnotherPortOrSchemeIsAnotherOrigin) {
  for (const std::string location : {"https://localhost:1/x", "http://localhost/x"}) {
    serve(always(answer(302, "", "Location: " + location + "\r\n")));
    EXPECT_EQ(reason(post("x")), "authority_redirect_refused") << location;
    EXPECT_EQ(reason(get()), "authority_redirect_refused") << location;
  }
}

TEST_F(HttpClientTest, E9_RedirectsAreBounded) {
  serve(always(answer(302, "", "Location: /again\r\n")));
  EXPECT_EQ(reason(get()), "authority_response_invalid") << "nobody has pointed to another server";
  EXPECT_EQ(server_->requests().size(), 4U);
}

TEST_F(HttpClientTest, E8_BasicCredentialsGoToAVerifiedServer) {
  serve(always(answer(200, "in")));
  authenticate(HttpAuthentication::Scheme::basic);
  HttpClient(options_).exchange(get());
  EXPECT_THAT(server_->requests().at(0).head, HasSubstr("\r\nAuthorization: Basic dXNlcjpwOmEgc3M=\r\n"));
}

TEST_F(HttpClientTest, E8_NothingIsSentToAServerThatIsNotVerified) {
  serve(always(answer(200, "in")), {}, "DNS:impostor.test");
  authenticate(HttpAuthentication::Scheme::basic);
  EXPECT_EQ(reason(post("secret")), "authority_name_mismatch");
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(HttpClientTest, E8_NothingIsSentToAServerWhoseChainIsNotTrusted) {
  const auto stranger = test::Issuer::make_root("Stranger", test::clock_now());
  const auto chained = stranger.make_intermediate("Between", test::clock_now());
  serve_with(chained.issue(test::server_spec(server_key_.get(), "DNS:localhost")), always(answer(200, "in")));
  for (const auto scheme : {HttpAuthentication::Scheme::basic, HttpAuthentication::Scheme::digest}) {
    authenticate(scheme);
    EXPECT_EQ(reason(post("secret")), "authority_untrusted");
  }
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(HttpClientTest, E8_DigestAnswersTheChallengeAndNeverShowsThePassword) {
  serve([](const Request& request) {
    const bool answered = request.head.find("Authorization: Digest ") != std::string::npos;
    return answered ? answer(200, request.body)
                    : answer(401, "",
                             "WWW-Authenticate: Digest realm=\"bank\", nonce=\"abc\", qop=\"auth\", "
                             "algorithm=SHA-256\r\n");
  });
  authenticate(HttpAuthentication::Scheme::digest);
  EXPECT_EQ(HttpClient(options_).exchange(post("body")).body, "body");
  for (const auto& request : server_->requests()) EXPECT_THAT(request.head, Not(HasSubstr("Basic")));
  EXPECT_THAT(server_->requests().back().head, HasSubstr("username=\"user\""));
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(HttpClientTest, E8_ADigestClientDoesNotFallBackToBasic) {
  serve(always(answer(401, "", "WWW-Authenticate: Basic realm=\"bank\"\r\n")));
  authenticate(HttpAuthentication::Scheme::digest);
  EXPECT_EQ(HttpClient(options_).exchange(post("x")).status, 401);
  for (const auto& request : server_->requests()) EXPECT_THAT(request.head, Not(HasSubstr("Authorization")));
}

TEST_F(HttpClientTest, E12_KeepsTheBeginningOfALongErrorText) {
  serve(always(answer(403, std::string(200 * 1024, 'x'), "Content-Type: text/plain\r\n")));
  const auto response = HttpClient(options_).exchange(get());
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body.size(), max_error_body);
}

TEST_F(HttpClientTest, ThePasswordIsNotInAnyFailure) {
  serve(always(""));
  authenticate(HttpAuthentication::Scheme::basic);
  EXPECT_THAT(failure(get()).detail, Not(HasSubstr("p:a ss")));
}

TEST_F(HttpClientTest, OnlyTheCurrentConnectionMeansNoOther) {
  serve(always(answer(200, "done", "Connection: close\r\n")));
  HttpClient client(options_);
  client.exchange(get());
  auto request = post("bound");
  request.current_connection_only = true;
  EXPECT_THROW(client.exchange(request), ConnectionLost);
  EXPECT_EQ(server_->requests().size(), 1U);
  EXPECT_EQ(client.exchange(get()).status, 200);
}

TEST_F(HttpClientTest, E16_APostIsSentOnceThoughTheKeptConnectionTurnsOutDead) {
  serve([](const Request& request) {
    return request.head.starts_with("GET") ? answer(200, "here") : std::string();
  });
  HttpClient client(options_);
  client.exchange(get());
  EXPECT_EQ(test::reason_of([&] { client.exchange(post("issue")); }), "authority_unreachable");
  EXPECT_EQ(server_->requests().size(), 2U);
}

TEST_F(HttpClientTest, E16_EachAttemptIsOnePost) {
  serve([](const Request& request) {
    return request.head.starts_with("GET") ? answer(200, "here") : std::string();
  });
  options_.attempts = 3;
  HttpClient client(options_);
  client.exchange(get());
  EXPECT_EQ(test::reason_of([&] { client.exchange(post("issue")); }), "authority_unreachable");
  EXPECT_EQ(server_->requests().size(), 4U);
}

TEST_F(HttpClientTest, E16_AConnectionThatIsKnownToBeClosedCostsNoAttempt) {
  serve([](const Request& request) {
    return answer(200, "here", request.connection == 1 ? "Connection: close\r\n" : "");
  });
  HttpClient client(options_);
  client.exchange(get());
  EXPECT_FALSE(client.connected());
  EXPECT_EQ(client.exchange(post("issue")).body, "here");
  EXPECT_TRUE(client.connected());
}

TEST_F(HttpClientTest, CompressionIsNotAskedForAndReadAllTheSame) {
  const std::string done(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xc9\xcf\x4b\x05\x00\xab\xe0\x2d\x10\x04\x00"
      "\x00\x00",
      24);
  serve(always(answer(200, done, "Content-Encoding: gzip\r\n")));
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "done");
  EXPECT_THAT(server_->requests().at(0).head, HasSubstr("\r\nAccept-Encoding: identity\r\n"));
  serve(always(answer(200, "done", "Content-Encoding: rot13\r\n")));
  EXPECT_EQ(reason(get()), "authority_response_invalid");
}

TEST_F(HttpClientTest, WhatIsCompressedIsBoundedAsItIsRead) {
  // gzip of 2 MiB of "x".
  const std::string bomb = std::string(
                               "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0"
                               "\xda\x8b\x6f\x0c\x1f\xa0",
                               26) +
                           std::string(2032, '\0') +
                           std::string("\xbe\x06\xff\x4f\x28\x79\x00\x00\x20\x00", 10);
  serve(always(answer(200, bomb, "Content-Encoding: gzip\r\n")));
  EXPECT_EQ(reason(get()), "authority_response_too_large");
}

TEST_F(HttpClientTest, OlderAndShorterFormsOfHttpAreRead) {
  serve(always("HTTP/1.0 200 OK\r\n\r\nuntil the end\r\nConnection: close"));
  HttpClient client(options_);
  EXPECT_THAT(client.exchange(get()).body, testing::StartsWith("until the end"));
  EXPECT_FALSE(client.connected());
  serve(
      always("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\ntransfer-encoding: chunked\r\n"
             "connection: keep-alive\r\n\r\n4\r\ndone\r\n0\r\n\r\n"));
  EXPECT_EQ(HttpClient(options_).exchange(get()).body, "done");
}

TEST_F(HttpClientTest, EveryChallengeIsKept) {
  serve(always(answer(401, "", "www-authenticate: Negotiate\r\nWWW-Authenticate: Basic realm=\"b\"\r\n")));
  EXPECT_THAT(HttpClient(options_).exchange(get()).authenticate,
              testing::ElementsAre("Negotiate", "Basic realm=\"b\""));
}

}  // namespace
}  // namespace koshin::enrollment
