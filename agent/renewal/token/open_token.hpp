// SPDX-License-Identifier: MIT
// The token that a job works on: one lock, one session, one login, one reading of its objects.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "pkcs11/error.hpp"
#include "pkcs11/session.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/token/attestation.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/management_key.hpp"
#include "renewal/token/reading.hpp"
#include "renewal/token/token_finder.hpp"

namespace koshin::renewal {

/// Checks the token's flags before a PIN is presented: locked, final try, not set, must be changed, no PIN
/// given, a PIN that cannot be right (TokenProfile::objection()). Throws FailureError{pin_…},
/// {secret_unusable}; a low try counter is reported as a NoticeEvent.
void check_pin_state(const JobContext& context, const pkcs11::TokenInfo& token);

/// Whether the PIN is typed on the reader's pin pad.
bool uses_pin_pad(const JobContext& context, const pkcs11::TokenInfo& token);

class OpenToken {
 public:
  /// Takes the lock of this token across processes and does not access the token. Throws
  /// FailureError{token_busy}.
  OpenToken(const JobContext& context, FoundToken found);
  /// After a login, saves a snapshot of all objects to the journal for jobs without the PIN. Ends the
  /// session, and empties the slot of empty_when_done().
  ~OpenToken();
  OpenToken(const OpenToken&) = delete;
  OpenToken& operator=(const OpenToken&) = delete;

  /// Opens the session, logs in as the user, and reads all objects, or those that concern `interest`
  /// (renewal/token/reading.hpp). Throws FailureError or pkcs11::Error; for read_write access also as
  /// check_writing_obstacle() and check_all_read() do.
  void log_in(pkcs11::Access access, const Interest& interest = {});
  /// Opens a read-only session without a login: objects() holds public objects only.
  void open_without_login();
  /// Opens a read-write session without a login in which the PIN is set; reads no objects. Throws
  /// FailureError{token_write_protected}.
  void open_to_set_pin();
  /// Logs in as `user`; logs out first when another user is logged in.
  void switch_user(pkcs11::User user);
  /// Logs in as the role that manages keys, by the token's profile. Throws FailureError{so_pin_required},
  /// {so_pin_incorrect}, {management_key_unsupported}.
  void act_as_key_manager();
  /// Checks that the secret for act_as_key_manager() was given, or is to be had with the user's PIN, and may
  /// be presented by the token's flags, before the user's PIN is presented. Throws
  /// FailureError{so_pin_required}, {so_pin_incorrect}, {management_key_unsupported}, {token_removed}.
  void check_key_manager();
  /// Whether check_key_manager() finds a secret; says nothing of the token's flags.
  bool has_key_manager_secret() const;
  /// Has the private key in this slot of a card deleted once the session is over, where that is possible.
  /// Until then, and where it is not possible, the key stays.
  void empty_when_done(std::uint8_t slot) { slot_to_empty_ = slot; }
  /// What the card says of its management key; asked once, before the first session.
  const CardKey& card_key();
  /// Asks the token whether the login is still in force, after a wait that may have included a suspend, a
  /// reset or a removal.
  bool still_logged_in();

  bool is_open() const { return session_ != nullptr; }
  /// Whether objects() includes private objects.
  bool sees_private_keys() const { return is_open() && (logged_in_ || !found_.info.login_required); }
  pkcs11::Session& session() { return *session_; }
  /// The objects that log_in() or open_without_login() has read.
  const std::vector<pkcs11::TokenObject>& objects() const { return objects_; }
  /// Reads the certificates that log_in() has left unread; returns whether there were any. Pointers into
  /// objects() are void afterwards.
  bool read_the_rest();
  /// Adds a created object to objects().
  void add(pkcs11::TokenObject object) { objects_.push_back(std::move(object)); }
  /// What the token's attestation certificates say of its keys. These certificates are not among objects().
  const std::vector<Attestation>& attestations() const { return attestations_; }
  /// Reads the attestation of a slot again, whose key was made anew. Nothing for tokens that attest nothing.
  void read_attestation(pkcs11::ByteView key_id);
  /// Removes a deleted object from objects().
  void forget(std::uint64_t handle);

  /// Whether what the token says of a private key allows the key's use: generated on the token, not
  /// extractable, and usable only after login where the token has one.
  /// Throws FailureError{token_error} when the token could not say it.
  bool accepts(const pkcs11::KeyOrigin& origin) const;
  /// accepts() for a private key of the token, whose origin is asked for. A key that the token attests was
  /// made on it, also where the module does not say so; not where it says the contrary.
  bool accepts_key(const pkcs11::TokenObject& private_key) const;

  /// Whether the module is known (pkcs11/quirks.hpp) to answer CKR_OK to the deletion of a key and keep the
  /// key, hidden until the module is loaded again.
  bool keeps_deleted_keys() const;

  const pkcs11::TokenInfo& info() const { return found_.info; }
  /// Looks whether the token is still in its reader, up to `looks` times with a tenth of a second between
  /// them: the reader service notices a pulled card up to a second late, which late_looks cover. Throws
  /// FailureError{interrupted} when `stop` is asked for meanwhile.
  bool stays_in_reader(int looks = late_looks, const std::stop_token& stop = {}) const;
  static constexpr int late_looks = 15;
  /// Reads info() again; it stays as it was where the token does not answer.
  void look_again();
  pkcs11::Module& module() const { return *found_.module; }
  /// The report of the token without its objects.
  messages::TokenReport report_bare() const;
  /// Throws FailureError{pin_incorrect} or {pin_locked} for a PIN that the token has refused: with what that
  /// has cost, by the token's flags.
  [[noreturn]] void explain_refused_pin(const pkcs11::Error& error) const;
  /// The profile of this kind of token.
  const TokenProfile& profile() const { return profile_; }
  const TokenKey& key() const { return key_; }
  /// The report of the objects that were read; without a login completed from the last snapshot.
  messages::TokenReport report() const;

 private:
  /// Of a token whose serial number says nothing, the slot is reported too (one C_GetSlotInfo).
  void name_slot();
  void present_pin();
  void present_officers_secret();
  /// Presents the PIN for a key with CKA_ALWAYS_AUTHENTICATE.
  void present_pin_again(const std::function<void(pkcs11::PinView)>& use) const;
  /// Tells the person of signatures that wait for a touch, or may.
  void watch_signatures();
  bool is_there() const;
  /// Whether the token is not there (any more), after a failed login of `user`.
  bool is_gone(pkcs11::User user) const;

  const JobContext& context_;
  const TokenProfile& profile_;
  FoundToken found_;
  TokenKey key_;
  std::unique_ptr<TokenLock> lock_;
  std::optional<CardKey> card_key_;
  std::optional<std::uint8_t> slot_to_empty_;
  std::unique_ptr<pkcs11::Session> session_;
  std::optional<pkcs11::User> logged_in_;
  std::vector<pkcs11::TokenObject> objects_;
  std::vector<Attestation> attestations_;
  std::vector<std::uint64_t> unread_;  ///< handles of certificates that are not in objects_
  bool blind_keys_resolved_ = true;
  bool saves_snapshot_ = false;  ///< objects_ includes private objects: a snapshot is saved
};

}  // namespace koshin::renewal
