// SPDX-License-Identifier: MIT
// A file that redirects the browser to the page. Every user can read command lines, so the browser gets the
// file's name, and only this user can read the file with the page's address.
#pragma once

#include <memory>
#include <string>

namespace koshin::ui {

class RedirectFile {
 public:
  /// Creates the file below the user's runtime folder (0600), after removing files of killed programs. Null,
  /// with a log entry, when the file cannot be created.
  static std::unique_ptr<RedirectFile> make(const std::string& url);
  /// Removes the file.
  virtual ~RedirectFile() = default;
  /// The file:// address.
  virtual std::string address() const = 0;
};

}  // namespace koshin::ui
