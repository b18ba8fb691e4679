// SPDX-License-Identifier: MIT
// The table from the end of a transfer to a reason; the same ends are provoked for real in
// http_failure_test.cpp.
#include "enrollment/http/transfer_failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cerrno>

#include "enrollment/http/socket.hpp"

namespace koshin::enrollment {
namespace {

TransferEnd end_with(CURLcode code, const std::string& text = "words") {
  TransferEnd end;
  end.code = code;
  end.text = text;
  end.server = "https://bank.test:443";
  return end;
}

TEST(TransferFailure, WhatTlsKnowsComesFirst) {
  TlsStatus tls;
  const auto reason = [&](int error) {
    tls.verify_error = error;
    return classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR), tls).failure().reason;
  };
  EXPECT_EQ(reason(X509_V_ERR_CERT_HAS_EXPIRED), Reason::authority_certificate_expired);
  EXPECT_EQ(reason(X509_V_ERR_CERT_NOT_YET_VALID), Reason::clock_wrong) << "it is the clock that is behind";
  EXPECT_EQ(reason(X509_V_ERR_HOSTNAME_MISMATCH), Reason::authority_name_mismatch);
  EXPECT_EQ(reason(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY), Reason::authority_untrusted);
  EXPECT_EQ(reason(X509_V_ERR_CERT_SIGNATURE_FAILURE), Reason::authority_untrusted);
}

TEST(TransferFailure, WhatLibcurlCannotBeginIsNotTheServersDoing) {
  const auto reason = [](CURLcode code) { return classify_transfer(end_with(code), {}).failure().reason; };
  EXPECT_EQ(reason(CURLE_URL_MALFORMAT), Reason::settings_invalid);
  EXPECT_EQ(reason(CURLE_FAILED_INIT), Reason::internal_error);
  EXPECT_EQ(reason(CURLE_OUT_OF_MEMORY), Reason::internal_error);
}

TEST(TransferFailure, AnAlertAboutOurCertificateIsARefusalOfIt) {
  TlsStatus tls;
  tls.certificate_requested = true;
  tls.signature_type = EVP_PKEY_EC;
  const auto reason = [&](int alert) {
    tls.alert = alert;
    return classify_transfer(end_with(CURLE_RECV_ERROR), tls).failure().reason;
  };
  for (const int alert : {SSL_AD_BAD_CERTIFICATE, SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED,
                          SSL_AD_UNKNOWN_CA, SSL_AD_CERTIFICATE_REQUIRED}) {
    EXPECT_EQ(reason(alert), Reason::authority_authentication_failed) << alert;
  }
  EXPECT_EQ(reason(SSL_AD_HANDSHAKE_FAILURE), Reason::tls_failed);
  EXPECT_EQ(reason(SSL_AD_PROTOCOL_VERSION), Reason::tls_impossible);
}

TEST(TransferFailure, WhatBothSidesNeverHaveInCommonIsNotTriedLater) {
  TlsStatus tls;
  tls.alert = SSL_AD_HANDSHAKE_FAILURE;
  const auto none_fits = classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR), tls).failure();
  EXPECT_EQ(none_fits.reason, Reason::tls_impossible) << "no certificate was asked for: it is not about that";
  EXPECT_NE(none_fits.retry(), Retry::later);
  const TlsStatus fine;
  for (const char* text : {"error:0A000102:SSL routines::unsupported protocol",
                           "error:0A000152:SSL routines::unsafe legacy renegotiation disabled",
                           "error:0A00018A:SSL routines::dh key too small",
                           "error:0A00010B:SSL routines::wrong version number"}) {
    EXPECT_EQ(classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR, text), fine).failure().reason,
              Reason::tls_impossible)
        << text;
  }
  EXPECT_EQ(classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR, "decryption failed"), fine).failure().retry(),
            Retry::later);
}

