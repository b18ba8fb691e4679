// SPDX-License-Identifier: MIT
// The bank's colour stays readable whatever it is; only pictures are served as a logo.
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "support/temporary_directory.hpp"
#include "ui-bridge/page/brand.hpp"

namespace koshin::ui {
namespace {

TEST(Brand, ADarkColourStaysAsItIsOnWhite) {
  EXPECT_NE(brand_css("#0b4f8a").find(":root{--accent:#0b4f8a;--on-accent:#ffffff}"), std::string::npos);
}

double linear(int channel) {
  const double share = channel / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

/// WCAG 2's contrast of "#rrggbb" with white.
double contrast_with_white(const std::string& color) {
  const auto channel = [&](std::size_t i) {
    return linear(std::stoi(color.substr(1 + 2 * i, 2), nullptr, 16));
  };
  return 1.05 / (0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2) + 0.05);
}

TEST(Brand, AColourTooPaleForTextIsMadeDarkerForLightAndKeptForDark) {
  const std::string css = brand_css("#ffe600");
  const std::string begin = ":root{--accent:", dark = "@media(prefers-color-scheme:dark){";
  ASSERT_EQ(css.rfind(begin, 0), 0U);
  EXPECT_GE(contrast_with_white(css.substr(begin.size(), 7)), 4.5);
  EXPECT_NE(css.find(dark + begin + "#ffe600;--on-accent:#000000}}"), std::string::npos);
}

TEST(Brand, WhatIsNoColourNeverReachesTheStyleSheet) {
  for (const char* text : {"", "red", "#12345", "#12345g", "#123456;}body{display:none", "url(x)"})
    EXPECT_EQ(brand_css(text), "");
}

TEST(Brand, OnlySvgAndPngOfABoundedSizeAreALogo) {
  const auto file = std::filesystem::temp_directory_path() / ("koshin-logo-" + std::to_string(::getpid()));
  const auto type = [&](const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
    const auto logo = load_logo(file);
    return logo ? logo->content_type : "";
  };
  EXPECT_EQ(type("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "image/svg+xml");
  EXPECT_EQ(type("\x89PNG\r\n\x1a\n rest"), "image/png");
  EXPECT_EQ(type("<html><script>1</script></html>"), "");
  EXPECT_EQ(type("<svg>" + std::string(70'000, ' ')), "");
  std::filesystem::remove(file);
  EXPECT_FALSE(load_logo(file));
}

TEST(Brand, ALogoThatOthersCanDrawIsLeftOut) {
  const test::TemporaryDirectory folder;
  const auto inner = folder.path() / "brand", file = inner / "logo.svg";
  std::filesystem::create_directory(inner);
  std::ofstream(file) << "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  ASSERT_TRUE(load_logo(file));
  ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
  EXPECT_FALSE(load_logo(file));
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  ASSERT_EQ(::chmod(inner.c_str(), 0777), 0);
  EXPECT_FALSE(load_logo(file)) << "whoever can write a folder above it puts another one there";
  ASSERT_EQ(::chmod(inner.c_str(), 0755), 0);
  ASSERT_TRUE(load_logo(file));
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: only root can give files away";
  ASSERT_EQ(::chown(file.c_str(), 12345, 12345), 0);
  EXPECT_FALSE(load_logo(file));
}

}  // namespace
}  // namespace koshin::ui
