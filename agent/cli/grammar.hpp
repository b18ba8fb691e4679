// SPDX-License-Identifier: MIT
// The command line's grammar, built with CLI11: its commands and options (grammar.cpp, grammar_care.cpp), and
// the parsing by it (arguments.cpp).
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/texts.hpp"
#include "cli/usage.hpp"
#include "foundation/base/language.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {

// Kinds of values: the same in every language, since CLI11 counts bytes where it should count columns.
namespace kind {
constexpr const char* file = "FILE";
constexpr const char* uri = "URI";
constexpr const char* module = "MODULE";
constexpr const char* bank = "BANK";
constexpr const char* sha256 = "SHA256";
constexpr const char* duration = "DURATION";
constexpr const char* user = "ID";
constexpr const char* number = "N";
}  // namespace kind

/// Builds the grammar and remembers which words were used where.
class Grammar {
 public:
  explicit Grammar(Language language) : language_(language), app_(text(texts::cli_help_program)) {
    localise();
    add_global_options();
    add_inspect();
    add_renew();
    add_enroll();
    add_prune();
    add_cancel();
    add_records();
    add_doctor();
    add_pin();
    add_config();
    add_browser();
    add_support_bundle();
  }
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  std::variant<Arguments, Information> parse(std::vector<std::string> words);

 private:
  std::string text(const Text& what) const { return std::string(what.in(language_)); }
  void localise();
  void add_global_options();
  void add_inspect();
  void add_renew();
  void add_enroll();
  void add_prune();
  void add_cancel();
  void add_records();
  void add_doctor();
  void add_pin();
  void add_config();
  void add_browser();
  void add_support_bundle();
  CLI::App* group(const std::string& name, const Text& description);
  CLI::App* command(CLI::App& parent, const std::string& name, const Text& description, Command command,
                    const Text& more);
  void flag(CLI::App* app, const std::string& name, bool& value, const Text& description);
  void option(CLI::App* app, const std::string& name, std::string& value, const char* kind,
              const Text& description);
  void token_options(CLI::App* app);
  void bank_option(CLI::App* app);
  void secret_options(CLI::App* app);
  void pinentry_options(CLI::App* app);
  const CLI::App& reached() const;
  UsagePlace place(const CLI::App& app) const;
  std::string kind_of(const std::string& complaint) const;
  void turn_help_around(std::vector<std::string>& words) const;
  void finish();

  Language language_;
  CLI::App app_;
  Arguments arguments_;
  bool secrets_are_read_ = false;
  std::string language_name_, color_name_;
  std::string wait_limit_ = "P1D";
};

}  // namespace koshin::cli