TEST(TransferFailure, ACertificateThatWasNotShownIsToldFromOneThatIsRefused) {
  TlsStatus tls;
  tls.certificate_requested = true;
  for (const int alert : {SSL_AD_HANDSHAKE_FAILURE, SSL_AD_CERTIFICATE_REQUIRED}) {
    tls.alert = alert;
    const auto failure = classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR), tls).failure();
    EXPECT_EQ(failure.reason, Reason::authority_authentication_failed) << alert;
    EXPECT_THAT(failure.detail, testing::HasSubstr("none was shown")) << alert;
  }
}

TEST(TransferFailure, AnEndRightAfterOurCertificateWasShownSaysSo) {
  TlsStatus tls;
  tls.established = tls.certificate_requested = true;
  tls.protocol = "TLSv1.3";
  auto end = end_with(CURLE_RECV_ERROR);
  EXPECT_THAT(classify_transfer(end, tls).failure().detail, testing::Not(testing::HasSubstr("certificate")));
  end.new_connection = true;
  EXPECT_THAT(classify_transfer(end, tls).failure().detail,
              testing::HasSubstr("right after our certificate was shown"));
}

TEST(TransferFailure, OnlyTheNetworksFaultIsWorthAnotherTry) {
  const TlsStatus fine;
  for (const CURLcode code : {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING,
                              CURLE_RECV_ERROR, CURLE_SEND_ERROR}) {
    const auto error = classify_transfer(end_with(code), fine);
    EXPECT_EQ(error.failure().reason, Reason::authority_unreachable) << code;
    EXPECT_TRUE(error.worth_another_try()) << code;
  }
  EXPECT_EQ(classify_transfer(end_with(CURLE_OPERATION_TIMEDOUT), fine).failure().reason,
            Reason::authority_timeout);
  EXPECT_FALSE(
      classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR, "wrong version number"), fine).worth_another_try());
  EXPECT_TRUE(
      classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR, "SSL_ERROR_SYSCALL"), fine).worth_another_try());
  EXPECT_EQ(classify_transfer(end_with(CURLE_UNSUPPORTED_PROTOCOL), fine).failure().reason,
            Reason::authority_response_invalid);
}

TEST(TransferFailure, AnAnswerThatIsCutShortIsAnAnswerOfNoUse) {
  TlsStatus tls;
  tls.established = tls.certificate_requested = true;
  tls.protocol = "TLSv1.3";
  auto end = end_with(CURLE_PARTIAL_FILE, "transfer closed with 96 bytes remaining to read");
  end.answer_began = end.new_connection = end.posted = end.sent = true;
  end.status = 200;
  end.answer_bytes = 4;
  end.answer_length = "100";
  for (const CURLcode code : {CURLE_PARTIAL_FILE, CURLE_RECV_ERROR}) {
    end.code = code;
    const auto error = classify_transfer(end, tls);
    EXPECT_EQ(error.failure().reason, Reason::authority_response_invalid);
    EXPECT_THAT(error.failure().detail, testing::HasSubstr("the answer ended after 4 of 100 bytes"));
    EXPECT_THAT(error.failure().detail, testing::Not(testing::HasSubstr("our certificate")));
    EXPECT_FALSE(error.worth_another_try()) << "it may have issued a certificate";
    EXPECT_TRUE(error.request_sent());
  }
  end.posted = false;
  end.answer_length.clear();
  const auto error = classify_transfer(end, tls);
  EXPECT_TRUE(error.worth_another_try()) << "a GET costs nothing";
  EXPECT_THAT(error.failure().detail, testing::HasSubstr("ended after 4 bytes, before its end"));
}

TEST(TransferFailure, AProxysOwnAnswerIsNotTheBeginningOfTheServers) {
  auto end = end_with(CURLE_RECV_ERROR);
  end.answer_began = true;
  end.connect_status = 200;
  EXPECT_EQ(classify_transfer(end, TlsStatus{}).failure().reason, Reason::authority_unreachable);
}

TEST(TransferFailure, WhatDoesNotSpeakOurTlsIsNamed) {
  const auto detail = [](const char* words) {
    return classify_transfer(end_with(CURLE_SSL_CONNECT_ERROR, words), TlsStatus{}).failure().detail;
  };
  EXPECT_THAT(detail("error:0A00010B:SSL routines::wrong version number"),
              testing::HasSubstr("does not speak TLS"));
  EXPECT_THAT(detail("error:0A0000C6:SSL routines::packet length too long"),
              testing::HasSubstr("does not speak TLS"));
  EXPECT_THAT(detail("error:0A000102:SSL routines::unsupported protocol"),
              testing::HasSubstr("versions of TLS before 1.2 only"));
}

