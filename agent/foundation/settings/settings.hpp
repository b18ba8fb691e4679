// SPDX-License-Identifier: MIT
// Settings of one bank, and of all banks of a computer. docs/settings.md lists every key.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/base/log_level.hpp"
#include "foundation/base/name_by_language.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/choices.hpp"
#include "foundation/system/registry.hpp"

namespace koshin {

/// Size limits in bytes of files that settings name.
inline constexpr std::size_t largest_anchors_file = 1024UL * 1024, largest_logo_file = 64UL * 1024;

struct Settings {
  struct Token {
    std::vector<std::string> modules;  ///< absolute paths, or "p11-kit:NAME"; tried in order
    TokenProfileName profile = TokenProfileName::generic;
    bool factory_management_key = false;  ///< a card that still has the factory's may be renewed with it
    std::string uri;  ///< RFC 7512: selects the token when there are several; may contain pin-source
    PinCharacters pin_characters = PinCharacters::printable;
    TrialObject trial_object = TrialObject::automatic;
    std::optional<std::chrono::seconds>
        rescan_interval;  ///< polling interval for modules without a reader; unset: never
  } token;
  struct Pin {                  ///< what the company asks of a new PIN, beside the token's own rules
    int minimum_length = 0;     ///< 0: only what the token asks for
    bool refuse_simple = true;  ///< neither one character repeated nor a run such as 123456 or 987654
  } pin;
  struct Authority {
    AuthorityProtocol protocol = AuthorityProtocol::est;
    std::string url;    ///< "https://host:port", without /.well-known
    std::string label;  ///< EST label (RFC 7030 section 3.2.2), may be empty
    /// Labels for certificates that do not log in (renewal.purposes); empty: `label`.
    std::string signature_label, encryption_label;
    std::filesystem::path
        trust_anchors;  ///< PEM file: explicit trust anchors; empty: the system's (implicit)
    std::filesystem::path
        issuer_anchors;  ///< PEM file the issued certificate must chain to; empty: trust_anchors and /cacerts
    AuthorityLogin http_authentication = AuthorityLogin::none;
    std::string http_user;
    std::filesystem::path http_password_file;  ///< readable by its owner only
    /// Whether a renewal needs a passphrase that no file contains, so that a person must enter it.
    bool person_gives_passphrase() const {
      return http_authentication != AuthorityLogin::none && http_password_file.empty();
    }
    ChannelBinding channel_binding = ChannelBinding::automatic;
    ClientChain client_chain = ClientChain::automatic;
    std::chrono::seconds connect_timeout{10};
    std::chrono::seconds request_timeout{60};
    int attempts = 3;       ///< attempts of one exchange in a job when the network fails
    std::string prove_url;  ///< where the new certificate logs in; empty: the authority itself
  } authority;
  struct Proxy {
    std::string
        url;  ///< "http://…"; empty: environment; "none"; "system": the desktop's; "pac+https://…": a script
    ProxyAuthentication authentication = ProxyAuthentication::automatic;
    std::string user;
    std::filesystem::path password_file;    ///< readable by its owner only
    std::filesystem::path trust_anchors{};  ///< PEM file for an https:// proxy; empty: the system's
    std::string no_proxy;
  } proxy;
  struct Renewal {
    CalendarDuration window{.months = 1};  ///< renew from this long before expiry
    CalendarDuration grace{};  ///< renew until this long after expiry (the authority must allow it)
    std::string key = "same";  ///< "same" | "rsa-2048" … "ec-p521" | "renew" (certify the same key again)
    /// What the person may choose instead on the wizard's page, spelled as `key`; empty: no choice.
    std::vector<std::string> key_choices;
    HomeSlot home_slot = HomeSlot::always;
    std::chrono::seconds job_deadline{300};
  } renewal;
  struct Expect {  ///< conditions for the bank's certificates, old or just issued; empty: any
    std::string organization, organizational_unit;
    std::string common_name_pattern;  ///< regular expression (RE2) over the whole CN
    /// Extended key usages (OIDs) that a new certificate may have in addition to the old one's.
    std::vector<std::string> added_extended_usages;
    CalendarDuration longest_validity{.years = 10};  ///< from now; a certificate that ends later is refused
    std::string issuer_pattern;  ///< regular expression (RE2) over the issuer's whole name (RFC 2253)
    std::string token_uri;       ///< RFC 7512: the bank's tokens; only token, manufacturer, model and serial
    /// The key renewal.purposes: words of RenewedPurpose, "login" among them. Here, since a bank claims the
    /// certificates that it renews and no others.
    std::vector<std::string> purposes{std::string(word(RenewedPurpose::login))};
    /// The bank's name (not a settings key), which renewal::assign_banks() assigns to its certificates.
    std::string bank;
  } expect;
  struct Reminders {
    std::vector<CalendarDuration> thresholds;  ///< default 28 d, 7 d, 3 d, 2 d, 1 d
    bool daily = true;                         ///< once a day while the token stays in
  } reminders;
  struct Unattended {
    bool enabled = false;
    CalendarDuration spread{.days = 7};  ///< renewals are spread by jitter over this long
  } unattended;
  struct Hooks {
    std::filesystem::path directory = "/etc/koshin/hooks.d";  ///< run after a renewal; empty: none
  } hooks;
  struct Log {
    LogLevel level = LogLevel::info;
    bool module_output = false;  ///< log the output of a vendor's module, without the job's secrets
  } log;
  struct Metrics {
    std::filesystem::path textfile;  ///< Prometheus textfile; empty: none
  } metrics;
  struct Mail {
    std::string url;  ///< "smtp://host:587", "smtps://host:465"; empty: no mail
    std::string from, to, cc, user;
    std::filesystem::path password_file, trust_anchors;
    std::string language = "ja";
    bool starttls = true;
  } mail;
  struct Branding {
    NameByLanguage bank_name, help_desk;
    NameByLanguage pin_name;     ///< the bank's word for the PIN of a token; empty: PIN
    std::filesystem::path logo;  ///< SVG or PNG, at most 64 KiB
    std::string accent_color;    ///< "#rrggbb"
    std::string login_url;
  } branding;
  struct Page {
    bool shuffle_software_keyboard = false;
    std::chrono::seconds idle_timeout{600};
  } page;

