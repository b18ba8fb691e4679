// SPDX-License-Identifier: MIT
// What a request must look like to be the page's own.
#include <gtest/gtest.h>

#include <utility>

#include "ui-bridge/server/page_request.hpp"

namespace koshin::ui {
namespace {

RequestHead get() {
  RequestHead head;
  head.method = "GET";
  head.target = "/";
  head.host = "127.0.0.1:4711";
  return head;
}

RequestHead post() {
  RequestHead head = get();
  head.method = "POST";
  head.target = "/api/action";
  head.origin = "http://127.0.0.1:4711";
  head.fetch_site = "same-origin";
  return head;
}

TEST(RefuseOrigin, ThePageItselfMayGoOn) {
  EXPECT_EQ(refuse_origin(get(), 4711), 0U);
  EXPECT_EQ(refuse_origin(post(), 4711), 0U);
}

TEST(RefuseOrigin, AnyOtherHostIsMisdirected) {
  for (const char* host : {"", "localhost:4711", "127.0.0.1", "127.0.0.1:4712", "evil.test:4711",
                           "127.0.0.1:4711 ", "127.1:4711"}) {
    RequestHead head = get();
    head.host = host;
    EXPECT_EQ(refuse_origin(head, 4711), 421U) << host;
  }
}

TEST(RefuseOrigin, APostNeedsTheExactOrigin) {
  for (const char* origin : {"", "null", "http://127.0.0.1", "http://127.0.0.1:4712",
                             "https://127.0.0.1:4711", "http://127.0.0.1:4711/", "http://localhost:4711"}) {
    RequestHead head = post();
    head.origin = origin;
    EXPECT_EQ(refuse_origin(head, 4711), 403U) << origin;
  }
}

TEST(RefuseOrigin, WhatAnotherSiteEmbedsIsRefusedAndANavigationIsNot) {
  for (const char* site : {"cross-site", "same-site"}) {
    RequestHead head = get();
    head.fetch_site = site;
    head.fetch_mode = "navigate";
    head.fetch_dest = "document";
    EXPECT_EQ(refuse_origin(head, 4711), 0U);
    head.target = "/app.js";
    EXPECT_EQ(refuse_origin(head, 4711), 403U);
  }
}

TEST(RefuseOrigin, WhatAnotherSiteFetchesIsNoNavigation) {
  for (const auto& [mode, destination] : {std::pair("no-cors", "empty"),
                                          {"no-cors", "image"},
                                          {"cors", "empty"},
                                          {"navigate", "iframe"},
                                          {"navigate", "object"},
                                          {"", ""}}) {
    RequestHead head = get();
    head.fetch_site = "cross-site";
    head.fetch_mode = mode;
    head.fetch_dest = destination;
    EXPECT_EQ(refuse_origin(head, 4711), 403U) << mode << ' ' << destination;
  }
}

TEST(RefuseOrigin, OtherMethodsAreNotAllowed) {
  for (const char* method : {"OPTIONS", "PUT", "HEAD", "get", "TRACE"}) {
    RequestHead head = post();
    head.method = method;
    EXPECT_EQ(refuse_origin(head, 4711), 405U) << method;
  }
}

TEST(RefuseOrigin, WhatIsThereMoreThanOnceFitsNothing) {
  for (std::string RequestHead::*field : {&RequestHead::host, &RequestHead::origin, &RequestHead::fetch_site})
    for (RequestHead head : {get(), post()}) {
      head.*field = repeated;
      EXPECT_NE(refuse_origin(head, 4711), 0U);
    }
}

}  // namespace
}  // namespace koshin::ui
