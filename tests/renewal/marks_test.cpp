// SPDX-License-Identifier: MIT
// The documented marks: what they look like, and whose they are.
#include "renewal/token/marks.hpp"

#include <gtest/gtest.h>

#include "foundation/base/text.hpp"

namespace koshin::renewal {
namespace {

const Bytes one_subject{0x30, 0x03, 1, 2, 3};
const Bytes other_subject{0x30, 0x03, 1, 2, 4};

TEST(Marks, AnIdSaysThatItIsOursAndWhoseItIs) {
  const LineageMark mark = lineage_mark(one_subject);
  const Bytes id = make_marked_id(mark);
  EXPECT_EQ(id.size(), 20U);
  EXPECT_TRUE(to_hex(id).starts_with("6b6f7368" + to_hex(mark))) << "as docs/architecture.md has it";
  EXPECT_TRUE(is_marked(id));
  EXPECT_TRUE(is_marked_for(id, mark));
  EXPECT_FALSE(is_marked_for(id, lineage_mark(other_subject)));
  EXPECT_EQ(lineage_in_id(id), mark);
  EXPECT_NE(id, make_marked_id(mark)) << "one pair is not another";
}

TEST(Marks, WhatOthersMakeIsNotOurs) {
  EXPECT_FALSE(is_marked({}));
  EXPECT_FALSE(is_marked(Bytes{0x6b, 0x6f, 0x73, 0x68}));
  EXPECT_FALSE(is_marked(Bytes(20, 7)));
  EXPECT_FALSE(lineage_in_id(Bytes{5}));
}

TEST(Marks, ALabelSaysItTooAndWhen) {
  const LineageMark mark = lineage_mark(one_subject);
  const std::string label = marked_label("12345678901234 user0001 2026-11-28", mark);
  EXPECT_EQ(label, "12345678901234 user0001 2026-11-28 [koshin " + to_hex(mark) + "]");
  EXPECT_TRUE(label_is_marked_for(label, mark));
  EXPECT_FALSE(label_is_marked_for(label, lineage_mark(other_subject)));
  EXPECT_FALSE(label_is_marked_for("12345678901234 user0001 2026-11-28", mark));
  EXPECT_EQ(day_of_label(label), "2026-11-28");
  EXPECT_EQ(day_of_label("user0001 2026-11-28"), "");
  EXPECT_EQ(day_of_label(" [koshin 00]"), "");
}

}  // namespace
}  // namespace koshin::renewal
