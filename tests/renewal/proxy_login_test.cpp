// SPDX-License-Identifier: MIT
// What a person has said to a proxy, and to which proxies it is said again.
#include "renewal/policy/proxy_login.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace koshin::renewal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* one = "http://one.example:3128";
constexpr const char* two = "http://two.example:3128";

Failure asks(const std::string& proxy) {
  Failure failure{Reason::proxy_authentication_failed, "answered 407", {}};
  failure.proxy = proxy;
  return failure;
}

SecureBuffer typed(std::string_view password) {
  return SecureBuffer::copy_of(password);
}

messages::Job job_with(const TypedProxyLogin& login) {
  messages::Job job;
  login.put_into(job);
  return job;
}

class TypedProxyLoginTest : public testing::Test {
 protected:
  bool asked_by(const Failure& failure) { return login_.asked_by(failure, settings_); }
  Settings::Proxy settings_;
  TypedProxyLogin login_;
};

TEST_F(TypedProxyLoginTest, CountsAtTheProxyThatHasAskedAndIsKeptWhereAnotherOneAsks) {
  ASSERT_TRUE(asked_by(asks(one)));
  login_.answer("tanaka", typed("geheim"));
  EXPECT_THAT(job_with(login_).proxies, ElementsAre(one));
  EXPECT_TRUE(asked_by(asks(two)));
  EXPECT_EQ(job_with(login_).proxy_user, "tanaka") << "the first has not refused it";
  EXPECT_THAT(job_with(login_).proxies, ElementsAre(one)) << "and nobody has said it to the second";
}

TEST_F(TypedProxyLoginTest, TheSameAccountCountsAtBothAndAnotherTakesItsPlace) {
  ASSERT_TRUE(asked_by(asks(one)));
  login_.answer("tanaka", typed("geheim"));
  TypedProxyLogin other;
  ASSERT_TRUE(other.asked_by(asks(one), settings_));
  other.answer("tanaka", typed("geheim"));
  ASSERT_TRUE(asked_by(asks(two)));
  login_.answer("tanaka", typed("geheim"));
  EXPECT_THAT(job_with(login_).proxies, ElementsAre(one, two));
  ASSERT_TRUE(other.asked_by(asks(two), settings_));
  other.answer("tanaka", typed("anders"));
  EXPECT_THAT(job_with(other).proxies, ElementsAre(two));
}

TEST_F(TypedProxyLoginTest, WhatIsRefusedIsForgotten) {
  ASSERT_TRUE(asked_by(asks(one)));
  login_.answer("tanaka", typed("falsch"));
  EXPECT_TRUE(asked_by(asks(one)));
  EXPECT_TRUE(login_.empty());
  EXPECT_TRUE(login_.password().empty());
  EXPECT_THAT(job_with(login_).proxies, IsEmpty());
}

TEST_F(TypedProxyLoginTest, AScriptThatNamesEverMoreProxiesGetsTwoAnswers) {
  ASSERT_TRUE(asked_by(asks(one)));
  login_.answer("tanaka", typed("geheim"));
  ASSERT_TRUE(asked_by(asks(two)));
  login_.answer("tanaka", typed("geheim"));
  EXPECT_FALSE(asked_by(asks("http://three.example:3128")));
}

TEST_F(TypedProxyLoginTest, NobodyIsAskedForATicketOrByANamelessProxyOrForAnotherReason) {
  EXPECT_FALSE(asked_by(asks("")));
  EXPECT_FALSE(asked_by(Failure{Reason::proxy_failed, {}, {}}));
  settings_.authentication = ProxyAuthentication::negotiate;
  EXPECT_FALSE(asked_by(asks(one)));
}

}  // namespace
}  // namespace koshin::renewal
