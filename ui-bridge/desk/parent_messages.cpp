// SPDX-License-Identifier: MIT
// The agent's lines of JSON, one for each message.
#include "parent_messages.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace koshin::ui {

namespace {

constexpr std::size_t longest_word = 64;

/// A text member; empty for any other type.
std::string text_of(const nlohmann::json& message, const char* name) {
  const auto found = message.find(name);
  return found != message.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Empty without a reason, or where a text is too long to be one of the agent's.
std::optional<ParentLink::News> news_of(const nlohmann::json& message) {
  ParentLink::News news{text_of(message, "reason"), text_of(message, "certificate"), 0,
                        text_of(message, "purpose")};
  if (const auto due = message.find("due"); due != message.end() && due->is_number_unsigned())
    news.due = due->get<std::size_t>();
  for (const std::string* word : {&news.reason, &news.certificate, &news.purpose})
    if (word->size() > longest_word) return std::nullopt;
  return news.reason.empty() ? std::nullopt : std::optional(std::move(news));
}

}  // namespace

void pass_on(const std::string& line, const ParentLink::Listener& listener) {
  const auto message = nlohmann::json::parse(line, nullptr, false);
  const auto schema = message.is_object() ? message.find("schema") : message.end();
  if (!message.is_object() || schema == message.end() || *schema != 1) return;
  const std::string type = text_of(message, "type");
  if (type == "token_removed") listener.token_removed();
  if (const auto news = type == "told_again" ? news_of(message) : std::nullopt) listener.told_again(*news);
  if (type == "settled") listener.settled();
}

void print_went_on(const std::string& token_uri) {
  std::printf("{\"schema\":1,\"type\":\"went_on\",\"token\":\"%s\"}\n", token_uri.c_str());
  std::fflush(stdout);
}

}  // namespace koshin::ui