  /// Where each value came from: "authority.url" → "/etc/koshin/koshin.toml:3:7".
  std::vector<std::pair<std::string, std::string>> origins;
  /// The `expect` sections of all banks of the computer, this one included, in order. Empty in settings that
  /// were not loaded: only this bank.
  std::vector<Expect> claims;

  /// The name of these settings' bank. Empty: the only bank, without a name; base_bank: a bank without a name
  /// beside others with names.
  const std::string& bank() const { return expect.bank; }
};

/// The name of a bank without a name where others have names; not allowed in settings files.
inline constexpr std::string_view base_bank = "-";
/// The form of bank names, for messages, and the test for it.
inline constexpr std::string_view bank_name_form =
    "1 to 64 letters, digits, \"-\", \"_\" and \".\", the first a letter or a digit";
bool is_bank_name(std::string_view name);

/// All settings of a computer.
struct Deployment {
  /// Settings outside of banks. Modules, log, metrics and page apply to the computer.
  Settings base;
  /// At least one bank: the base itself where no bank has a name; else the base under the name base_bank, if
  /// it has an authority, and the banks with names, in the order of their first appearance. Each consists of
  /// its own settings over those that it inherits from the base (SettingScope).
  std::vector<Settings> banks;
  /// The bank of this name; null when there is none.
  const Settings* find(std::string_view bank) const;
  /// The names of the banks, in their order; empty when the only bank has none.
  std::vector<std::string> names() const;
};

/// A tree of settings in the registry (registry_settings.hpp).
struct RegistrySource {
  std::string place;  ///< "HKLM\\SOFTWARE\\Policies\\koshin"
  /// Throws as read_machine_registry().
  std::function<RegistryKey()> read;
};

/// The sources of settings. With `only`, a file that root alone can write is read alone, with an
/// administrator's rights; any other file takes the place of the user's file, below the administrator's files
/// and their locks. Each file must belong to root or to the caller and be writable by nobody else (else
/// settings_unsafe).
struct SettingsSources {
  std::filesystem::path system_file, drop_in_directory, user_file;
  std::optional<std::filesystem::path> only;
  std::filesystem::path bank_directory{};  ///< the administrator's, one bank in each file
  /// Where there is a registry: what was given at installation, below all files, and the policies, above all.
  std::optional<RegistrySource> installed{}, policies{};
  /// /etc/koshin/koshin.toml, /etc/koshin/conf.d/*.toml, /etc/koshin/banks.d/NAME.toml,
  /// $XDG_CONFIG_HOME/koshin/koshin.toml, or their counterparts on Windows, and the registry there.
  static SettingsSources standard();
};

/// Loads all settings. Throws FailureError{settings_invalid} with "file:line:column: problem", or
/// {settings_unsafe}. Missing files are no error. Administrator's files may contain `locked =
/// ["authority.url", …]`: a user's file that sets a locked key is an error; token.modules, hooks.directory
/// and the trust anchors (authority.trust_anchors, authority.issuer_anchors, proxy.trust_anchors) are always
/// locked.
Deployment load_deployment(const SettingsSources& sources);
/// Loads the settings of one bank, for a job or page. Without a name: the only bank, or the base where there
/// are several. Throws FailureError{settings_invalid} also for an unknown bank.
Settings load_settings(const SettingsSources& sources, std::string_view bank = {});
/// load_settings() from a loaded deployment.
Settings settings_for(const Deployment& deployment, std::string_view bank);

}  // namespace koshin
