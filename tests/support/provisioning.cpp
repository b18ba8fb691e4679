// SPDX-License-Identifier: MIT
// Keys are made through koshin's own token code, as a bank's card centre would with its own.
#include "support/provisioning.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <random>
#include <stdexcept>

#include "pkcs11/session.hpp"

namespace koshin::test {
namespace {

Bytes random_id() {
  std::random_device source;
  Bytes id(16);
  std::generate(id.begin(), id.end(), [&] { return static_cast<std::uint8_t>(source()); });
  return id;
}

std::uint64_t slot_of(pkcs11::Module& module, const std::string& label) {
  for (const auto& token : module.tokens()) {
    if (token.label == label) return token.slot;
  }
  throw std::runtime_error("no token is called " + label);
}

Bytes provision_with(SoftHsm& hsm, const std::string& token_label, pkcs11::KeyAlgorithm algorithm,
                     const std::string& cn, const std::function<Bytes(ByteView spki)>& issue) {
  const auto module = pkcs11::Module::load(SoftHsm::module());
  const auto session =
      pkcs11::Session::open(module, slot_of(*module, token_label), pkcs11::Access::read_write);
  const auto& pin = hsm.pin(token_label);
  session->login(pkcs11::User::user, {pin.data(), pin.size()});
  const auto id = random_id();
  const auto pair = session->generate_key_pair(algorithm, id, cn);
  const auto certificate = issue(pair.public_key.public_key);
  session->write_certificate(certificate, id, cn);
  session->logout();
  return certificate;
}

}  // namespace

Bytes provision(SoftHsm& hsm, const std::string& token_label, TestBank& bank, pkcs11::KeyAlgorithm algorithm,
                int days_left, const std::string& cn, const std::string& san) {
  return provision_with(hsm, token_label, algorithm, cn,
                        [&](ByteView spki) { return bank.issue(spki, cn, days_left, 353, san); });
}

Bytes provision_as(SoftHsm& hsm, const std::string& token_label, TestBank& bank, const TestBank::Order& order,
                   pkcs11::KeyAlgorithm algorithm, int days_left) {
  return provision_with(hsm, token_label, algorithm, default_user,
                        [&](ByteView spki) { return bank.issue_as(order, spki, default_user, days_left); });
}

std::filesystem::path write_settings(const std::filesystem::path& directory, const TestBank& bank,
                                     const std::string& extra) {
  const auto file = directory / "koshin.toml";
  std::filesystem::remove(file);
  std::ofstream out(file);
  const auto set = [&](const std::string& key, const std::string& value) {
    const bool replaced = ("\n" + extra).find("\n" + key + " ") != std::string::npos;
    if (!replaced) out << key << " = " << value << '\n';
  };
  set("token.modules", "[\"" + SoftHsm::module().string() + "\"]");
  set("authority.url", "\"" + bank.url() + "\"");
  set("authority.trust_anchors", "\"" + bank.anchors().string() + "\"");
  set("authority.prove_url", "\"" + bank.url() + "/login\"");
  out << extra << '\n';
  out.close();
  using std::filesystem::perms;
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
  return file;
}

}  // namespace koshin::test
