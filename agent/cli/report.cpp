// SPDX-License-Identifier: MIT
// Tokens, certificates, records and failures as lines of text.
#include "cli/report.hpp"

#include <array>

#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/json_output.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/expectation.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/doctor_words.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/policy/renewed_purposes.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

constexpr long days_that_count_by_the_hour = 14;

std::string counted(const Console& console, long number, const Text& one, const Text& many) {
  return console.say(number == 1 ? one : many, {std::to_string(number)});
}

std::string yes_no(const Console& console, bool yes) {
  return console.say(yes ? texts::cli_yes : texts::cli_no);
}

std::string pin_text(const Console& console, const TokenReport& token) {
  if (!token.pin_set) return console.say(texts::cli_pin_not_set);
  if (token.pin_locked) return console.say(texts::cli_pin_locked);
  if (token.pin_to_be_changed) return console.say(texts::cli_pin_to_be_changed);
  if (token.pin_change_unknown) return console.say(texts::cli_pin_change_unknown);
  if (token.pin_final_try) return console.say(texts::cli_pin_final_try);
  if (token.pin_count_low) return console.say(texts::cli_pin_count_low);
  if (token.protected_path) return console.say(texts::cli_pin_on_reader);
  if (token.pin_max == 0) return console.say(texts::cli_pin_set);
  return console.say(texts::cli_pin_set_with_length,
                     {std::to_string(token.pin_min), std::to_string(token.pin_max)});
}

std::string key_text(const Console& console, const CertificateReport& certificate, bool hidden) {
  switch (certificate.key_state) {
    case messages::KeyState::present:
      return console.say(texts::cli_key_present, {certificate.key_algorithm});
    case messages::KeyState::shared:
      return console.say(texts::cli_key_shared, {certificate.key_algorithm});
    case messages::KeyState::missing:
      return console.say(texts::cli_key_missing, {certificate.key_algorithm});
    case messages::KeyState::unknown:
      break;
  }
  return console.say(hidden ? texts::cli_key_hidden : texts::cli_key_untold, {certificate.key_algorithm});
}

/// What the settings expect of a certificate that is not renewed, and what it has; or what is missing beside
/// it.
std::string text_of_unfit(const Session& session, const TokenReport& token,
                          const CertificateReport& certificate, const Failure& why) {
  const Console& console = session.console;
  const Settings& settings = settings_of_certificate(session, certificate);
  if (certificate.unclaimed && bank_is_open(session))
    return console.say(texts::cli_verdict_no_bank, {why_no_bank(session, certificate)});
  if (const auto other = find_unexpected(renewal::names_of(certificate), settings.expect))
    return console.say(texts::cli_verdict_not_ours, {other->setting, other->expected, other->found});
  if (certificate.unclaimed)
    return console.say(texts::cli_verdict_another_token, {printable(settings.expect.token_uri, 200)});
  if (renewal::authenticator_of(certificate, token, settings, session.now) == nullptr)
    return console.say(texts::cli_verdict_no_log_in);
  return console.say(texts::cli_verdict_not_possible, {console.say(info(why.reason).cause)});
}

/// A short text for the failure that a renewal would have.
std::string refusal_text(const Session& session, const TokenReport& token,
                         const CertificateReport& certificate, const Failure& why) {
  const Console& console = session.console;
  switch (why.reason) {
    case Reason::not_due:
      return console.say(texts::cli_verdict_not_due,
                         {to_local_text(renewal::due_from(certificate.not_after,
                                                          settings_of(session, certificate.bank).renewal),
                                        console.language())});
    case Reason::certificate_not_valid_yet:
      return console.say(texts::cli_verdict_not_valid_yet);
    case Reason::reissue_needed:
      return console.say(texts::cli_verdict_expired);
    case Reason::certificate_too_weak:
      return console.say(texts::cli_verdict_too_weak, {printable(certificate.weakness, 300)});
    case Reason::bank_ambiguous:
      return console.say(texts::cli_verdict_several_banks, {joined(certificate.disputed)});
    case Reason::certificate_not_found:
      return text_of_unfit(session, token, certificate, why);
    default:
      return console.say(texts::cli_verdict_not_possible, {console.say(info(why.reason).cause)});
  }
}

std::string verdict_text(const Session& session, const TokenReport& token,
                         const CertificateReport& certificate) {
  const Console& console = session.console;
  const Settings& settings = settings_of_certificate(session, certificate);
  if (!certificate.replaced_by.empty()) return console.say(texts::cli_verdict_replaced);
  if (renewal::is_left_behind(certificate, token, settings, session.now))
    return console.say(texts::cli_verdict_left_behind);
  if (const auto why = renewal::why_not_renewed(token, certificate, settings, session.now))
    return refusal_text(session, token, certificate, *why);
  if (session.now > certificate.not_after) return console.say(texts::cli_verdict_expired_in_grace);
  return console.say(texts::cli_verdict_due);
}

