// SPDX-License-Identifier: MIT
// A scripted server with a certificate for localhost, and an HTTP client that trusts its root.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "enrollment/http/http_client.hpp"
#include "failure_matcher.hpp"
#include "pki.hpp"
#include "scripted_server.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::enrollment::test {

class HttpFixture : public testing::Test {
 protected:
  HttpFixture() {
    write_pem(anchors_, {root_.certificate()});
    options_.trust_anchors = anchors_;
    options_.proxy.url = "none";
    options_.attempts = 1;
  }

  void serve(ScriptedServer::Answer answer, ScriptedServer::Options options = {},
             const std::string& names = "DNS:localhost,IP:127.0.0.1") {
    serve_with(root_.issue(server_spec(server_key_.get(), names)), std::move(answer), options);
  }
  void serve_with(const Certificate& certificate, ScriptedServer::Answer answer,
                  ScriptedServer::Options options = {}) {
    server_ = std::make_unique<ScriptedServer>(certificate, server_key_.get(), options, std::move(answer));
    options_.url = server_->url();
  }
  /// A user certificate whose key counts its signatures.
  void log_in_with(EVP_PKEY* key, bool rsa_pss = true) {
    options_.credential = ClientCredential{root_.issue(user_spec(key, clock_now())), key, rsa_pss};
  }
  HttpRequest get(const std::string& path = "/x") const {
    return {.url = options_.url + path, .body = {}, .content_type = {}};
  }
  HttpRequest post(const std::string& body) const {
    return {.url = options_.url + "/x", .body = body, .content_type = "application/pkcs10"};
  }
  Failure failure(const HttpRequest& request) {
    return failure_of([&] { HttpClient(options_).exchange(request); });
  }
  std::string reason(const HttpRequest& request) { return std::string(info(failure(request).reason).id); }

  koshin::test::TemporaryDirectory directory_;
  std::filesystem::path anchors_ = directory_.path() / "anchors.pem";
  Issuer root_ = Issuer::make_root("Root", clock_now());
  EvpPkey server_key_ = make_ec_key();
  HttpOptions options_;
  std::unique_ptr<ScriptedServer> server_;
};

inline ScriptedServer::Answer always(const std::string& text) {
  return [text](const ScriptedServer::Request&) { return text; };
}

}  // namespace koshin::enrollment::test
