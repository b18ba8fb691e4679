// SPDX-License-Identifier: MIT
// koshin-module-look: reads a job as koshin-worker does (kind inspect, with the module's path), and says what
// the module, the tokens that the job's URI fits and, with a PIN or where the job says that it is typed on
// the reader, all objects on that one token are. Each is a notice whose text is JSON (module_check/look.hpp);
// the last event is an empty result or a failure. A process of its own, so that a module's faults stay in it.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/jobs/secrets_frame.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "pkcs11/session.hpp"
#include "pkcs11/token_survey.hpp"
#include "pkcs11/uri_match.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/token_report.hpp"

namespace {

using namespace koshin;
using Json = nlohmann::json;

/// Where the events go, and where the log does: the standard streams are the module's, and lead nowhere.
Handle events_end, log_end;

void take_streams() {
  events_end = keep_own(StandardStream::output);
  log_end = keep_own(StandardStream::error);
  log::use_handle(log_end.get());
  lead_nowhere(StandardStream::output);
  lead_nowhere(StandardStream::error);
}

void write_event(const messages::Event& event) {
  write_all(events_end.get(), messages::to_json(event) + "\n");
}

void tell(const char* code, const Json& json) {
  write_event(messages::NoticeEvent{code, json.dump(-1, ' ', false, Json::error_handler_t::replace)});
}

pkcs11::RegisteredModule found_by(const std::string& module) {
  constexpr std::string_view registered = "p11-kit:";
  if (!module.starts_with(registered)) return {.name = {}, .path = path_of(module), .reserved = {}};
  return pkcs11::Module::resolve_registered(module.substr(registered.size()));
}

void tell_module(pkcs11::Module& module) {
  const pkcs11::LibraryInfo& library = module.library();
  tell("module", {{"description", library.description},
                  {"manufacturer", library.manufacturer},
                  {"version", std::to_string(library.major) + "." + std::to_string(library.minor)}});
}

void tell_token(pkcs11::Module& module, const pkcs11::TokenInfo& token) {
  const auto described = pkcs11::describe_token(module, token.slot);
  Json mechanisms = Json::array();
  for (const auto& mechanism : pkcs11::describe_mechanisms(module, token.slot))
    mechanisms.push_back({{"number", mechanism.number},
                          {"name", mechanism.name},
                          {"min_key_size", mechanism.smallest},
                          {"max_key_size", mechanism.largest},
                          {"flags", mechanism.flags}});
  tell("token", {{"uri", pkcs11::uri_of(token).to_string()},
                 {"label", token.label},
                 {"manufacturer", token.identity.manufacturer},
                 {"model", token.identity.model},
                 {"serial", token.identity.serial},
                 {"initialized", token.initialized},
                 {"hardware_version", described.hardware},
                 {"firmware_version", described.firmware},
                 {"flags", described.flags},
                 {"mechanisms", std::move(mechanisms)}});
}

void tell_objects(const std::shared_ptr<pkcs11::Module>& module, const pkcs11::TokenInfo& token,
                  const SecureBuffer& pin) {
  const auto session = pkcs11::Session::open(module, token.slot, pkcs11::Access::read_only);
  if (token.login_required) session->login(pkcs11::User::user, pin.view());
  for (const auto& object : pkcs11::fingerprints(*module, token.slot))
    tell("object", {{"kind", object.kind},
                    {"id", to_hex(object.id)},
                    {"label", object.label},
                    {"certificate_sha256", to_hex(object.certificate_digest)},
                    {"digest", to_hex(object.digest)}});
}

/// The PIN is of one token: at any other it would be a wrong one.
pkcs11::TokenInfo the_one_of(std::vector<pkcs11::TokenInfo> tokens) {
  std::erase_if(tokens, [](const auto& token) { return !token.initialized; });
  if (tokens.empty()) fail(Reason::token_not_found, "there is no token for this PIN");
  if (tokens.size() > 1)
    fail(Reason::token_ambiguous, "the PIN is not tried at " + std::to_string(tokens.size()) + " tokens");
  return tokens.front();
}

/// Refuses before the log-in what the worker refuses.
void check_pin(const messages::Job& job, const pkcs11::TokenInfo& token, const SecureBuffer& pin) {
  const auto report =
      renewal::report_token(job.module, token, renewal::profile_of(TokenProfileName::generic));
  if (auto why = pin_is_unusable(report)) throw FailureError(std::move(*why));
  if (!token.login_required) return;
  const PinConsent consent{.final_try = job.insist_final_try, .count_low = job.insist_count_low};
  if (auto why = why_pin_is_not_tried(report, PinCharacters::any, pin.empty() ? nullptr : &pin, consent))
    throw FailureError(std::move(*why));
}

void look() {
  JobInput input(standard_handle(StandardStream::input));
  const auto job = messages::parse_job(input.job_line());
  SecureBuffer pin;
  for (const auto kind : job.secrets) {
    SecureBuffer secret = input.secret_frame();
    if (kind == messages::SecretKind::pin) pin = std::move(secret);
  }
  lead_nowhere(StandardStream::input);
  const auto uri = pkcs11::Uri::parse(job.token_uri.empty() ? "pkcs11:" : job.token_uri);
  const auto found = found_by(job.module);
  if (!std::filesystem::exists(found.path)) fail(Reason::module_not_found, found.path.string());
  check_nobody_else_writes(found.path);
  const auto module = pkcs11::Module::load(found.path, found.reserved);
  tell_module(*module);
  auto tokens = module->tokens();
  std::erase_if(tokens, [&](const auto& token) { return !pkcs11::describes(uri, *module, token); });
  for (const auto& token : tokens) tell_token(*module, token);
  if (pin.empty() && !job.protected_path) return;
  const pkcs11::TokenInfo token = the_one_of(std::move(tokens));
  check_pin(job, token, pin);
  tell_objects(module, token, pin);
}

}  // namespace

int main(int argc, char** /*argv*/) {
  begin_program();
  if (argc > 1) return info(Reason::usage_error).exit_code;
  int exit_code = 0;
  try {
    take_streams();
    hardening::protect_process();
    process_tree::adopt_orphans();
    log::configure("koshin-module-look", LogLevel::error);
    messages::Event last = messages::InspectResult{};
    try {
      look();
    } catch (const UnsafeFile& error) {
      last = Failure{Reason::module_unsafe, error.what(), {}};
    } catch (const std::exception& error) {
      last = renewal::as_failure(error);
    }
    if (const auto* failure = std::get_if<Failure>(&last)) exit_code = failure->exit_code();
    write_event(last);
  } catch (const std::exception&) {  // whoever reads the events sees that the last one is missing
    exit_code = info(Reason::internal_error).exit_code;
  }
  process_tree::end_process(exit_code);
}
