// SPDX-License-Identifier: MIT
// What a pinentry answers. The input is a byte (in pieces of how many its answers arrive; with 128 more they
// begin at its greeting, else where the secret is asked for), a line that it is to show, then all that it
// says.
#include <algorithm>

#include "foundation/secrets/pinentry_dialogue.hpp"
#include "harness.hpp"

namespace {

using koshin::fuzz::require;

/// A child that says what the input says, whatever it is told, or not before it is asked for the secret.
class ScriptedPinentry final : public koshin::ChildProcess {
 public:
  ScriptedPinentry(std::string_view says, std::size_t piece, bool from_the_start)
      : says_(says), piece_(piece), asked_(from_the_start) {}

  void write(std::span<const char> bytes) override {
    const std::string_view text(bytes.data(), bytes.size());
    require(text.find('\n') == text.size() - 1, "whatever is told is one line");
    require(text.size() <= 1002, "a line is no longer than Assuan allows");
    asked_ = asked_ || text == "GETPIN\n";
  }
  void close_stdin() override {}
  Read read_line(std::string& /*line*/, std::chrono::steady_clock::time_point /*until*/,
                 std::size_t /*max_line*/) override {
    return Read::end;
  }
  Read read_some(std::span<char> into, std::size_t& count,
                 std::chrono::steady_clock::time_point /*until*/) override {
    if (!asked_) return agree(into, count);
    count = std::min({into.size(), says_.size(), piece_});
    if (count == 0) return Read::end;
    std::copy_n(says_.begin(), count, into.begin());
    says_.remove_prefix(count);
    return Read::line;
  }
  std::optional<koshin::ExitStatus> wait_until(std::chrono::steady_clock::time_point /*until*/) override {
    return std::nullopt;
  }
  void terminate() noexcept override {}
  void kill() noexcept override {}
  void abandon() noexcept override {}
  long pid() const override { return 0; }
  std::string errors() const override { return {}; }

 private:
  static Read agree(std::span<char> into, std::size_t& count) {
    constexpr std::string_view yes = "OK\n";
    count = yes.copy(into.data(), into.size());
    return Read::line;
  }

  std::string_view says_;
  std::size_t piece_;
  bool asked_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using koshin::Reason;
  if (size == 0) return 0;
  std::string_view rest = koshin::fuzz::text_of(data + 1, size - 1);
  const std::string shown = koshin::fuzz::take_line(rest);
  ScriptedPinentry pinentry(rest, data[0] % 128U + 1, data[0] >= 128);
  const auto until = std::chrono::steady_clock::time_point::max();
  koshin::fuzz::taken_or_refused(
      {Reason::pinentry_failed, Reason::pin_required, Reason::pin_cancelled, Reason::secret_unusable}, [&] {
        const auto secret = converse_with_pinentry(pinentry,
                                                   {.title = {},
                                                    .description = shown + "\n" + shown,
                                                    .prompt = shown,
                                                    .error = {},
                                                    .ok = {},
                                                    .cancel = {}},
                                                   until, {});
        require(secret.size() > 0 && secret.size() <= koshin::max_secret, "a secret is bounded");
        require(koshin::why_secret_is_no_text(secret.view()).empty(), "a secret is text");
      });
  return 0;
}
