// SPDX-License-Identifier: MIT
// koshin-provision DIR DAYS: a SoftHSM token in DIR/softhsm with a certificate that expires in DAYS days,
// from the bank that it founds in DIR/bank. Prints shell assignments.
#include <cstdlib>
#include <iostream>

#include "support/provisioning.hpp"

int main(int argc, char** argv) {
  using namespace koshin;
  if (argc != 3) {
    std::cerr << "usage: koshin-provision DIR DAYS\n";
    return 2;
  }
  try {
    const std::filesystem::path directory = argv[1];
    const int days = std::stoi(argv[2]);
    const std::string label = "Sakura Corp";
    test::SoftHsm hsm(directory / "softhsm");
    hsm.init_token(label);
    test::TestBank bank(directory / "bank");
    test::provision(hsm, label, bank, pkcs11::KeyAlgorithm::ec_p256, days);
    std::cout << "SOFTHSM2_CONF=" << hsm.configuration().string()
              << "\nMODULE=" << test::SoftHsm::module().string() << "\nANCHORS=" << bank.anchors().string()
              << "\nPIN=" << test::SoftHsm::default_pin << "\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "koshin-provision: " << error.what() << "\n";
    return 1;
  }
}
