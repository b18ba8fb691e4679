// SPDX-License-Identifier: MIT
// Calendar durations and instants: parsing, printing, and arithmetic with month ends and leap days.
#include "foundation/base/calendar.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "foundation/base/local_time.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/calendar.hpp"

namespace koshin {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr long long max_years = 100;
constexpr long long max_days = max_years * 366;

/// Removes a component such as "12M" from the front of `text`. False when `text` does not begin with digits
/// and a letter.
bool take_component(std::string_view& text, long long& value, char& unit) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data() || text.front() == '-') return false;
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (digits == text.size()) return false;
  unit = text[digits];
  text.remove_prefix(digits + 1);
  return true;
}

/// The components of the date or time part of a duration, in the order of `units`, each at most once.
/// `values` receives one value for each unit.
bool take_components(std::string_view text, std::string_view units, std::array<long long, 4>& values) {
  std::size_t next = 0;
  while (!text.empty()) {
    long long value = 0;
    char unit = 0;
    if (!take_component(text, value, unit)) return false;
    const auto position = units.find(unit, next);
    if (position == std::string_view::npos) return false;
    values[position] = value;
    next = position + 1;
  }
  return true;
}

bool within_bounds(const std::array<long long, 4>& date, const std::array<long long, 4>& time) {
  const auto [y, m, w, d] = date;
  const auto [h, min, s, unused] = time;
  if (y > max_years || m > max_years * 12 || w > max_days / 7 || d > max_days) return false;
  if (h > max_days * 24 || min > max_days * 1440 || s > max_days * 86400) return false;
  const long long total = y * 366 + m * 31 + w * 7 + d + (h * 3600 + min * 60 + s) / 86400;
  return total <= max_days + 31 * 12;
}

TimePoint shift_months(TimePoint from, months by) {
  const auto day = std::chrono::floor<days>(from);
  const year_month_day date{day};
  auto target = std::chrono::year_month{date.year(), date.month()} + by;
  year_month_day shifted = target / date.day();
  if (!shifted.ok()) shifted = target / std::chrono::last;
  return sys_days{shifted} + (from - day);
}

/// Reads exactly `digits` digits at `position`; -1 when there are none.
int number_at(std::string_view text, std::size_t position, std::size_t digits) {
  if (position + digits > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(position, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// "Z" or "+09:00"; empty for anything else.
std::optional<seconds> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return seconds{0};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hour = number_at(text, 1, 2);
  const int minute = number_at(text, 4, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  const seconds offset = hours{hour} + minutes{minute};
  return text[0] == '-' ? -offset : offset;
}

}  // namespace

std::optional<CalendarDuration> CalendarDuration::parse(std::string_view text) {
  if (text.size() < 3 || text.size() > 64 || text.front() != 'P') return std::nullopt;
  text.remove_prefix(1);
  const auto t = text.find('T');
  const auto date_part = text.substr(0, t);
  const auto time_part = t == std::string_view::npos ? std::string_view{} : text.substr(t + 1);
  if (t != std::string_view::npos && time_part.empty()) return std::nullopt;
  std::array<long long, 4> date{};
  std::array<long long, 4> time{};
  if (!take_components(date_part, "YMWD", date) || !take_components(time_part, "HMS", time))
    return std::nullopt;
  // ISO 8601 section 4.4.3.2: weeks stand alone.
  const bool weeks_with_others =
      date_part.find('W') != std::string_view::npos && date_part.find('W') + 1 != text.size();
  const bool others_with_weeks = date_part.find('W') != std::string_view::npos &&
                                 date_part.find_first_of("YM") != std::string_view::npos;
  if (weeks_with_others || others_with_weeks || !within_bounds(date, time)) return std::nullopt;
  return CalendarDuration{.years = static_cast<int>(date[0]),
                          .months = static_cast<int>(date[1]),
                          .days = static_cast<int>(date[2] * 7 + date[3]),
                          .time = seconds{time[0] * 3600 + time[1] * 60 + time[2]}};
}

std::string CalendarDuration::to_string() const {
  std::string text = "P";
  const auto append = [&text](long long value, char unit) {
    if (value != 0) text += std::to_string(value) + unit;
  };
  append(years, 'Y');
  append(months, 'M');
  append(days, 'D');
  if (time.count() != 0) {
    text += 'T';
    append(time.count() / 3600, 'H');
    append(time.count() / 60 % 60, 'M');
    append(time.count() % 60, 'S');
  }
  return text == "P" ? "P0D" : text;
}

TimePoint subtract(TimePoint from, const CalendarDuration& duration) {
  return shift_months(from, -std::chrono::months{duration.years * 12 + duration.months}) -
         std::chrono::days{duration.days} - duration.time;
}

TimePoint add(TimePoint to, const CalendarDuration& duration) {
  return shift_months(to, std::chrono::months{duration.years * 12 + duration.months}) +
         std::chrono::days{duration.days} + duration.time;
}

std::string to_rfc3339(TimePoint time) {
  const auto day = std::chrono::floor<days>(time);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 48> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02lld:%02lld:%02lldZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<long long>(clock.hours().count()), static_cast<long long>(clock.minutes().count()),
      static_cast<long long>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || text.size() > 40 || text[4] != '-' || text[7] != '-' || text[13] != ':' ||
      text[16] != ':')
    return std::nullopt;
  if (text[10] != 'T' && text[10] != 't') return std::nullopt;
  const int year = number_at(text, 0, 4);
  const int month = number_at(text, 5, 2);
  const int day = number_at(text, 8, 2);
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60)
    return std::nullopt;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  std::size_t rest = 19;
  if (text[rest] == '.') {  // fractions of a second are dropped
    rest = text.find_first_not_of("0123456789", rest + 1);
    if (rest == std::string_view::npos || rest == 20) return std::nullopt;
  }
  const auto offset = parse_offset(text.substr(rest));
  if (!offset) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second} - *offset;
}