void print_certificate(const Session& session, const TokenReport& token,
                       const CertificateReport& certificate) {
  constexpr std::size_t indent = 4;
  const Console& console = session.console;
  console.print(texts::cli_inspect_certificate);
  console.field(texts::cli_field_purpose, purpose_text(console, certificate.purpose), indent);
  if (certificate.purpose != messages::Purpose::unreadable) {
    print_subject(session, certificate, indent);
    console.field(texts::cli_field_issuer, printable(certificate.issuer, 300), indent);
    console.field(texts::cli_field_bank, certificate.bank.empty() ? "" : bank_name(session, certificate.bank),
                  indent);
    if (renewal::is_renewed(certificate.purpose, settings_of_certificate(session, certificate).expect))
      console.field(texts::cli_field_renewal, verdict_text(session, token, certificate), indent);
    console.field(texts::cli_field_key, key_text(console, certificate, token.private_objects_hidden), indent);
  }
  console.field(texts::cli_field_sha256, certificate.sha256, indent);
}

/// Hidden objects are not reported as missing.
void print_what_may_be_hidden(const Session& session, const TokenReport& token) {
  if (!token.trouble.empty()) return;
  const Console& console = session.console;
  const auto& banks = session.deployment.banks;
  if (std::ranges::any_of(
          banks, [&](const Settings& bank) { return renewal::may_hide_ours(token, bank.expect, false); })) {
    console.print(texts::cli_inspect_may_be_hidden);
  } else if (token.certificates.empty() && token.private_objects_hidden) {
    console.print(texts::cli_inspect_none_seen);
  } else if (token.certificates.empty()) {
    console.print(texts::cli_inspect_none);
  }
}

}  // namespace

std::string purpose_text(const Console& console, messages::Purpose purpose) {
  using messages::Purpose;
  switch (purpose) {
    case Purpose::log_in:
      return console.say(texts::cli_purpose_log_in);
    case Purpose::signature:
      return console.say(texts::cli_purpose_signature);
    case Purpose::encryption:
      return console.say(texts::cli_purpose_encryption);
    case Purpose::authority:
      return console.say(texts::cli_purpose_authority);
    case Purpose::placeholder:
      return console.say(texts::cli_purpose_placeholder);
    case Purpose::unreadable:
      return console.say(texts::cli_purpose_unreadable);
    case Purpose::unknown:
      break;
  }
  return console.say(texts::cli_purpose_unknown);
}

std::string expiry_text(const Console& console, TimePoint not_after, TimePoint now) {
  const std::string when = to_local_text(not_after, console.language());
  if (now > not_after) return console.say(texts::cli_expiry_expired, {when});
  const long days = renewal::days_left(not_after, now);
  const std::string in_days = counted(console, days, texts::cli_expiry_day, texts::cli_expiry_days);
  if (days >= days_that_count_by_the_hour) return console.say(texts::cli_expiry_days_left, {when, in_days});
  const auto hours = static_cast<long>(
      std::chrono::floor<std::chrono::hours>(not_after - now - std::chrono::days{days}).count());
  return console.say(
      texts::cli_expiry_hours_left,
      {when, in_days, counted(console, hours, texts::cli_expiry_hour, texts::cli_expiry_hours)});
}

std::string painted_by_due(const Console& console, TimePoint not_after, TimePoint now,
                           const Settings::Renewal& policy, std::string_view text) {
  if (now > not_after) return console.paint(Shade::bad, text);
  return now < renewal::due_from(not_after, policy) ? std::string(text) : console.paint(Shade::warning, text);
}

void print_subject(const Session& session, const CertificateReport& certificate, std::size_t indent) {
  const Console& console = session.console;
  console.field(texts::cli_field_organization, printable(certificate.organization, 200), indent);
  console.field(texts::cli_field_unit, printable(certificate.organizational_unit, 200), indent);
  console.field(texts::cli_field_common_name, printable(certificate.common_name, 200), indent);
  console.field(texts::cli_field_serial_number, certificate.serial, indent);
  const std::string until = expiry_text(console, certificate.not_after, session.now);
  const bool matters = certificate.replaced_by.empty();  // nobody has to do anything about a replaced one
  console.field(texts::cli_field_valid_until,
                matters ? painted_by_due(console, certificate.not_after, session.now,
                                         settings_of_certificate(session, certificate).renewal, until)
                        : until,
                indent);
}

