// SPDX-License-Identifier: MIT
// Opens what settings name, with the readers and the guards that the jobs have.
#include "cli/named_files.hpp"

#include "foundation/secrets/secret_input.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin::cli {
namespace {

namespace fs = std::filesystem;

/// Runs one look and keeps what it throws.
class Looker {
 public:
  void file(const char* key, const fs::path& path, std::size_t largest) {
    if (path.empty()) return;
    look(key, [&] {
      if (!read_guarded_file(path, Guard::write, largest))
        throw std::runtime_error(path.string() + ": there is no such file");
    });
  }
  void password(const char* key, const fs::path& path) {
    if (!path.empty()) look(key, [&] { (void)read_password_file(path, key); });
  }
  void module(const std::string& name) {
    if (name.starts_with('/')) look("token.modules", [&] { check_library(name); });
  }
  void pin_source(const std::string& token_uri) {
    if (const auto source = pin_source_of(token_uri))
      look("token.uri", [&] { (void)pin_source_stamp(*source); });
  }
  std::vector<UnusableFile> take() { return std::move(found_); }

 private:
  void look(const std::string& key, const auto& open) {
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
  Looker looker;
  for (const std::string& module : settings.token.modules) looker.module(module);
  looker.pin_source(settings.token.uri);
  looker.file("authority.trust_anchors", settings.authority.trust_anchors, largest_anchors_file);
  looker.file("authority.issuer_anchors", settings.authority.issuer_anchors, largest_anchors_file);
  looker.password("authority.http_password_file", settings.authority.http_password_file);
  looker.password("proxy.password_file", settings.proxy.password_file);
  looker.file("proxy.trust_anchors", settings.proxy.trust_anchors, largest_anchors_file);
  looker.password("mail.password_file", settings.mail.password_file);
  looker.file("mail.trust_anchors", settings.mail.trust_anchors, largest_anchors_file);
  looker.file("branding.logo", settings.branding.logo, largest_logo_file);
  return looker.take();
}

}  // namespace koshin::cli
