// SPDX-License-Identifier: MIT
// A page in a file that sends the browser on. A command line can be read by everybody on the machine, so the
// browser is given the file's name, and only this user can read the file with the page's address.
#pragma once

#include <memory>
#include <string>

namespace koshin::ui {

class RedirectFile {
 public:
  /// Below the user's runtime folder, 0600. First removes what programs that were killed have left there.
  /// Null, and a line in the log, when no such file can be made.
  static std::unique_ptr<RedirectFile> make(const std::string& url);
  /// Removes the file.
  virtual ~RedirectFile() = default;
  /// As a file:// address.
  virtual std::string address() const = 0;
};

}  // namespace koshin::ui