TEST(TransferFailure, AProxyThatDoesNotAnswerConnectIsNamed) {
  auto end = end_with(CURLE_RECV_ERROR, "Proxy CONNECT aborted");
  end.proxy = "proxy.test port 3128";
  EXPECT_EQ(classify_transfer(end, TlsStatus{}).failure().reason, Reason::authority_unreachable);
  end.at_connect = true;
  for (const CURLcode code : {CURLE_RECV_ERROR, CURLE_WEIRD_SERVER_REPLY, CURLE_GOT_NOTHING}) {
    end.code = code;
    EXPECT_EQ(classify_transfer(end, TlsStatus{}).failure().reason, Reason::proxy_failed) << code;
    EXPECT_THAT(classify_transfer(end, TlsStatus{}).failure().detail, testing::HasSubstr("proxy.test"));
  }
}

TEST(TransferFailure, ACertificateThatHasExpiredForTheServerIsSaidToHave) {
  TlsStatus tls;
  tls.certificate_requested = true;
  tls.signature_type = EVP_PKEY_EC;
  tls.alert = SSL_AD_CERTIFICATE_EXPIRED;
  EXPECT_THAT(classify_transfer(end_with(CURLE_RECV_ERROR), tls).failure().detail,
              testing::HasSubstr("has expired"));
}

TEST(TransferFailure, AContentEncodingThatNobodyAskedForIsNamed) {
  auto end = end_with(CURLE_BAD_CONTENT_ENCODING);
  end.encoding = "base64";
  EXPECT_THAT(classify_transfer(end, TlsStatus{}).failure().detail,
              testing::HasSubstr("Content-Encoding \"base64\""));
}

TEST(TransferFailure, TheProxyIsToldFromTheAuthority) {
  const TlsStatus fine;
  auto end = end_with(CURLE_COULDNT_CONNECT, "Failed to connect to proxy.test port 3128 after 1 ms: refused");
  EXPECT_EQ(classify_transfer(end, fine).failure().reason, Reason::authority_unreachable);
  end.proxy = "proxy.test port 3128";
  EXPECT_EQ(classify_transfer(end, fine).failure().reason, Reason::proxy_failed);
  end.connect_status = 407;
  EXPECT_EQ(classify_transfer(end, fine).failure().reason, Reason::proxy_authentication_failed);
  end.connect_status = 403;
  EXPECT_FALSE(classify_transfer(end, fine).worth_another_try());
  EXPECT_EQ(classify_transfer(end, fine).failure().reason, Reason::proxy_unusable);
  end.connect_status = 503;
  EXPECT_EQ(classify_transfer(end, fine).failure().reason, Reason::proxy_failed);
}

TEST(TransferFailure, ARefusedConnectSaysWhatToAskTheProxysOperatorFor) {
  auto end = end_with(CURLE_RECV_ERROR);
  end.proxy = "proxy.test port 3128";
  end.proxy_words = ", \"Denied by policy\"";
  for (const long status : {403L, 404L, 405L, 501L}) {
    end.connect_status = status;
    end.server = "https://est.bank.test:8443";
    const std::string detail = classify_transfer(end, TlsStatus{}).failure().detail;
    EXPECT_THAT(detail, testing::HasSubstr("allow CONNECT to est.bank.test:8443, \"Denied by policy\""))
        << status;
    EXPECT_THAT(detail, testing::HasSubstr("many let 443 only"));
    end.server = "https://est.bank.test:443";
    EXPECT_THAT(classify_transfer(end, TlsStatus{}).failure().detail,
                testing::Not(testing::HasSubstr("many let 443 only")));
  }
}

