// SPDX-License-Identifier: MIT
// The file's name and contents.
#include "notice_file.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>

#include "foundation/base/file_uri.hpp"
#include "foundation/base/markup.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::ui {

namespace {

/// Not "page-…": RedirectFile removes what was left of those.
constexpr std::string_view file_name = "notice.html";

std::string document_of(const Notice& notice) {
  const std::string title = as_markup(notice.title);
  return "<!doctype html>\n<html lang=\"" + std::string(info(notice.language).tag) +
         "\">\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         title + "</title>\n<h1>" + title + "</h1>\n<p>" + as_markup(notice.text) + "</p>\n</html>\n";
}

void warn(const std::string& detail) {
  log::warning(log::Event::none, "what there is to tell cannot be given in a file",
               {{"KOSHIN_DETAIL", detail}});
}

}  // namespace

std::string make_notice_file(const Notice& notice) {
  try {
    const std::filesystem::path path = paths::runtime_directory() / file_name;
    write_file_atomically(path, document_of(notice));
    return file_uri(path);
  } catch (const FailureError& error) {
    warn(error.failure().detail);
  } catch (const std::system_error& error) {
    warn(error.what());
  }
  return {};
}

}  // namespace koshin::ui
