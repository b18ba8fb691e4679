// SPDX-License-Identifier: MIT
// Who is who on Windows, and what is private to the user.
#pragma once

#include <memory>
#include <string>

namespace koshin {

/// "S-1-5-21-…": the user of this process. Throws std::system_error.
std::string own_sid();
/// Whether this process may do whatever an administrator may (an elevated one).
bool is_elevated() noexcept;
/// Whether what the user of this process owns is an administrator's: one whose every process is elevated
/// (User Account Control is off for it). What belongs to a user with two tokens may have been written by the
/// lesser one.
bool owns_as_administrator() noexcept;

/// SECURITY_ATTRIBUTES of something that the user, administrators and the system may use, and nobody else;
/// nothing is inherited from the folder, and no child inherits the handle. Throws std::system_error.
class PrivateToUser {
 public:
  PrivateToUser();
  ~PrivateToUser();
  PrivateToUser(const PrivateToUser&) = delete;
  PrivateToUser& operator=(const PrivateToUser&) = delete;
  /// A SECURITY_ATTRIBUTES*, valid as long as this object.
  void* attributes() const noexcept;
  /// Its PACL.
  void* access_list() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin
