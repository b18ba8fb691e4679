// SPDX-License-Identifier: MIT
// Opens the files that settings name, with the readers and checks of the jobs.
#include "desk_check/named_files.hpp"

#include <algorithm>

#include "foundation/base/path_text.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/settings/proxy_naming.hpp"
#include "foundation/settings/proxy_script_file.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/system/dangling_link.hpp"
#include "foundation/system/file_access.hpp"
#include "hooks/hook_files.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

/// Empty for a folder that can be listed, and for one that is not there and that nobody has named (`meant`).
std::string why_not_listed(const fs::path& folder, bool meant) {
  if (folder.empty()) return {};
  std::error_code error;
  const fs::directory_iterator listed(folder, error);
  if (!error) return {};
  if (error != std::errc::no_such_file_or_directory) return error.message();
  if (std::string why = why_leads_nowhere(folder); !why.empty()) return why;
  return meant ? "there is no such folder" : "";
}

/// Runs each check and collects the errors.
class FileCheck {
 public:
  void file(const char* key, const fs::path& path, std::size_t largest) {
    if (path.empty()) return;
    check(key, path.string(), [&] {
      if (!read_guarded_file(path, Guard::write, largest))
        throw std::runtime_error(path.string() + ": there is no such file");
    });
  }
  void password(const char* key, const fs::path& path) {
    if (!path.empty()) check(key, path.string(), [&] { (void)read_password_file(path, key); });
  }
  void module(const std::string& name) {
    if (const fs::path path = path_of(name); path.is_absolute())
      check("token.modules", name, [&] { check_library(path); });
  }
  void pin_source(const std::string& token_uri) {
    if (const auto source = pin_source_of(token_uri))
      check("token.uri", *source, [&] { (void)pin_source_stamp(*source); });
  }
  /// `meant`: a settings file names this folder.
  void hooks(const fs::path& folder, bool meant) {
    if (std::string why = why_not_listed(folder, meant); !why.empty())
      found_.unusable.push_back({"hooks.directory", folder.string() + ": " + std::move(why)});
    for (koshin::hooks::RefusedHook& hook : koshin::hooks::look_for_hooks(folder).refused)
      found_.unusable.push_back({"hooks.directory", std::move(hook.why)});
  }
  NamedFiles take() { return std::move(found_); }

 private:
  void check(const std::string& key, const std::string& file, const auto& open) {
    found_.opened.push_back(file);
    try {
      open();
    } catch (const FailureError& error) {
      found_.unusable.push_back({key, error.failure().detail});
    } catch (const std::exception& error) {
      found_.unusable.push_back({key, error.what()});
    }
  }
  NamedFiles found_;
};

}  // namespace

NamedFiles look_at_named_files(const Settings& settings) {
  FileCheck files;
  for (const std::string& module : settings.token.modules) files.module(module);
  files.pin_source(settings.token.uri);
  files.file("authority.trust_anchors", settings.authority.trust_anchors, largest_anchors_file);
  files.file("authority.issuer_anchors", settings.authority.issuer_anchors, largest_anchors_file);
  files.password("authority.http_password_file", settings.authority.http_password_file);
  if (const auto script = proxy_script_file(who_names_proxy(settings.proxy).script))
    files.file("proxy.url", *script, longest_proxy_script);
  files.password("proxy.password_file", settings.proxy.password_file);
  files.file("proxy.trust_anchors", settings.proxy.trust_anchors, largest_anchors_file);
  files.password("mail.password_file", settings.mail.password_file);
  files.file("mail.trust_anchors", settings.mail.trust_anchors, largest_anchors_file);
  files.file("branding.logo", settings.branding.logo, largest_logo_file);
  const bool meant = std::ranges::any_of(
      settings.origins, [](const auto& origin) { return origin.first == "hooks.directory"; });
  files.hooks(settings.hooks.directory, meant);
  return files.take();
}

}  // namespace koshin::desk_check
