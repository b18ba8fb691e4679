// SPDX-License-Identifier: MIT
// A token whose certificate koshin has just renewed, and what another module shows of it: one that did not
// write the certificate, or the one that did in the hands of a program that is not koshin.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "card_stage.hpp"
#include "module_stage.hpp"
#include "program_run.hpp"
#include "support/soft_hsm.hpp"

namespace koshin::cards {

/// The token, the module that koshin has renewed it with, and the module that programs look at it with.
enum class View {
  soft_hsm,        ///< SoftHSM, with its own module
  card_by_ykcs11,  ///< a PIV card, with ykcs11, which koshin has used too
  card_by_opensc   ///< the same card, with OpenSC
};
void PrintTo(View view, std::ostream* out);
std::string name_of(View view);

/// Slots 82 to 95.
bool is_for_retired_keys(unsigned slot);

/// An object as pkcs11-tool lists it.
struct SeenObject {
  std::string label;
  std::string id;  ///< CKA_ID in hexadecimal
  /// "%6B%6F…", as a PKCS#11 URI has it
  std::string id_in_uri() const;
};

class RenewedToken {
 public:
  /// Why there can be none here; empty when there can.
  static std::string missing(View view);
  /// Renews. Throws std::runtime_error when koshin does not. `key_history`: the card centre has told the card
  /// to say how many keys lie in its slots for retired ones.
  explicit RenewedToken(View view, bool key_history = true, Algorithm algorithm = Algorithm::ec_p256);
  /// A software token that is not renewed before renew().
  static std::unique_ptr<RenewedToken> not_yet(Algorithm algorithm);
  void renew();

  const std::filesystem::path& module() const { return module_; }
  const std::filesystem::path& path() const { return path_; }
  const std::string& pin() const { return pin_; }
  /// Deletes the certificate that was renewed; a renewal that ended in that one's slot has left none. Throws
  /// std::runtime_error when koshin does not.
  void prune();
  /// As pkcs11-tool lists it through the module.
  std::string token_label() const;
  const messages::CertificateReport& certificate() const { return certificate_; }
  /// The card's slot in which the renewal has ended.
  unsigned slot();

  /// The renewed certificate through the module: the same bytes, not only the same name. Empty when the
  /// module does not show it.
  std::optional<SeenObject> seen_certificate() const;
  /// Whether the module shows a private key with the certificate's CKA_ID to whoever has the PIN.
  bool shows_private_key() const;

  test::TestBank& bank() { return card_ ? card_->bank() : software_->bank(); }
  /// "34567", of https://localhost:34567
  std::string port();
  /// The serial numbers of all that has logged in at the bank, in order.
  std::vector<std::string> logins();

 private:
  explicit RenewedToken(Algorithm algorithm);
  void make_software(Algorithm algorithm);
  void renew_card(bool key_history, Algorithm algorithm);
  std::vector<std::string> tool(const std::vector<std::string>& arguments) const;

  View view_;
  test::TemporaryDirectory temporary_;
  std::filesystem::path path_ = temporary_.path();
  std::filesystem::path module_;
  std::string pin_;
  messages::CertificateReport certificate_;
  std::optional<CardStage> card_;
  std::optional<ModuleStage> software_;
  std::optional<test::SoftHsm> hsm_;
};

}  // namespace koshin::cards
