// SPDX-License-Identifier: MIT
// The token while a job works on it: one lock, one session, one login, one look at its objects.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "pkcs11/error.hpp"
#include "pkcs11/session.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/token_finder.hpp"

namespace koshin::renewal {

/// Everything that the token's flags forbid, found out before a PIN is tried: locked, final try, not set, to
/// be changed, no PIN given, one that cannot be right (TokenProfile::objection()). Throws
/// FailureError{pin_…}, {secret_unusable}; a low counter becomes a NoticeEvent.
void check_pin_state(const JobContext& context, const pkcs11::TokenInfo& token);

class OpenToken {
 public:
  /// Takes the lock of this token across processes, asks the token nothing. Throws FailureError{token_busy}.
  OpenToken(const JobContext& context, FoundToken found);
  /// Whoever has logged in leaves behind what was seen, for those who see less.
  ~OpenToken();
  OpenToken(const OpenToken&) = delete;
  OpenToken& operator=(const OpenToken&) = delete;

  /// Opens the session and logs in as the user. Throws FailureError or pkcs11::Error.
  void log_in(pkcs11::Access access);
  /// The session without the login: public objects only.
  void look_without_login();
  /// Makes `user` the one who is logged in: logs out and in again when it is another one.
  void act_as(pkcs11::User user);
  /// Who may make keys and write certificates, by the token's profile. Throws FailureError{so_pin_required},
  /// {so_pin_incorrect}.
  void act_as_maker();
  /// That the PIN which act_as_maker() needs was given and can be tried, by the token's flags: found out
  /// before the user's is tried. Throws FailureError{so_pin_required}, {so_pin_incorrect}.
  void check_maker() const;
  /// Asks the token, after a time in which anything may have happened to it: suspend, reset, removal.
  bool still_logged_in();

  bool is_open() const { return session_ != nullptr; }
  /// Whether objects() holds the private ones.
  bool sees_private_keys() const { return is_open() && (logged_in_ || !found_.info.login_required); }
  pkcs11::Session& session() { return *session_; }
  /// All objects, searched once after log_in().
  const std::vector<pkcs11::TokenObject>& objects() const { return objects_; }
  /// Keeps objects() true after something was made.
  void add(pkcs11::TokenObject object) { objects_.push_back(std::move(object)); }
  void forget(std::uint64_t handle);

  /// Whether the module is known to say that it deletes keys, and to keep them where they do not show before
  /// it is loaded anew.
  bool keeps_deleted_keys() const;

  const pkcs11::TokenInfo& info() const { return found_.info; }
  /// What koshin knows of this kind of token.
  const TokenProfile& profile() const { return profile_; }
  const TokenKey& key() const { return key_; }
  /// What is on it; without the login, together with what a look with the PIN has found before.
  messages::TokenReport report() const;

 private:
  void present_pin(pkcs11::User user);
  /// For a key that wants the PIN for each signature.
  void present_pin_again(const std::function<void(pkcs11::PinView)>& use) const;
  [[noreturn]] void explain_refused_pin(const pkcs11::Error& error) const;
  /// Asks the module anew: what it answers to a log-in at a reader whose token was taken away may sound like
  /// the PIN's fault.
  bool is_still_there() const;

  const JobContext& context_;
  const TokenProfile& profile_;
  FoundToken found_;
  TokenKey key_;
  std::unique_ptr<TokenLock> lock_;
  std::unique_ptr<pkcs11::Session> session_;
  std::optional<pkcs11::User> logged_in_;
  std::vector<pkcs11::TokenObject> objects_;
  bool blind_keys_told_ = true;
  bool all_seen_ = false;  ///< with the PIN, so that it is worth remembering
};

}  // namespace koshin::renewal