void print_token(const Session& session, const TokenReport& token) {
  const Console& console = session.console;
  console.print(texts::cli_inspect_token, {printable(token.label, 100)});
  console.field(texts::cli_field_model, printable(token.manufacturer + ", " + token.model, 200));
  console.field(texts::cli_field_serial_number, printable(token.serial, 100));
  console.field(texts::cli_field_reader, printable(token.slot_description, 100));
  console.field(texts::cli_field_module, token.module);
  for (const std::string& module : token.other_modules) console.field(texts::cli_field_other_module, module);
  if (!token.initialized) {
    console.print(texts::cli_inspect_uninitialized);
    return;
  }
  console.field(texts::cli_field_pin, pin_text(console, token));
  if (token.write_protected) console.field(texts::cli_field_write_protected, yes_no(console, true));
  if (token.free_memory) console.field(texts::cli_field_free_memory, std::to_string(*token.free_memory));
  if (!token.trouble.empty()) {
    const auto reason = parse_reason(token.trouble);
    console.field(texts::cli_field_trouble, reason ? console.say(info(*reason).cause) : token.trouble);
  }
  auto certificates = token.certificates;
  std::sort(certificates.begin(), certificates.end(),
            [](const auto& left, const auto& right) { return left.not_after > right.not_after; });
  for (const auto& certificate : certificates) print_certificate(session, token, certificate);
  for (const auto& key : token.keys_without_certificate) {
    console.print(texts::cli_inspect_key_alone, {key.key_algorithm, key.key_id});
    if (key.ours) console.print(texts::cli_inspect_key_of_koshin, {key.made_on.empty() ? "?" : key.made_on});
  }
  print_what_may_be_hidden(session, token);
}

void print_modules_in_trouble(const Session& session, const messages::InspectResult& found) {
  for (const auto& entry : found.modules_in_trouble) {
    const ReasonInfo& row = info(entry.failure.reason);
    session.console.trouble(session.console.say(
        texts::cli_inspect_module_in_trouble,
        {entry.module, session.console.say(row.cause), session.console.say(row.user_action)}));
  }
}

void print_check(const Console& console, const messages::DoctorResult::Check& check) {
  const std::string_view mark = check.status == "ok"        ? (console.utf8() ? "✓" : "+")
                                : check.status == "warning" ? "!"
                                : check.status == "failed"  ? (console.utf8() ? "✗" : "x")
                                                            : "-";
  constexpr std::size_t column = 14;
  const Language language = console.language();
  std::string name = printable(renewal::name_in_words(check, language, console.pin_name()));
  if (display_width(name) > column) name += ':';  // no space is left before the text
  const std::string advice = printable(renewal::advice_in_words(check, language, console.pin_name()));
  const auto line = [&](const std::string& text) {
    check.status == "failed" ? console.print_wrong(text) : console.print(text);
  };
  const std::string painted_mark = check.status == "ok"        ? console.paint(Shade::good, mark)
                                   : check.status == "warning" ? console.paint(Shade::warning, mark)
                                   : check.status == "failed"  ? console.paint(Shade::bad, mark)
                                                               : std::string(mark);
  line("  " + painted_mark + " " + padded(name, column) + " " +
       printable(renewal::text_in_words(check, language, console.pin_name())));
  if (!advice.empty()) line(std::string(19, ' ') + "→ " + advice);
}

/// Failed and skipped checks in one line each: a list of their own would repeat them.
void print_checks(const Session& session, const messages::DoctorResult& result) {
  const Console& console = session.console;
  std::vector<std::string> failed, not_reached;
  for (const auto& check : result.checks) {
    const bool unreached = check.finding == to_string(renewal::Finding::not_reached);
    const std::string name = printable(renewal::name_in_words(check, console.language(), console.pin_name()));
    if (check.status == "failed") failed.push_back(name);
    if (unreached) not_reached.push_back(name);
    if (!unreached) print_check(console, check);
  }
  if (failed.empty()) return;
  console.print(console.paint(Shade::bad, console.say(texts::cli_doctor_failed, {joined(failed)})));
  if (!not_reached.empty()) console.print(texts::cli_doctor_not_reached, {joined(not_reached)});
}

void print_outlook(const Session& session, const messages::DoctorResult& result) {
  const Console& console = session.console;
  std::string open;
  for (const auto& check : result.checks) {
    if (renewal::leaves_open(check))
      open += (open.empty() ? "" : ", ") +
              printable(renewal::name_in_words(check, console.language(), console.pin_name()));
  }
  if (open.empty()) return console.print(texts::cli_doctor_nothing_found);
  console.print(texts::cli_doctor_left_open, {open});
}

}  // namespace koshin::cli
