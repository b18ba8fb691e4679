// SPDX-License-Identifier: MIT
// Opens the files that settings name, with the readers and checks of the jobs.
#include "cli/named_files.hpp"

#include "foundation/secrets/secret_input.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/system/file_access.hpp"
#include "hooks/hook_files.hpp"

namespace koshin::cli {
namespace {

namespace fs = std::filesystem;

/// Runs each check and collects the errors.
class FileCheck {
 public:
  void file(const char* key, const fs::path& path, std::size_t largest) {
    if (path.empty()) return;
    check(key, [&] {
      if (!read_guarded_file(path, Guard::write, largest))
        throw std::runtime_error(path.string() + ": there is no such file");
    });
  }
  void password(const char* key, const fs::path& path) {
    if (!path.empty()) check(key, [&] { (void)read_password_file(path, key); });
  }
  void module(const std::string& name) {
    if (name.starts_with('/')) check("token.modules", [&] { check_library(name); });
  }
  void pin_source(const std::string& token_uri) {
    if (const auto source = pin_source_of(token_uri))
      check("token.uri", [&] { (void)pin_source_stamp(*source); });
  }
  void hooks(const fs::path& folder) {
    for (hooks::RefusedHook& hook : hooks::look_for_hooks(folder).refused)
      found_.push_back({"hooks.directory", std::move(hook.why)});
  }
  std::vector<UnusableFile> take() { return std::move(found_); }

 private:
  void check(const std::string& key, const auto& open) {
    try {
      open();
    } catch (const FailureError& error) {
      found_.push_back({key, error.failure().detail});
    } catch (const std::exception& error) {
      found_.push_back({key, error.what()});
    }
  }
  std::vector<UnusableFile> found_;
};

}  // namespace

std::vector<UnusableFile> unusable_files(const Settings& settings) {
  FileCheck files;
  for (const std::string& module : settings.token.modules) files.module(module);
  files.pin_source(settings.token.uri);
  files.file("authority.trust_anchors", settings.authority.trust_anchors, largest_anchors_file);
  files.file("authority.issuer_anchors", settings.authority.issuer_anchors, largest_anchors_file);
  files.password("authority.http_password_file", settings.authority.http_password_file);
  files.password("proxy.password_file", settings.proxy.password_file);
  files.file("proxy.trust_anchors", settings.proxy.trust_anchors, largest_anchors_file);
  files.password("mail.password_file", settings.mail.password_file);
  files.file("mail.trust_anchors", settings.mail.trust_anchors, largest_anchors_file);
  files.file("branding.logo", settings.branding.logo, largest_logo_file);
  files.hooks(settings.hooks.directory);
  return files.take();
}

}  // namespace koshin::cli
