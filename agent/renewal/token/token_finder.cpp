// SPDX-License-Identifier: MIT
// Search for the token of a job.
#include "renewal/token/token_finder.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

#include "foundation/base/path_text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/file_access.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/uri_match.hpp"
#include "renewal/policy/meant_token.hpp"
#include "renewal/token/failure_translation.hpp"

namespace koshin::renewal {
namespace {

constexpr std::string_view registered_prefix = "p11-kit:";

bool is_registered(const std::string& name) {
  return name.starts_with(registered_prefix);
}

/// The file of a module; empty for an unknown p11-kit name, which is reported when the module is loaded.
std::filesystem::path file_of(const std::string& name) {
  if (!is_registered(name)) return path_of(name);
  try {
    return pkcs11::Module::resolve_registered(name.substr(registered_prefix.size())).path;
  } catch (const pkcs11::ModuleError&) {
    return {};
  }
}

}  // namespace

bool module_fits(const std::string& name, const std::optional<pkcs11::Uri>& uri) {
  if (!uri || (!uri->module_path && !uri->module_name)) return true;
  const std::filesystem::path file = file_of(name);
  if (file.empty()) return true;
  if (uri->module_path && !pkcs11::is_module_path(path_of(*uri->module_path), file)) return false;
  if (!uri->module_name) return true;
  const bool registered_name =
      is_registered(name) && name.substr(registered_prefix.size()) == *uri->module_name;
  return registered_name || pkcs11::is_module_name(*uri->module_name, file);
}

namespace {

/// Refuses a module file that other users can write: the module receives the PIN.
void check_module_file(const std::filesystem::path& path) {
  try {
    check_library(path);
  } catch (const NotAFile& error) {
    fail(Reason::module_incompatible, printable(error.what()));
  } catch (const UnsafeFile& error) {
    fail(Reason::module_unsafe, printable(error.what()));
  } catch (const std::system_error& error) {
    // Refused although absent or unreadable at this moment: the file might appear or become writable before
    // it is loaded.
    using Kind = pkcs11::ModuleError::Kind;
    const bool absent = error.code() == std::errc::no_such_file_or_directory;
    throw pkcs11::ModuleError(absent ? Kind::not_found : Kind::not_loadable, error.what());
  }
}

std::string list(const std::vector<pkcs11::TokenInfo>& tokens) {
  std::string text;
  for (const auto& token : tokens) text += "\n" + pkcs11::uri_of(token).to_string();
  return printable(text);
}

/// The tokens that cannot be meant, of all modules so far.
struct PassedOver {
  std::vector<pkcs11::TokenInfo> blank;   ///< tokens that match but are not initialised
  std::vector<pkcs11::TokenInfo> others;  ///< tokens that do not match
};

/// The tokens of a module that the job may mean. Uninitialised tokens are excluded, though the URI may match:
/// modules present empty slots as such tokens, and the next module may have the token that is meant.
std::vector<pkcs11::TokenInfo> candidates(pkcs11::Module& module, const std::optional<pkcs11::Uri>& uri,
                                          PassedOver& passed_over) {
  std::vector<pkcs11::TokenInfo> fitting;
  for (auto& token : module.tokens()) {
    const bool fits = !uri || pkcs11::describes(*uri, module, token);
    auto& kind = !fits ? passed_over.others : token.initialized ? fitting : passed_over.blank;
    kind.push_back(std::move(token));
  }
  return fitting;
}

/// The URI in a form that may be displayed: pin-source may contain the PIN by mistake.
pkcs11::Uri without_pin(pkcs11::Uri uri) {
  uri.pin_source.reset();
  uri.pin_value.reset();
  return uri;
}

[[noreturn]] void none_found(const JobContext& context, const std::optional<pkcs11::Uri>& uri,
                             const PassedOver& passed_over) {
  const auto& [blank, others] = passed_over;
  const bool only_blank =
      std::none_of(others.begin(), others.end(), [](const auto& token) { return token.initialized; });
  const bool named_is_blank = uri && !blank.empty();
  if (auto held = named_is_blank ? std::nullopt : held_card(context)) throw FailureError(std::move(*held));
  if (!blank.empty() && (uri || only_blank))
    fail(Reason::token_uninitialized, "the only token that fits has not been initialised:" + list(blank));
  if (uri) {
    fail(Reason::token_not_found,
         "no token fits " + without_pin(*uri).to_string() +
             (others.empty() ? "; none is plugged in" : "; plugged in:" + list(others)));
  }
  fail(Reason::token_not_found, "no token is plugged in");
}

}  // namespace

std::optional<Failure> held_card(const JobContext& context) {
  if (!context.readers_with_held_card) return {};
  std::string readers;
  for (const std::string& reader : context.readers_with_held_card())
    readers += (readers.empty() ? "" : ", ") + printable(reader, 200);
  if (readers.empty()) return {};
  return Failure{
      Reason::card_held,
      printable("no module shows the token; the card in this reader is held by another program: " + readers),
      {}};
}

TokenKey key_of(const pkcs11::TokenInfo& info) {
  return token_key(info.identity.manufacturer, info.identity.model, info.identity.serial,
                   printable(info.label, 200));
}

std::vector<std::string> modules_of(const messages::Job& job, const Settings& settings) {
  const auto& configured = settings.token.modules;
  if (configured.empty()) {
    fail(Reason::module_not_configured, "token.modules is empty: name the token's PKCS#11 module there");
  }
  if (job.module.empty()) return configured;
  if (std::find(configured.begin(), configured.end(), job.module) == configured.end()) {
    fail(Reason::module_not_configured,
         "the module " + printable(job.module, 300) + " is not in token.modules");
  }
  return {job.module};
}

std::shared_ptr<pkcs11::Module> load_module(const JobContext& context, const std::string& name) {
  pkcs11::RegisteredModule found{.name = {}, .path = path_of(name), .reserved = {}};
  if (is_registered(name)) found = pkcs11::Module::resolve_registered(name.substr(registered_prefix.size()));
  check_module_file(found.path);
  auto module = pkcs11::Module::load(found.path, found.reserved);
  if (context.keep_modules != nullptr) context.keep_modules->push_back(module);
  return module;
}

std::optional<pkcs11::Uri> token_uri_of(const messages::Job& job, const Settings& settings) {
  const bool from_job = !job.token_uri.empty();
  const std::string& text = from_job ? job.token_uri : meant_token_uri(settings);
  if (text.empty()) return {};
  const Reason reason = from_job ? Reason::usage_error : Reason::settings_invalid;
  const std::string where = from_job ? "token URI: " : "token.uri: ";
  try {
    auto uri = pkcs11::Uri::parse(text);
    if (uri.pin_value)
      fail(reason, where + "pin-value would show the PIN to every process; use pin-source or a prompt");
    return uri;
  } catch (const pkcs11::UriError& error) {
    fail(reason, where + printable(error.what()));
  }
}

FoundToken find_token(const JobContext& context) {
  const auto uri = token_uri_of(context.job, context.settings);
  std::exception_ptr first_trouble;
  PassedOver passed_over;
  for (const std::string& name : modules_of(context.job, context.settings)) {
    if (!module_fits(name, uri)) continue;
    try {
      auto module = load_module(context, name);
      auto fitting = candidates(*module, uri, passed_over);
      if (fitting.size() > 1) {
        fail(Reason::token_ambiguous, "several tokens fit; name one by its URI:" + list(fitting));
      }
      if (fitting.empty()) continue;
      return {std::move(module), name, std::move(fitting.front())};
    } catch (const FailureError&) {
      throw;
    } catch (const std::exception& error) {
      if (!first_trouble) first_trouble = std::current_exception();
      log::warning(log::Event::module_failed, "module " + name + ": " + as_failure(error).detail);
    }
  }
  if (first_trouble) std::rethrow_exception(first_trouble);
  none_found(context, uri, passed_over);
}

}  // namespace koshin::renewal