TEST(TransferFailure, AnotherWayIsTriedOnlyWhereThisOneDidNotAnswer) {
  const TlsStatus fine;
  auto end = end_with(CURLE_COULDNT_CONNECT, "Failed to connect to proxy.test port 3128 after 1 ms: refused");
  EXPECT_TRUE(classify_transfer(end_with(CURLE_COULDNT_CONNECT), fine).way_is_blocked()) << "the direct way";
  end.proxy = "proxy.test port 3128";
  EXPECT_TRUE(classify_transfer(end, fine).way_is_blocked());
  for (const long status : {403L, 407L, 503L}) {
    end.connect_status = status;
    EXPECT_FALSE(classify_transfer(end, fine).way_is_blocked()) << status;
  }
  auto sent = end_with(CURLE_RECV_ERROR);
  sent.sent = true;
  EXPECT_FALSE(classify_transfer(sent, fine).way_is_blocked()) << "the request may have arrived";
}

TEST(TransferFailure, AProxyThatDoesNotProveItsNameDoesNotOpenTheNextWay) {
  auto end = end_with(CURLE_SSL_CONNECT_ERROR);
  end.proxy = "proxy.test port 3128";
  TlsStatus proxy;
  proxy.handshakes = 1;
  EXPECT_TRUE(classify_transfer(end, {}, &proxy).way_is_blocked()) << "it broke off";
  for (const int error :
       {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_CERT_HAS_EXPIRED}) {
    proxy.verify_error = error;
    EXPECT_FALSE(classify_transfer(end, {}, &proxy).way_is_blocked()) << error;
  }
}

TEST(TransferFailure, AProxyThatIsSetWronglyIsNotTriedLater) {
  const TlsStatus fine;
  auto end = end_with(CURLE_COULDNT_RESOLVE_PROXY);
  end.proxy = "proxy.test port 3128";
  end.proxy_setting = "proxy.url";
  const auto expect_named = [&](const Failure& failure, const char* setting) {
    EXPECT_EQ(failure.reason, Reason::proxy_unusable) << failure.detail;
    EXPECT_NE(failure.retry(), Retry::later);
    EXPECT_THAT(failure.detail, testing::HasSubstr(setting));
  };
  expect_named(classify_transfer(end, fine).failure(), "proxy.url");
  end.code = CURLE_COULDNT_CONNECT;
  end.text = "Failed to connect to proxy.test port 3128 after 1 ms: Couldn't connect to server";
  end.os_error = connection_refused();
  expect_named(classify_transfer(end, fine).failure(), "proxy.url");
  end.os_error = EHOSTUNREACH;
  EXPECT_EQ(classify_transfer(end, fine).failure().reason, Reason::proxy_failed) << "the network's trouble";
  TlsStatus proxy;
  proxy.handshakes = 1;
  proxy.verify_error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
  expect_named(classify_transfer(end, fine, &proxy).failure(), "proxy.trust_anchors");
  proxy.verify_error = X509_V_ERR_CERT_HAS_EXPIRED;
  EXPECT_EQ(classify_transfer(end, fine, &proxy).failure().reason, Reason::proxy_failed);
}

TEST(TransferFailure, WhatASocksProxySaysIsToldApart) {
  const TlsStatus fine;
  auto end = end_with(CURLE_PROXY);
  const auto reason = [&](CURLproxycode code) {
    end.proxy_code = code;
    return classify_transfer(end, fine).failure().reason;
  };
  EXPECT_EQ(reason(CURLPX_USER_REJECTED), Reason::proxy_authentication_failed);
  EXPECT_EQ(reason(CURLPX_NO_AUTH), Reason::proxy_authentication_failed);
  EXPECT_EQ(reason(CURLPX_REPLY_HOST_UNREACHABLE), Reason::authority_unreachable);
  EXPECT_EQ(reason(CURLPX_REPLY_NOT_ALLOWED), Reason::proxy_unusable);
  EXPECT_EQ(reason(CURLPX_BAD_VERSION), Reason::proxy_unusable);
  EXPECT_EQ(reason(CURLPX_REPLY_GENERAL_SERVER_FAILURE), Reason::proxy_failed);
}

}  // namespace
}  // namespace koshin::enrollment
