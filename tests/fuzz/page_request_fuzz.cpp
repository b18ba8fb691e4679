// SPDX-License-Identifier: MIT
// What a browser (or who pretends to be one) sends to the wizard's server. The input is Host, Origin,
// Sec-Fetch-Site and Sec-Fetch-Mode on a line each, then the body.
#include "harness.hpp"
#include "ui-bridge/page/page_json.hpp"
#include "ui-bridge/server/head_sieve.hpp"
#include "ui-bridge/server/page_request.hpp"

namespace {

/// The input as the head of a request, in one piece and in pieces of one: both give the same.
void sieve(std::string_view text) {
  using koshin::ui::HeadSieve;
  HeadSieve whole, pieces;
  std::size_t used = 0, used_in_pieces = 0;
  const auto state = whole.take({text.data(), text.size()}, used);
  auto last = HeadSieve::State::incomplete;
  for (const char& character : text) {
    if (last != HeadSieve::State::incomplete) break;
    std::size_t one = 0;
    last = pieces.take({&character, 1}, one);
    used_in_pieces += one;
  }
  koshin::fuzz::require(state == last && used == used_in_pieces && whole.head() == pieces.head(),
                        "a head does not depend on how it arrives");
  if (state == HeadSieve::State::complete)
    koshin::fuzz::require(whole.head().ends_with("\r\n") && used <= text.size(), "an empty line ends it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = koshin::fuzz::text_of(data, size);
  koshin::ui::RequestHead head;
  head.method = "POST";
  head.host = koshin::fuzz::take_line(rest);
  head.origin = koshin::fuzz::take_line(rest);
  head.fetch_site = koshin::fuzz::take_line(rest);
  head.fetch_mode = koshin::fuzz::take_line(rest);
  if (koshin::ui::refuse_origin(head, 4711) == 0)
    koshin::fuzz::require(head.host == "127.0.0.1:4711" && head.origin == "http://127.0.0.1:4711",
                          "only the page itself may post");
  sieve(koshin::fuzz::text_of(data, size));
  const auto action = koshin::ui::parse_action({rest.data(), rest.size()});
  ++(action ? koshin::fuzz::tally.accepted : koshin::fuzz::tally.refused);
  return 0;
}