namespace {

/// " (UTC+09:00)", " (UTC)": how far the time zone is from UTC at that time.
std::string zone_of(const std::tm& local, TimePoint time) {
  using namespace std::chrono;
  const sys_days day = year{local.tm_year + 1900} / (local.tm_mon + 1) / local.tm_mday;
  const auto shown = day + hours{local.tm_hour} + minutes{local.tm_min} + seconds{local.tm_sec};
  const auto offset = duration_cast<minutes>(shown - time);
  if (offset == minutes{0}) return " (UTC)";
  const auto minutes_of_it = offset < minutes{0} ? -offset.count() : offset.count();
  const auto two_digits = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::string(" (UTC") + (offset < minutes{0} ? "-" : "+") + two_digits(minutes_of_it / 60) + ":" +
         two_digits(minutes_of_it % 60) + ")";
}

/// In the system's time zone, which is named, as that text of the catalogues puts it.
std::string to_local(TimePoint time, const Text& form, Language language) {
  constexpr std::array month_names{
      texts::calendar_january, texts::calendar_february, texts::calendar_march,
      texts::calendar_april,   texts::calendar_may,      texts::calendar_june,
      texts::calendar_july,    texts::calendar_august,   texts::calendar_september,
      texts::calendar_october, texts::calendar_november, texts::calendar_december};
  const std::tm t = local_time(static_cast<std::time_t>(time.time_since_epoch().count()));
  const auto two_digits = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  const PlaceValue values[] = {
      {"year", std::to_string(t.tm_year + 1900)},
      {"month", std::to_string(t.tm_mon + 1)},
      {"month2", two_digits(t.tm_mon + 1)},
      {"month_name", std::string(month_names.at(static_cast<std::size_t>(t.tm_mon)).in(language))},
      {"day", std::to_string(t.tm_mday)},
      {"day2", two_digits(t.tm_mday)},
      {"hour", std::to_string(t.tm_hour)},
      {"hour2", two_digits(t.tm_hour)},
      {"minute2", two_digits(t.tm_min)},
      {"second2", two_digits(t.tm_sec)}};
  return fill_named_places(form.in(language), values) + zone_of(t, time);
}

}  // namespace

std::string to_local_text(TimePoint time, Language language) {
  return to_local(time, texts::calendar_in_columns, language);
}

std::string to_local_words(TimePoint time, Language language) {
  return to_local(time, texts::calendar_in_words, language);
}

namespace {

std::string days_in_words(long count, const Text& many, const Text& one, const Text& none,
                          Language language) {
  const PlaceValue values[] = {{"days", std::to_string(count)}};
  return fill_named_places((count == 1 ? one : count < 1 ? none : many).in(language), values);
}

}  // namespace

std::string days_left_in_words(long count, Language language) {
  return days_in_words(count, texts::calendar_left_days, texts::calendar_left_day, texts::calendar_left_today,
                       language);
}

std::string days_ago_in_words(long count, Language language) {
  return days_in_words(count, texts::calendar_ago_days, texts::calendar_ago_day, texts::calendar_ago_today,
                       language);
}

}  // namespace koshin
