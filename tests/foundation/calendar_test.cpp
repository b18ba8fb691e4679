// SPDX-License-Identifier: MIT
#include "foundation/base/calendar.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace koshin {
namespace {

TimePoint at(std::string_view text) {
  return parse_rfc3339(text).value();
}
CalendarDuration duration(std::string_view text) {
  return CalendarDuration::parse(text).value();
}

struct Case {
  const char* from;
  const char* duration;
  const char* expected;
};

TEST(Calendar, OneMonthBeforeKeepsTheDayOrTakesTheLastOne) {
  for (const Case& c : {
           Case{"2026-11-22T22:23:31Z", "P1M", "2026-10-22T22:23:31Z"},
           Case{"2026-03-31T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"},
           Case{"2028-03-31T23:59:59Z", "P1M", "2028-02-29T23:59:59Z"},
           Case{"2100-03-30T12:00:00Z", "P1M", "2100-02-28T12:00:00Z"},
           Case{"2000-03-30T12:00:00Z", "P1M", "2000-02-29T12:00:00Z"},
           Case{"2026-12-31T12:00:00Z", "P1M", "2026-11-30T12:00:00Z"},
           Case{"2026-01-15T12:00:00Z", "P1M", "2025-12-15T12:00:00Z"},
           Case{"2028-02-29T12:00:00Z", "P1Y", "2027-02-28T12:00:00Z"},
           Case{"2026-01-31T12:00:00Z", "P14M", "2024-11-30T12:00:00Z"},
           Case{"2026-03-31T00:00:00Z", "P1M1D", "2026-02-27T00:00:00Z"},
           Case{"2026-03-01T00:00:00Z", "PT1S", "2026-02-28T23:59:59Z"},
           Case{"2028-03-01T00:00:00Z", "PT36H", "2028-02-28T12:00:00Z"},
       }) {
    EXPECT_EQ(to_rfc3339(subtract(at(c.from), duration(c.duration))), c.expected)
        << c.from << " - " << c.duration;
  }
}

TEST(Calendar, AddingKeepsTheDayOrTakesTheLastOne) {
  for (const Case& c : {
           Case{"2026-01-31T10:00:00Z", "P1M", "2026-02-28T10:00:00Z"},
           Case{"2028-01-31T10:00:00Z", "P1M", "2028-02-29T10:00:00Z"},
           Case{"2028-02-29T10:00:00Z", "P4Y", "2032-02-29T10:00:00Z"},
           Case{"2028-02-29T10:00:00Z", "P1Y", "2029-02-28T10:00:00Z"},
           Case{"2026-12-15T23:00:00Z", "P1MT2H", "2027-01-16T01:00:00Z"},
           Case{"2026-02-20T00:00:00Z", "P2W", "2026-03-06T00:00:00Z"},
       }) {
    EXPECT_EQ(to_rfc3339(add(at(c.from), duration(c.duration))), c.expected) << c.from << " + " << c.duration;
  }
}

TEST(CalendarDuration, ReadsEveryPart) {
  EXPECT_EQ(duration("P1Y2M3DT4H5M6S"),
            (CalendarDuration{.years = 1, .months = 2, .days = 3, .time = std::chrono::seconds(14706)}));
  EXPECT_EQ(duration("P2W"), CalendarDuration{.days = 14});
  EXPECT_EQ(duration("PT36H"), CalendarDuration{.time = std::chrono::hours(36)});
  EXPECT_EQ(duration("P0D"), CalendarDuration{});
  EXPECT_EQ(duration("P100Y").years, 100);
}

TEST(CalendarDuration, RefusesAllElse) {
  for (const char* const text : {"",
                                 "P",
                                 "PT",
                                 "1M",
                                 "p1m",
                                 "P1",
                                 "PM",
                                 "P-1M",
                                 "-P1M",
                                 "P+1M",
                                 "P1.5D",
                                 "P1M ",
                                 " P1M",
                                 "P1M1Y",
                                 "P1D1D",
                                 "P1H",
                                 "PT1D",
                                 "P1YT",
                                 "P1W1D",
                                 "P1Y1W",
                                 "P1WT1H",
                                 "P101Y",
                                 "P1201M",
                                 "P36601D",
                                 "PT99999999999999999999S",
                                 "P99999999999999999999D",
                                 "P1M\n",
                                 "one month"}) {
    EXPECT_FALSE(CalendarDuration::parse(text)) << text;
  }
}

TEST(CalendarDuration, PrintsWhatItReads) {
  for (const char* const text : {"P1M", "P28D", "P1Y2M3DT4H5M6S", "PT36H", "P1DT1S", "P0D"})
    EXPECT_EQ(duration(text).to_string(), text);
  EXPECT_EQ(duration("P2W").to_string(), "P14D");
  EXPECT_EQ(duration("PT90M").to_string(), "PT1H30M");
}

TEST(Rfc3339, ReadsZulusOffsetsAndFractions) {
  EXPECT_EQ(to_rfc3339(at("2026-11-22T22:23:31Z")), "2026-11-22T22:23:31Z");
  EXPECT_EQ(to_rfc3339(at("2026-11-23T07:23:31+09:00")), "2026-11-22T22:23:31Z");
  EXPECT_EQ(to_rfc3339(at("2026-11-22T12:23:31.999-10:00")), "2026-11-22T22:23:31Z");
  EXPECT_EQ(to_rfc3339(at("2016-12-31T23:59:60Z")), "2017-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(TimePoint{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(at("9999-12-31T23:59:59Z")), "9999-12-31T23:59:59Z");
}

TEST(Rfc3339, RefusesWhatIsNoInstant) {
  for (const char* const text :
       {"", "2026-11-22", "2026-11-22T22:23:31", "2026-11-22 22:23:31Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+0900",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00ZZ", "+026-01-01T00:00:00Z",
        "2026-1-01T00:00:00ZZ"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(LocalText, IsInTheSystemsTimeZoneToTheSecond) {
  setenv("TZ", "Asia/Tokyo", 1);
  EXPECT_EQ(to_local_text(at("2026-11-22T22:23:31Z"), Language::en), "2026-11-23 07:23:31 (UTC+09:00)");
  EXPECT_EQ(to_local_text(at("2026-11-22T22:23:31Z"), Language::ja),
            "2026年11月23日 07時23分31秒 (UTC+09:00)");
  setenv("TZ", "UTC0", 1);
  EXPECT_EQ(to_local_text(at("2026-11-22T22:23:31Z"), Language::en), "2026-11-22 22:23:31 (UTC)");
}

TEST(LocalWords, AreWrittenAsInALetter) {
  setenv("TZ", "Asia/Tokyo", 1);
  EXPECT_EQ(to_local_words(at("2026-12-04T22:03:01Z"), Language::en),
            "5 December 2026, 07:03:01 (UTC+09:00)");
  EXPECT_EQ(to_local_words(at("2026-12-04T22:03:01Z"), Language::ja),
            "2026年12月5日 7時03分01秒 (UTC+09:00)");
  setenv("TZ", "UTC0", 1);
  EXPECT_EQ(to_local_words(at("2027-01-31T23:59:59Z"), Language::en), "31 January 2027, 23:59:59 (UTC)");
}

/// The zone is the one of that day, in summer and winter, west and east, and in steps of less than an hour.
TEST(LocalText, NamesTheZoneOfThatTime) {
  setenv("TZ", "America/New_York", 1);
  EXPECT_EQ(to_local_text(at("2026-07-01T00:10:00Z"), Language::en), "2026-06-30 20:10:00 (UTC-04:00)");
  EXPECT_EQ(to_local_text(at("2026-12-31T23:10:00Z"), Language::en), "2026-12-31 18:10:00 (UTC-05:00)");
  setenv("TZ", "Asia/Kathmandu", 1);
  EXPECT_EQ(to_local_text(at("2026-12-31T23:10:00Z"), Language::en), "2027-01-01 04:55:00 (UTC+05:45)");
  setenv("TZ", "UTC0", 1);
}

}  // namespace
}  // namespace koshin
