// SPDX-License-Identifier: MIT
// When lines have colours, and what is left of a line without them.
#include "cli/colors.hpp"

#include <gtest/gtest.h>

namespace koshin::cli {
namespace {

constexpr ColorSurroundings at_terminal() {
  return {.takes_colors = true, .no_color = "", .term = "xterm-256color"};
}

TEST(Colors, AreThereAtATerminalUnlessTheEnvironmentSaysNo) {
  EXPECT_TRUE(wants_colors(ColorChoice::automatic, at_terminal()));
  ColorSurroundings pipe = at_terminal();
  pipe.takes_colors = false;
  EXPECT_FALSE(wants_colors(ColorChoice::automatic, pipe));
  for (const char* const term : {"dumb", ""}) {
    ColorSurroundings plain = at_terminal();
    plain.term = term;
    EXPECT_FALSE(wants_colors(ColorChoice::automatic, plain)) << term;
  }
  for (const char* const any : {"1", "0", "no"}) {
    ColorSurroundings refused = at_terminal();
    refused.no_color = any;
    EXPECT_FALSE(wants_colors(ColorChoice::automatic, refused)) << any;
  }
}

TEST(Colors, OfAConsoleWithoutANameInTermAreThereToo) {
  EXPECT_TRUE(wants_colors(ColorChoice::automatic, {.takes_colors = true, .terminals_have_names = false}));
}

TEST(Colors, TheOptionComesBeforeTheSurroundings) {
  EXPECT_TRUE(wants_colors(ColorChoice::always, {.no_color = "1", .term = "dumb"}));
  EXPECT_FALSE(wants_colors(ColorChoice::never, at_terminal()));
}

TEST(Colors, LeaveTheTextAsItWasWhenTheyAreTakenAway) {
  for (const Shade shade : {Shade::good, Shade::warning, Shade::bad}) {
    EXPECT_NE(painted(shade, "✗ 電子証明書"), "✗ 電子証明書");
    EXPECT_EQ(without_colors("a " + painted(shade, "✗ 電子証明書") + " b"), "a ✗ 電子証明書 b");
  }
  EXPECT_EQ(without_colors("no color"), "no color");
  EXPECT_EQ(without_colors("\x1b[K and \x1b[31"), "\x1b[K and \x1b[31") << "another code, and half of one";
}

}  // namespace
}  // namespace koshin::cli
