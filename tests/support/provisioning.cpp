// SPDX-License-Identifier: MIT
// Keys are made through koshin's own token code, as a bank's card centre would with its own.
#include "support/provisioning.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

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

void provision_others(SoftHsm& hsm, const std::string& token_label, TestBank& bank, int count) {
  const pkcs11::EvpPkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  unsigned char* memory = nullptr;
  const int size = i2d_PUBKEY(key.get(), &memory);
  const Bytes spki(memory, memory + std::max(size, 0));
  OPENSSL_free(memory);
  const auto module = pkcs11::Module::load(SoftHsm::module());
  const auto session =
      pkcs11::Session::open(module, slot_of(*module, token_label), pkcs11::Access::read_write);
  const auto& pin = hsm.pin(token_label);
  session->login(pkcs11::User::user, {pin.data(), pin.size()});
  for (int i = 0; i < count; ++i) {
    const auto certificate = bank.issue(spki, "correspondent " + std::to_string(i), 200);
    session->write_certificate(certificate, random_id(), "correspondent");
  }
}

namespace {

/// A file that only its owner can read, in place of one of the same name.
void write_own_file(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::remove(file);
  std::ofstream(file) << text;
  using std::filesystem::perms;
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
}

std::string modules() {
  return "token.modules = [\"" + SoftHsm::module().string() + "\"]\n";
}

}  // namespace

std::filesystem::path write_settings(const std::filesystem::path& directory, const TestBank& bank,
                                     const std::string& extra) {
  std::string text;
  const auto set = [&](const std::string& key, const std::string& line) {
    const bool replaced = ("\n" + extra).find("\n" + key + " ") != std::string::npos;
    if (!replaced) text += line;
  };
  const auto quoted = [](const std::string& key, const std::string& value) {
    return key + " = \"" + value + "\"\n";
  };
  set("token.modules", modules());
  set("authority.url", quoted("authority.url", bank.url()));
  set("authority.trust_anchors", quoted("authority.trust_anchors", bank.anchors().string()));
  set("authority.prove_url", quoted("authority.prove_url", bank.url() + "/login"));
  // Tests that count calls, and interrupt one, know of the object of a renewal and of no other; the trial has
  // tests of its own.
  set("token.trial_object", quoted("token.trial_object", "never"));
  write_own_file(directory / "koshin.toml", text + extra + "\n");
  return directory / "koshin.toml";
}

std::string bank_section(const std::string& name, const TestBank& bank, const std::string& issuer_pattern) {
  return "[[bank]]\nname = \"" + name + "\"\n[bank.authority]\nurl = \"" + bank.url() +
         "\"\ntrust_anchors = \"" + bank.anchors().string() + "\"\nprove_url = \"" + bank.url() +
         "/login\"\n[bank.expect]\nissuer_pattern = \"" + issuer_pattern + "\"\n";
}

std::filesystem::path write_settings_of_banks(const std::filesystem::path& directory, const std::string& keys,
                                              const std::string& sections) {
  write_own_file(directory / "koshin.toml", modules() + keys + "\n" + sections);
  return directory / "koshin.toml";
}

}  // namespace koshin::test
