// SPDX-License-Identifier: MIT
// The file's name and contents.
#include "redirect_file.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "foundation/base/file_uri.hpp"
#include "foundation/base/language.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/random.hpp"
#include "foundation/texts/desk.hpp"
#include "kept_file.hpp"

namespace koshin::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "page-", suffix = ".html";
constexpr int most_attempts = 20;  // each concurrent start spoils at most one attempt

/// In all languages, the desktop's first: "電子証明書の更新 / Certificate renewal".
std::string link_text() {
  std::string text(texts::desk_link.in(language_of_desktop));
  for (const LanguageRow& row : languages) {
    if (row.language != language_of_desktop) text.append(" / ").append(texts::desk_link.in(row.language));
  }
  return text;
}

/// Works without script as well. The address is ours and holds no character that means anything here.
std::string page_that_leads_to(const std::string& url) {
  return "<!doctype html>\n<html lang=\"" + std::string(info(language_of_desktop).tag) +
         "\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta http-equiv=\"refresh\" content=\"0;url=" +
         url + "\">\n<title>koshin</title>\n<p><a href=\"" + url + "\">" + link_text() +
         "</a></p>\n</html>\n";
}

void remove_what_was_left(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
    KeptFile::remove_if_left(entry.path());
  }
}

class LeadingFile final : public RedirectFile {
 public:
  LeadingFile(const fs::path& path, std::unique_ptr<KeptFile> file)
      : address_(file_uri(path)), file_(std::move(file)) {}
  std::string address() const override { return address_; }

 private:
  std::string address_;
  std::unique_ptr<KeptFile> file_;
};

/// Null when a program that starts at the same time has removed the file.
std::unique_ptr<RedirectFile> write_file(const fs::path& folder, const std::string& content) {
  const fs::path path = folder / (std::string(prefix) + random_secret().substr(0, 12) + std::string(suffix));
  auto file = KeptFile::make(path, content);
  return file ? std::make_unique<LeadingFile>(path, std::move(file)) : nullptr;
}

}  // namespace

std::unique_ptr<RedirectFile> RedirectFile::make(const std::string& url) {
  try {
    const fs::path folder = paths::runtime_directory();
    remove_what_was_left(folder);
    const std::string content = page_that_leads_to(url);
    for (int attempt = 0; attempt < most_attempts; ++attempt)
      if (auto file = write_file(folder, content)) return file;
    log::warning(log::Event::none, "the page's address cannot be given in a file: others remove it");
  } catch (const FailureError& error) {
    log::warning(log::Event::none, "the page's address cannot be given in a file",
                 {{"KOSHIN_DETAIL", error.failure().detail}});
  } catch (const std::system_error& error) {
    log::warning(log::Event::none, "the page's address cannot be given in a file",
                 {{"KOSHIN_DETAIL", error.what()}});
  }
  return nullptr;
}

}  // namespace koshin::ui
