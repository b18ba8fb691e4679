// SPDX-License-Identifier: MIT
// What the person is asked before a renewal begins, and what was answered already for this token.
#pragma once

namespace koshin::ui {

class Consent {
 public:
  enum class Next {
    notice,  ///< when the certificate expires, and whether the renewal can wait
    choice,  ///< where the new key goes, and which one; the renewal begins with it
    renewal  ///< nothing is asked
  };

  /// The token is looked at anew. `proof_left`: another computer has written the new certificate, and its
  /// proof changes nothing on the token.
  void begin(bool proof_left) { given_ = proof_left; }
  void notice_was_read() { notice_read_ = true; }
  /// The person asks again for what was begun.
  void give() { given_ = true; }
  /// The renewal that it was given for has ended.
  void is_used_up() { given_ = false; }
  /// `resumed`: an earlier run is resumed, before which the notice was read.
  Next next(bool resumed) const {
    if (given_) return Next::renewal;
    return notice_read_ || resumed ? Next::choice : Next::notice;
  }

  /// The person has the request repeated that the authority has answered wrongly.
  void insist() { insists_ = true; }
  /// That was about another certificate.
  void insist_no_more() { insists_ = false; }
  bool insists() const { return insists_; }

 private:
  bool notice_read_ = false, given_ = false, insists_ = false;
};

}  // namespace koshin::ui
