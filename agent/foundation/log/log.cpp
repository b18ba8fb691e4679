// SPDX-License-Identifier: MIT
// The log: levels, fields and output to stderr.
#include "foundation/log/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "foundation/base/text.hpp"
#include "foundation/log/log_events.hpp"
#include "foundation/log/log_file.hpp"
#include "foundation/log/log_sink.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/standard_streams.hpp"

namespace koshin::log {
namespace {

constexpr std::size_t max_message = 2000;
constexpr std::size_t max_value = 1000;

struct LevelInfo {
  std::string_view name;
  std::string_view journal_priority;  // syslog(3)
  spdlog::level::level_enum spdlog_level;
};
constexpr std::array<LevelInfo, 4> levels{{
    {"debug", "7", spdlog::level::debug},
    {"info", "6", spdlog::level::info},
    {"warning", "4", spdlog::level::warn},
    {"error", "3", spdlog::level::err},
}};
const LevelInfo& info_of(Level level) {
  return levels.at(static_cast<std::size_t>(level));
}

struct State {
  std::string program = "koshin";
  NativeHandle handle = standard_handle(StandardStream::error);
  std::atomic<Level> least = Level::info;
};
State& state() {
  static State the_state;
  return the_state;
}

/// One write for each line, so that the lines of several processes do not run into each other.
class HandleSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t text;
    formatter_->format(message, text);
    if (fits_log_file(log_handle(), text.size())) write_all(log_handle(), {text.data(), text.size()});
  }
  void flush_() override {}
};

/// Made at the first use: a program whose stderr is the journal does not need it.
spdlog::logger& stderr_logger() {
  static const auto logger = [] {
    auto made = std::make_unique<spdlog::logger>(state().program, std::make_shared<HandleSink>());
    made->set_error_handler([](const std::string&) {});  // a log that is full or closed stops nobody
    made->set_pattern("%Y-%m-%d %H:%M:%S %n[%P] %l: %v");
    made->set_level(spdlog::level::debug);
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *logger;
}

std::vector<std::string> journal_fields(Level level, Event event, const std::string& message, Fields fields) {
  std::vector<std::string> entry{"MESSAGE=" + message,
                                 "PRIORITY=" + std::string(info_of(level).journal_priority),
                                 "SYSLOG_IDENTIFIER=" + state().program};
  if (event != Event::none) {
    entry.push_back("MESSAGE_ID=" + std::string(message_id(event)));
    entry.push_back("KOSHIN_EVENT=" + std::string(event_name(event)));
  }
  for (const auto& [name, value] : fields)
    entry.push_back(std::string(name) + '=' + printable(value, max_value));
  return entry;
}

/// Quotes a value so that a token's label cannot add fields to the line.
std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char c : printable(value, max_value)) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

}  // namespace

std::string text_line(std::string message, Fields fields) {
  for (const auto& [name, value] : fields) message += ' ' + std::string(name) + '=' + quoted(value);
  return message;
}

void configure(std::string_view program, Level level) {
  state().program = program;
  state().least = level;
}

void use_handle(NativeHandle handle) {
  state().handle = handle;
}

NativeHandle log_handle() {
  return state().handle;
}

void write(Level level, Event event, std::string_view message, Fields fields) {
  if (level < state().least.load()) return;
  const std::string text = printable(message, max_message);
  if (send_to_system_log(journal_fields(level, event, text, fields))) return;
  stderr_logger().log(info_of(level).spdlog_level, spdlog::string_view_t(text_line(text, fields)));
}

}  // namespace koshin::log
