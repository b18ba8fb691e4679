// SPDX-License-Identifier: MIT
// A program holds a lock on its file while it runs: an unlocked file was left behind.
#include "redirect_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "foundation/base/language.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/texts/desk.hpp"
#include "random.hpp"

namespace koshin::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "page-", suffix = ".html";
constexpr int most_attempts = 20;  // each concurrent start spoils at most one attempt

/// A descriptor, closed by its destructor.
class OpenFile {
 public:
  OpenFile(const fs::path& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  OpenFile& operator=(OpenFile&&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  bool lock() const { return flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }
  /// False when the file was removed.
  bool has_name() const {
    struct stat status {};
    return fstat(descriptor_, &status) == 0 && status.st_nlink > 0;
  }
  bool write(std::string_view text) const {
    return ::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }

 private:
  int descriptor_;
};

std::string file_address(const fs::path& path) {
  std::string address = "file://";
  for (const char character : path.string()) {
    const auto byte = static_cast<unsigned char>(character);
    char text[4];
    const bool plain =
        std::isalnum(byte) != 0 || std::string_view("/-_.~").find(character) != std::string::npos;
    std::snprintf(text, sizeof text, plain ? "%c" : "%%%02X", static_cast<unsigned>(byte));
    address += text;
  }
  return address;
}

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
    const OpenFile file(entry.path(), O_RDONLY | O_NONBLOCK);  // do not wait for a named pipe
    if (file.is_open() && file.lock()) unlink(entry.path().c_str());
  }
}

class LockedFile final : public RedirectFile {
 public:
  LockedFile(fs::path path, OpenFile file) : path_(std::move(path)), file_(std::move(file)) {}
  ~LockedFile() override { unlink(path_.c_str()); }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  std::string address() const override { return file_address(path_); }

 private:
  fs::path path_;
  OpenFile file_;
};

[[noreturn]] void fail_with(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

/// Null when a concurrently starting program has removed the file before it was locked, as if left behind.
std::unique_ptr<RedirectFile> write_file(const fs::path& folder, const std::string& content) {
  const fs::path path = folder / (std::string(prefix) + random_secret().substr(0, 12) + std::string(suffix));
  OpenFile file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.is_open()) fail_with(path);
  if (!file.lock()) {
    if (errno != EWOULDBLOCK) fail_with(path);
    unlink(path.c_str());
    return nullptr;
  }
  if (!file.has_name()) return nullptr;
  const bool written = file.write(content);
  auto made = std::make_unique<LockedFile>(path, std::move(file));
  if (!written) fail_with(path);
  return made;
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
