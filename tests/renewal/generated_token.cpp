// SPDX-License-Identifier: MIT
#include "generated_token.hpp"

#include <cstdlib>
#include <sstream>

namespace koshin::test {
namespace {

using messages::CertificateReport;
using messages::KeyState;
using messages::Purpose;

int pick(std::mt19937& random, int below) {
  return static_cast<int>(random() % static_cast<std::uint32_t>(below));
}
bool one_in(std::mt19937& random, int times) {
  return pick(random, times) == 0;
}

Purpose pick_purpose(std::mt19937& random) {
  constexpr Purpose purposes[] = {
      Purpose::log_in,     Purpose::log_in,    Purpose::log_in,      Purpose::log_in,     Purpose::signature,
      Purpose::encryption, Purpose::authority, Purpose::placeholder, Purpose::unreadable, Purpose::unknown};
  return purposes[pick(random, 10)];
}

GeneratedCertificate generate_certificate(std::mt19937& random) {
  // Long gone, just gone, due, a month and more, years; the same days again and again, so that some are
  // equal.
  constexpr int ends[] = {-400, -3, -1, 3, 12, 12, 20, 100, 365, 3000};
  GeneratedCertificate one;
  one.purpose = pick_purpose(random);
  one.holder = one_in(random, 4) ? 1 : 0;
  one.issuer = one_in(random, 3) ? 1 : 0;
  one.ends = ends[pick(random, 10)];
  one.begins = one_in(random, 12) ? pick(random, 40) : one.ends - 365 - pick(random, 2);
  if (one.begins >= one.ends) one.begins = one.ends - 1;
  one.key_present = !one_in(random, 5);
  one.key_public = one.key_present && !one_in(random, 6);
  one.hidden = one_in(random, 6);
  one.twice = one_in(random, 8);
  one.signs = one_in(random, 5);
  if (one.purpose == Purpose::authority || one.purpose == Purpose::unreadable)
    one.key_present = one.key_public = false;
  if (one.purpose == Purpose::placeholder) one.key_present = one.key_public = true;
  return one;
}

TimePoint day(TimePoint now, int days) {
  return now + std::chrono::days{days};
}

CertificateReport report_certificate(const GeneratedCertificate& from, std::size_t index, bool with_pin,
                                     TimePoint now) {
  CertificateReport report;
  report.sha256 = fingerprint(index);
  report.key_id = std::to_string(index);
  report.purpose = from.purpose;
  report.has_public_key = from.key_public;
  report.key_state = !with_pin ? KeyState::unknown : from.key_present ? KeyState::present : KeyState::missing;
  if (from.purpose == Purpose::unreadable) return report;
  report.common_name = common_name_of(from.holder);
  report.subject = "CN=" + report.common_name;
  report.serial = std::to_string(index);
  report.holder = report.subject;
  report.issuer_key = "key:" + std::to_string(from.issuer);
  report.is_private = from.hidden;
  report.commits_content = from.signs;
  report.decrypts = from.purpose == Purpose::encryption;
  report.not_before = day(now, from.begins);
  report.not_after = day(now, from.ends);
  return report;
}

template <class Change>
void add_smaller(std::vector<GeneratedToken>& all, const GeneratedToken& token, Change change) {
  GeneratedToken smaller = token;
  if (change(smaller)) all.push_back(std::move(smaller));
}

bool without_certificate(GeneratedToken& token, std::size_t index) {
  token.certificates.erase(token.certificates.begin() + static_cast<std::ptrdiff_t>(index));
  std::erase_if(token.records,
                [&](const auto& record) { return record.old_one == index || record.new_one == index; });
  for (auto& record : token.records) {
    if (record.old_one > index) --record.old_one;
    if (record.new_one > index) --record.new_one;
  }
  return true;
}

template <class Value>
bool set(Value& value, Value simple) {
  if (value == simple) return false;
  value = simple;
  return true;
}

}  // namespace

std::string fingerprint(std::size_t index) {
  return "cert-" + std::to_string(index);
}

std::string common_name_of(int holder) {
  return "12345678901234 user000" + std::to_string(holder + 1);
}

GeneratedToken generate_token(std::mt19937& random) {
  GeneratedToken token;
  const int certificates = pick(random, 7);
  for (int i = 0; i < certificates; ++i) token.certificates.push_back(generate_certificate(random));
  constexpr renewal::State states[] = {renewal::State::completed, renewal::State::completed,
                                       renewal::State::abandoned};
  for (int i = pick(random, 3); i > 0 && certificates > 1; --i) {
    const auto old_one = static_cast<std::size_t>(pick(random, certificates));
    const auto new_one = static_cast<std::size_t>(pick(random, certificates));
    if (old_one != new_one) token.records.push_back({old_one, new_one, states[pick(random, 3)]});
  }
  token.lone_keys = one_in(random, 4) ? 1 : 0;
  token.remembered = one_in(random, 3);
  token.expects_first_holder = one_in(random, 2);
  token.knows_authority = one_in(random, 2);
  return token;
}

std::vector<GeneratedToken> smaller_tokens(const GeneratedToken& token) {
  std::vector<GeneratedToken> all;
  for (std::size_t i = 0; i < token.certificates.size(); ++i)
    add_smaller(all, token, [&](GeneratedToken& smaller) { return without_certificate(smaller, i); });
  for (std::size_t i = 0; i < token.records.size(); ++i)
    add_smaller(all, token, [&](GeneratedToken& smaller) {
      smaller.records.erase(smaller.records.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    });
  add_smaller(all, token, [](GeneratedToken& smaller) { return set(smaller.lone_keys, 0); });
  add_smaller(all, token, [](GeneratedToken& smaller) { return set(smaller.remembered, false); });
  add_smaller(all, token, [](GeneratedToken& smaller) { return set(smaller.expects_first_holder, false); });
  add_smaller(all, token, [](GeneratedToken& smaller) { return set(smaller.knows_authority, false); });
  for (std::size_t i = 0; i < token.certificates.size(); ++i) {
    const auto change = [&](auto what) {
      add_smaller(all, token, [&](GeneratedToken& smaller) { return what(smaller.certificates[i]); });
    };
    change([](auto& one) { return set(one.twice, false); });
    change([](auto& one) { return set(one.hidden, false); });
    change([](auto& one) { return set(one.signs, false); });
    change([](auto& one) { return set(one.key_present, true); });
    change([](auto& one) { return set(one.key_public, one.key_present); });
    change([](auto& one) { return set(one.holder, 0); });
    change([](auto& one) { return set(one.issuer, 0); });
    change([](auto& one) { return set(one.begins, one.ends - 365); });
  }
  return all;
}

std::string describe(const GeneratedToken& token) {
  std::ostringstream out;
  out << "token: " << token.lone_keys << " lone key(s)" << (token.remembered ? ", remembered" : "")
      << (token.expects_first_holder ? ", expects holder 0" : "")
      << (token.knows_authority ? ", knows issuer 0" : "") << '\n';
  for (std::size_t i = 0; i < token.certificates.size(); ++i) {
    const auto& one = token.certificates[i];
    out << "  " << fingerprint(i) << ": " << to_string(one.purpose) << ", holder " << one.holder
        << ", issuer " << one.issuer << ", from day " << one.begins << " to day " << one.ends
        << (one.key_present ? "" : ", no key") << (one.key_public ? "" : ", no public key")
        << (one.signs ? ", signs contents" : "") << (one.hidden ? ", private object" : "")
        << (one.twice ? ", twice" : "") << '\n';
  }
  for (const auto& record : token.records)
    out << "  record: " << fingerprint(record.old_one) << " -> " << fingerprint(record.new_one) << ", "
        << to_string(record.state) << '\n';
  return out.str();
}

messages::TokenReport report_of(const GeneratedToken& token, bool with_pin, TimePoint now) {
  messages::TokenReport report;
  report.label = "generated";
  report.serial = "0123456789abcdef";
  report.private_objects_hidden = !with_pin;
  for (std::size_t i = 0; i < token.certificates.size(); ++i) {
    const auto& one = token.certificates[i];
    if (!one.hidden || with_pin) {
      report.certificates.push_back(report_certificate(one, i, with_pin, now));
      report.certificates.back().issuer_vouched = token.knows_authority && one.issuer == 0;
    } else if (one.key_public) {
      report.keys_without_certificate.push_back({std::to_string(i), "key", "ec-p256", false, false, {}, {}});
    }
  }
  for (int i = 0; i < token.lone_keys; ++i)
    report.keys_without_certificate.push_back(
        {"lone" + std::to_string(i), "key", "ec-p256", false, false, {}, {}});
  std::vector<renewal::Renewed> renewed;
  for (const auto& record : token.records) {
    if (record.state == renewal::State::completed)
      renewed.push_back({fingerprint(record.old_one), fingerprint(record.new_one)});
  }
  renewal::assign_lineages(report, {renewed, {}}, now);
  return report;
}

Settings settings_for(const GeneratedToken& token) {
  Settings settings;
  if (token.expects_first_holder) settings.expect.common_name_pattern = common_name_of(0);
  return settings;
}

std::uint32_t seed_of_this_run() {
  const char* chosen = std::getenv("KOSHIN_SEED");
  constexpr std::uint32_t usual = 20260401;
  return chosen == nullptr ? usual : static_cast<std::uint32_t>(std::strtoul(chosen, nullptr, 10));
}

}  // namespace koshin::test
